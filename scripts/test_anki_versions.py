"""Import and update a deck in seven versions of Anki, from 2.1.49 to the newest: `make test-anki`.

    python scripts/test_anki_versions.py                      # all of them; writes the table into
    docs/anki-versions.md python scripts/test_anki_versions.py --only 24.11         # one of them;
    prints its row and writes nothing python scripts/test_anki_versions.py --python python3.11  #
    the Python of the environments of Anki

Each version gets an environment below build/anki-venvs, which the next run finds again. Exit status
1 where a learner would lose a review, get a note twice, miss an update or see an error, or where a
version could not be tried.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHILD = ROOT / "scripts" / "anki_child.py"
ENVIRONMENTS = ROOT / "build" / "anki-venvs"
PAGE = ROOT / "docs" / "anki-versions.md"
CASES = ROOT / "tests" / "cases" / "anki"
DECK = CASES / "every-feature.md"
SHOWCASE = ROOT / "examples"
BEGIN, END = "<!-- results: written by make test-anki -->", "<!-- end of results -->"

VERSIONS = ("2.1.49", "2.1.54", "2.1.66", "23.10", "24.11", "25.9.5", "26.9.3")
ALSO_NEEDED = {"2.1.49": ("protobuf<3.21",)}
# These take the time of an import for the time of a change, see docs/anki-versions.md.
STAMP_IMPORTS = frozenset(["2.1.54", "2.1.66", "23.10", "24.11"])
DAY = 86_400
LONGEST = 600  # seconds that an installation, or an import, may take


class UntriedError(Exception):
    """A version that could not be tried, and why."""


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


@dataclass(frozen=True)
class Packed:
    """What a package holds: the fields and tags of each note, its cards as `guid ord`, and its
    media.
    """

    path: Path
    notes: Mapping[str, tuple[list[str], list[str]]]
    cards: frozenset[str]
    media: frozenset[str]


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
    command = [sys.executable, "-m", "ankipress", "build"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(at)}
    result = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if result.returncode:
        sys.exit(
            f"The deck of this test does not build, so nothing can be said of Anki:\n{result.stdout}{result.stderr}"
        )
    return read_package(folder / "build" / f"versions-{edition.version}.apkg")


def read_package(path: Path) -> Packed:
    """What a learner must have after importing a package."""
    with zipfile.ZipFile(path) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        media = frozenset(json.loads(archive.read("media")).values())
        rows = connection.execute("SELECT guid, flds, tags FROM notes").fetchall()
        cards = connection.execute(
            "SELECT n.guid, c.ord FROM cards c JOIN notes n ON n.id = c.nid"
        ).fetchall()
    notes = {guid: (fields.split("\x1f"), sorted(tags.split())) for guid, fields, tags in rows}
    return Packed(path, notes, frozenset(f"{guid} {order}" for guid, order in cards), media)


# One version of Anki.


def install(version: str, python: str) -> Path:
    """The Python of an environment with this version of Anki, made where there is none yet."""
    folder, executable = ENVIRONMENTS / version, executable_of(version)
    if installed(executable) == version:
        return executable
    say(f"{version}: installing into {folder.relative_to(ROOT)} …")
    run(
        [python, "-m", "venv", "--clear", str(folder)],
        f"no environment could be made with {python}",
    )
    pip = [str(executable), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    run(
        [*pip, f"anki=={version}", *ALSO_NEEDED.get(version, ())],
        "pip could not install it; another --python may help",
    )
    if installed(executable) != version:
        raise UntriedError("it was installed, but cannot be imported; another --python may help")
    return executable


def executable_of(version: str) -> Path:
    """The Python of the environment with this version of Anki, whether or not it was made."""
    return (
        ENVIRONMENTS / version / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    )


def installed(executable: Path) -> str:
    """The version of Anki that an environment has, empty where it has none that works."""
    code = "import importlib.metadata, anki.collection; print(importlib.metadata.version('anki'))"
    try:
        return subprocess.run(
            [executable, "-I", "-c", code], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return ""


def run(command: Sequence[str], failure: str) -> None:
    """Run a command, or say why it cannot be done, with the end of what it complained of."""
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UntriedError(f"{failure}: {error}") from error
    if result.returncode:
        raise UntriedError(f"{failure}:{tail(result.stderr or result.stdout)}")


def tail(text: str) -> str:
    """The last lines of what a program complained of, indented."""
    lines = [line for line in text.strip().split("\n") if not line.startswith("WARNING")]
    return "".join(f"\n      {line[:200]}" for line in lines[-8:])


class Anki:
    """A learner's collection in one version of Anki, which is a process of its own."""

    def __init__(self, process: subprocess.Popen[str], complaints: Path) -> None:
        self._process, self._complaints = process, complaints

    def import_package(self, package: Packed, *, always: bool = False) -> dict[str, Any] | None:
        """Import, and return all that is in the collection then; None where this version has no
        such option.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        watch = threading.Timer(LONGEST, self._process.kill)
        watch.start()
        try:
            print(
                json.dumps({"package": str(package.path.resolve()), "always": always}),
                file=self._process.stdin,
                flush=True,
            )
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            watch.cancel()
        if not answer.endswith("\n"):
            raise UntriedError(
                f"Anki failed:{tail(self._complaints.read_text(encoding='utf-8', errors='replace'))}"
            )
        state: dict[str, Any] | None = json.loads(answer)
        return state


@contextmanager
def started(executable: Path, folder: Path) -> Iterator[Anki]:
    """Anki with a new collection, ended at the end."""
    complaints = folder / "complaints.txt"
    command = [str(executable), "-I", str(CHILD), str(folder / "learner")]
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
        "encoding": "utf-8",
    }
    with complaints.open("w") as file, subprocess.Popen(command, stderr=file, **pipes) as process:
        try:
            yield Anki(process, complaints)
        except BaseException:
            process.kill()
            raise


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
    """Holds what Anki has after each import against what the author did and what the packages say."""

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
    """A line of the table. `mended` tells whether "Update notes: Always" brings what a late import
    missed.
    """

    version: str
    in_time: Findings
    late: Findings
    mended: bool | None
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
        unmended = ["“Always” does not mend it"] if self.mended is False else []
        return [
            *self.in_time.problems(),
            *(f"when imported late: {each}" for each in [*late, *unmended]),
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
        mended = {True: ", mended by “Always”", False: ", not mended by “Always”", None: ""}[
            self.mended
        ]
        return [
            self.version,
            str(first["new"]),
            *counts,
            f"all {self.in_time.reviews}" if not lost else f"**not on {len(lost)} cards**",
            str(
                len(self.in_time.wrong_counts)
                + sum(log["conflicting"] for log in self.in_time.logs)
            ),
            str(len(self.in_time.errors)),
            f"{missed} missed{mended}" if missed else "all arrive",
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


def measure(version: str, python: str, folder: Path) -> Row:
    """Everything that is measured of a version of Anki."""
    executable = install(version, python)
    say(f"{version}: importing …")
    places = [folder / name for name in ("in time", "late", "nested", "occlusion", "renamed")]
    for place in places:
        place.mkdir()
    in_time = import_in_time(executable, places[0])
    late, mended = import_late(executable, places[1])
    nests, occludes = (
        shows(executable, place, deck)
        for place, deck in zip(places[2:], (nested(), occlusion()), strict=False)
    )
    return Row(
        version, in_time, late, mended, nests, occludes, import_renamed(executable, places[4])
    )


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
            released = (
                int(time.time()) + 2
            )  # Anki counts whole seconds, and only a later one is later
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
        mended = all(
            state["notes"][guid]["fields"] == values for guid, (values, _) in package.notes.items()
        )
        return comparison.findings, mended


# The table.


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (HEADER, ["---"] * len(HEADER), *rows))


def write_page(text: str, first: str = BEGIN, last: str = END) -> None:
    """Put a table between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        sys.exit(f"{PAGE.relative_to(ROOT)} must hold the lines {first} and {last}")
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8", newline="\n")


