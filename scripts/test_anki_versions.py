"""Import and update a deck in seven versions of Anki, from 2.1.49 to the newest: `make test-anki`.

    python scripts/test_anki_versions.py                      # all; writes docs/anki-versions.md
    python scripts/test_anki_versions.py --only 24.11         # one; prints its row, writes nothing
    python scripts/test_anki_versions.py --python python3.11  # the Python of the environments

Exit status 1 where a learner would lose a review, get a note twice, miss an update or see an error,
or where a version could not be tried.
"""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anki_versions import DAY, ROOT, STAMP_IMPORTS, Packed, Table, build, read_package, started

CASES = ROOT / "tests" / "cases" / "anki"
DECK = CASES / "every-feature.md"
SHOWCASE = ROOT / "examples"

VERSIONS = ("2.1.49", "2.1.54", "2.1.66", "23.10", "24.11", "25.9.5", "26.9.3")

# The deck and its three versions.


@dataclass(frozen=True)
class Edition:
    """A version of the deck as its author has it on disk, and the numbers of notes that it adds and
    changes.

    `others` are more files of the project, by path, beside the note types and the sound of the
    showcase.
    """

    version: str
    path: str
    text: str
    picture: bytes
    new: int
    changed: int = 0
    others: Mapping[str, str] = field(default_factory=dict)


def replaced(text: str, old: str, new: str) -> str:
    """A text with one passage replaced, which must stand in it once."""
    assert text.count(old) == 1, f"{old!r} must stand once in {DECK.name}"
    return text.replace(old, new)


def without(text: str, heading: str) -> tuple[str, str]:
    """A text without the card of this heading, and that card."""
    card = re.search(rf"^## {re.escape(heading)}.*?\n(?=##? )", text, re.MULTILINE | re.DOTALL)
    assert card is not None, f"{heading!r} must be a card in {DECK.name}"
    return text[: card.start()] + text[card.end() :], card[0]


def editions() -> tuple[Edition, Edition, Edition]:
    """Three versions of a deck with every feature.

    In the second two answers are edited, a question is reworded, a card is added, one is removed,
    one is moved, and the file is renamed. In the third an edited answer is edited again, the
    picture has another content, and the card is back.
    """
    # The oldest versions show no deletion in a deletion; a deck of its own tells which do.
    first, _ = without(DECK.read_text(encoding="utf-8"), "Nested deletions")
    second = replaced(first, "A question and an **answer**", "A question and a better **answer**")
    second = replaced(second, "It is {{c1::Paris}}", "It is, of course, {{c1::Paris}}")
    second = replaced(
        second, "## Which text is compared, if", "## Which text is it compared with, if"
    )
    second, removed = without(second, "What helps without telling?")
    second, moved = without(second, "What must be typed?")
    second = replaced(second, "## What is a basic card?", f"{moved}## What is a basic card?")
    second += "\n## What is new in this version?\n\nThis card.\n"
    third = replaced(second, "a better **answer**", "the best **answer**")
    third = replaced(
        third, "## What does this code print?", f"{removed}## What does this code print?"
    )
    kinds = (CASES / "kinds.md").read_text(encoding="utf-8")
    edited = replaced(replaced(kinds, "\ntree\n", "\na tree\n"), "| dog |", "| dog, hound |")
    edited = replaced(edited, "- [ ] 4", "- [ ] 8")
    # A template and a style of an own note type change with the second version.
    texts = {
        path: (SHOWCASE / path).read_text(encoding="utf-8")
        for path in ("notetypes/vocab/Say.back.html",)
    }
    changed = {path: text.replace("<hr", "<p>…</p><hr") for path, text in texts.items()}
    return (
        Edition("1.0.0", "cards.md", first, b"first", new=27, others={"kinds.md": kinds}),
        Edition(
            "1.1.0",
            "chapters/one.md",
            second,
            b"first",
            new=1,
            changed=6,
            others={"chapters/kinds.md": edited, **changed},
        ),
        Edition(
            "1.2.0",
            "chapters/one.md",
            third,
            b"second",
            new=0,
            changed=2,
            others={"chapters/kinds.md": edited},
        ),
    )


def nested() -> Edition:
    """A deck of the one card that the oldest versions cannot show."""
    _, card = without(DECK.read_text(encoding="utf-8"), "Nested deletions")
    return Edition("1.0.0", "cards.md", card, b"", new=1)


def occlusion() -> Edition:
    """A deck of one image occlusion, which Anki has since 23.10."""
    picture = (SHOWCASE / "media" / "sky.png").read_bytes()
    return Edition(
        "1.0.0", "cards.md", (CASES / "occlusion.md").read_text(encoding="utf-8"), picture, new=1
    )


def renamed() -> tuple[Edition, Edition]:
    """Two versions of a deck with a note type of its own: in the second one field has another name,
    and a spare one is used.
    """
    card = "## der Hund {kind=vocab}\n\ndog\n"
    toml = replaced(
        (SHOWCASE / "notetypes/vocab/notetype.toml").read_text(encoding="utf-8"),
        '"Example", "Source"',
        '"Example"',
    )
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in (SHOWCASE / "notetypes/vocab").glob("*.html")
    }
    source = re.compile(r"\{\{#Source\}\}.*?\{\{/Source\}\}\n?")
    before = {f"notetypes/vocab/{name}": source.sub("", text) for name, text in texts.items()}
    after = {path: text.replace("{{Meaning}}", "{{Sense}}") for path, text in before.items()}
    path = "notetypes/vocab/notetype.toml"
    before[path] = toml
    after[path] = replaced(
        replaced(toml, '"Meaning"', '{ name = "Sense", was = "Meaning" }'),
        '"Example"',
        '"Example", "Sound"',
    )
    second = f"{card}\n### Sound\n\nwuff\n"
    return (
        Edition("1.0.0", "cards.md", card, b"", new=1, others=before),
        Edition("1.1.0", "cards.md", second, b"", new=0, changed=1, others=after),
    )


def release(folder: Path, edition: Edition, at: int) -> Packed:
    """The package of an edition, released at a time in seconds since 1970 over what was released in
    this folder before.
    """
    for old in folder.rglob("*.md"):
        old.unlink()
    file = folder / edition.path
    picture = file.parent / "pictures" / "ünicode bild.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(edition.text, encoding="utf-8")
    picture.write_bytes(edition.picture)
    shutil.copytree(SHOWCASE / "notetypes", folder / "notetypes", dirs_exist_ok=True)
    sound = file.parent / "sounds" / "a4.wav"
    sound.parent.mkdir(exist_ok=True)
    shutil.copy(SHOWCASE / "media" / "a4.wav", sound)
    for path, text in edition.others.items():
        (folder / path).write_text(text, encoding="utf-8")
    settings = f'name = "versions"\nuid = "anki-versions"\nversion = "{edition.version}"\n'
    settings += 'sources = ["**/*.md"]\nsections = "subdeck"\n'
    (folder / "ankipress.toml").write_text(settings, encoding="utf-8")
    build(folder, at)
    return read_package(folder / "build" / f"versions-{edition.version}.apkg")


# What is compared.


@dataclass
class Findings:
    """What a learner would notice after importing three versions. Every list but `logs` should be
    empty.
    """

    logs: list[dict[str, int]] = field(default_factory=list)
    reviews: int = 0
    lost_reviews: list[str] = field(default_factory=list)
    moved_due_dates: list[str] = field(default_factory=list)
    missing_updates: list[str] = field(default_factory=list)
    needless_updates: list[str] = field(default_factory=list)
    wrong_counts: list[str] = field(default_factory=list)
    wrong_cards: list[str] = field(default_factory=list)
    missing_media: list[str] = field(default_factory=list)
    lost_tags: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unexpected_logs: list[str] = field(default_factory=list)

    def problems(self, *, but: Sequence[str] = ()) -> list[str]:
        """Every finding in words, but those of some lists."""
        lists = {
            name: value
            for name, value in vars(self).items()
            if isinstance(value, list) and name not in ("logs", *but)
        }
        return [
            f"{name.replace('_', ' ')}: {each}" for name, value in lists.items() for each in value
        ]