def say(text: str) -> None:
    """Tell how far we are."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Try each version; the exit status."""
    arguments = parse_arguments()
    rows: list[list[str]] = []
    failures: dict[str, list[str]] = {}
    for version in arguments.only or VERSIONS:
        try:
            with tempfile.TemporaryDirectory() as folder:
                row = measure(version, arguments.python, Path(folder))
            rows.append(row.cells())
            failures[version] = row.problems()
        except UntriedError as error:
            rows.append(
                [version, f"**not tried: {str(error).split(':')[0]}**", *[""] * (len(HEADER) - 2)]
            )
            failures[version] = [str(error)]
        say(f"{version}: {f'problems: {len(failures[version])}' if failures[version] else 'fine'}")
    print(table(rows))
    for version, problems in failures.items():
        for problem in problems:
            print(f"{version}: {problem}")
    if not arguments.only:
        write_page(table(rows))
        say(f"The table stands in {PAGE.relative_to(ROOT)}.")
    return 1 if any(failures.values()) else 0


def parse_arguments() -> argparse.Namespace:
    """The options; `--help` shows the examples above."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", metavar="VERSION", help=f"some of {', '.join(VERSIONS)}, or any other"
    )
    parser.add_argument(
        "--python",
        default=sys.executable,
        help="makes the environments (default: the one that runs this)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