class Comparison:
    """Compares what Anki has after each import with what the packages say."""

    def __init__(self) -> None:
        self.findings = Findings()
        self._known: dict[str, tuple[list[str], list[str]]] = {}
        self._cards: set[str] = set()
        self._count = 0
        self._before: dict[str, Any] | None = None

    def add(self, edition: Edition, package: Packed, state: dict[str, Any]) -> None:
        """Take in the state after the import of a package."""
        findings, version = self.findings, edition.version
        self._compare_log(edition, package, state["log"])
        if self._before is None:
            findings.reviews = sum(len(card["reviews"]) for card in state["cards"].values())
        else:
            self._compare_before(version, package, self._before, state)
        self._known |= package.notes
        self._cards |= package.cards
        self._count += edition.new
        if state["count"] != self._count:
            findings.wrong_counts.append(
                f"{version}: {state['count']} notes instead of {self._count}"
            )
        if state["cards"].keys() != self._cards:
            findings.wrong_cards.append(f"{version}: {sorted(state['cards'].keys() ^ self._cards)}")
        self._compare_content(version, package, state)
        self._before = state

    def _compare_log(self, edition: Edition, package: Packed, log: dict[str, int]) -> None:
        kept = len(package.notes) - edition.new - edition.changed
        expected = {
            "new": edition.new,
            "updated": edition.changed,
            "duplicate": kept,
            "conflicting": 0,
        }
        self.findings.logs.append(log)
        if log != expected:
            self.findings.unexpected_logs.append(f"{edition.version}: {log} instead of {expected}")

    def _compare_content(self, version: str, package: Packed, state: dict[str, Any]) -> None:
        """Whether all that a package holds has arrived."""
        findings = self.findings
        for guid, (values, _) in package.notes.items():
            if state["notes"].get(guid, {}).get("fields") != values:
                findings.missing_updates.append(f"{version}: {guid}")
            else:
                names = {name for name in package.media if f'src="{name}"' in "".join(values)}
                findings.missing_media += [
                    f"{version}: {name}" for name in sorted(names - set(state["media"]))
                ]
        findings.errors += [f"{version}: {each}" for each in state["errors"]]
        if sum("difficult" in note["tags"] for note in state["notes"].values()) != 1:
            findings.lost_tags.append(version)

    def _compare_before(
        self, version: str, package: Packed, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        """Whether an import left alone what is the learner's, and what did not change."""
        changed = {
            guid for guid, note in package.notes.items() if self._known.get(guid, note) != note
        }
        for card, old in before["cards"].items():
            new = after["cards"].get(card, {"reviews": [], "scheduling": []})
            if new["reviews"] != old["reviews"]:
                self.findings.lost_reviews.append(f"{version}: {card}")
            if new["scheduling"] != old["scheduling"]:
                self.findings.moved_due_dates.append(
                    f"{version}: {card}: {old['scheduling']} became {new['scheduling']}"
                )
        for guid, old in before["notes"].items():
            if guid not in changed and after["notes"].get(guid) != old:
                self.findings.needless_updates.append(f"{version}: {guid}")


# What is measured of a version.


@dataclass(frozen=True)
class Row:
    """A line of the table. `fixed` tells whether "Update notes: Always" brings what a late import
    missed.
    """

    version: str
    in_time: Findings
    late: Findings
    fixed: bool | None
    nests: bool
    occludes: bool
    renames: str

    def problems(self) -> list[str]:
        """What a learner must not meet."""
        # That these versions miss the second change of the one note which both later packages
        # change is known and documented.
        is_known = self.version in STAMP_IMPORTS and [
            each.partition(":")[0] for each in self.late.missing_updates
        ] == ["1.2.0"]
        late = self.late.problems(but=("missing_updates", "unexpected_logs") if is_known else ())
        unfixed = ["“Always” does not fix it"] if self.fixed is False else []
        return [
            *self.in_time.problems(),
            *(f"when imported late: {each}" for each in [*late, *unfixed]),
        ]

    def cells(self) -> list[str]:
        """The cells of the table, as Markdown."""
        first, *later = self.in_time.logs
        counts = [f"{log['new']} / {log['updated']} / {log['duplicate']}" for log in later]
        lost = {
            each.split(": ")[1]
            for each in (*self.in_time.lost_reviews, *self.in_time.moved_due_dates)
        }
        missed = len(self.late.missing_updates)
        fixed = {True: ", fixed by “Always”", False: ", not fixed by “Always”", None: ""}[
            self.fixed
        ]
        return [
            str(first["new"]),
            *counts,
            f"all {self.in_time.reviews}" if not lost else f"**not on {len(lost)} cards**",
            str(
                len(self.in_time.wrong_counts)
                + sum(log["conflicting"] for log in self.in_time.logs)
            ),
            str(len(self.in_time.errors)),
            f"{missed} missed{fixed}" if missed else "all arrive",
            "yes" if self.nests else "no",
            "yes" if self.occludes else "no",
            self.renames,
        ]


HEADER = (
    "Anki",
    "1.0.0: new",
    "1.1.0: new / updated / left alone",
    "1.2.0: new / updated / left alone",
    "reviews and due dates kept",
    "duplicates and conflicts",
    "template errors",
    "updates, when imported late",
    "shows deletions in deletions",
    "knows image occlusions",
    "fields of own note types renamed and added",
)


def measure(executable: Path, version: str, folder: Path) -> tuple[list[str], list[str]]:
    """Everything that is measured of a version of Anki: the cells of its row, and the problems."""
    places = [folder / name for name in ("in time", "late", "nested", "occlusion", "renamed")]
    for place in places:
        place.mkdir()
    in_time = import_in_time(executable, places[0])
    late, fixed = import_late(executable, places[1])
    nests, occludes = (
        shows(executable, place, deck)
        for place, deck in zip(places[2:], (nested(), occlusion()), strict=False)
    )
    renames = import_renamed(executable, places[4])
    row = Row(version, in_time, late, fixed, nests, occludes, renames)
    return row.cells(), row.problems()


def shows(executable: Path, folder: Path, edition: Edition) -> bool:
    """Whether a deck of its own is shown without an error."""
    with started(executable, folder) as anki:
        state = anki.import_package(release(folder, edition, int(time.time())))
    assert state is not None
    return not state["errors"]


def import_renamed(executable: Path, folder: Path) -> str:
    """What becomes of a note whose note type has another name for one field, and a field more, in
    the second version.
    """
    first, second = renamed()
    with started(executable, folder) as anki:
        anki.import_package(release(folder, first, int(time.time()) - 60 * DAY))
        released = int(time.time()) + 2
        package = release(folder, second, released)
        time.sleep(max(0.0, released - time.time()))
        state = anki.import_package(package)
    assert state is not None
    [(guid, (values, _))] = package.notes.items()
    if state["count"] != 1:
        return "**the note is there twice**"
    return "arrive" if state["notes"][guid]["fields"] == values else "the note is left as it was"


def import_in_time(executable: Path, folder: Path) -> Findings:
    """As in life: a version is released after the last import, and imported after its release."""
    comparison = Comparison()
    with started(executable, folder) as anki:
        released = int(time.time()) - 60 * DAY
        for edition in editions():
            package = release(folder, edition, released)
            time.sleep(max(0.0, released - time.time()))
            state = anki.import_package(package)
            assert state is not None
            comparison.add(edition, package, state)
            # Anki counts full seconds, and only a later one is later.
            released = int(time.time()) + 2
    return comparison.findings


def import_late(executable: Path, folder: Path) -> tuple[Findings, bool | None]:
    """All versions are out before the first is imported; and whether another import with "Always"
    brings what is missing.
    """
    comparison = Comparison()
    now = int(time.time())
    with started(executable, folder) as anki:
        releases = zip(editions(), [now - 60 * DAY, now - 30 * DAY, now - 10 * DAY], strict=True)
        packages = [(edition, release(folder, edition, at)) for edition, at in releases]
        for edition, package in packages:
            state = anki.import_package(package)
            assert state is not None
            comparison.add(edition, package, state)
        if not comparison.findings.missing_updates:
            return comparison.findings, None
        state = anki.import_package(package, always=True)
        if state is None:
            return comparison.findings, None
        fixed = all(
            state["notes"][guid]["fields"] == values for guid, (values, _) in package.notes.items()
        )
        return comparison.findings, fixed


if __name__ == "__main__":
    sys.exit(Table("results", HEADER, VERSIONS, measure).main(__doc__))
