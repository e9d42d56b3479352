"""Hold the forecast of `ankipress diff` against several versions of Anki: `make test-anki`.

    python scripts/forecast_versions.py                # all of them; writes the table into
    docs/anki-versions.md python scripts/forecast_versions.py --only 24.11   # one of them; prints
    its row and writes nothing

A deck is released five times, with every kind of change (`release_story.py`), and imported twice by
a learner of each version: in time, each release before the next one is out, and late, all of them
when the last one is out. What Anki says of each note must be what was predicted of it, and so must
all fields, tags and cards. The environments are those of `test_anki_versions.py`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import test_anki_versions as versions
from ankipress.diff.collection import Collection, Imported, Outcome, import_edition
from ankipress.diff.edition import Edition, package_edition
from release_story import SETTINGS, STORY, Telling

# The forecast is for these and later ones: before, the ids of fields and templates counted for
# nothing.
VERSIONS = ("23.10", "24.11", "25.9.5", "26.9.3")
WAYS = ("in time", "late")
BEGIN, END = "<!-- forecast: written by make test-anki -->", "<!-- end of forecast -->"
HEADER = (
    "Anki",
    "imported in time: as predicted",
    "imported late: as predicted",
    "changes that a late import misses, as predicted",
)
LOGGED = {
    Outcome.ADDED: "new",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "duplicate",
    Outcome.OUTDATED: "duplicate",
    Outcome.BLOCKED: "conflicting",
}


@dataclass
class Row:
    """What was seen of a version: the releases that were as predicted, of all, in time and late; and
    what was not.
    """

    version: str
    right: dict[str, int] = field(default_factory=dict)
    missed: int = 0
    problems: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """The cells of the table."""
        return [
            self.version,
            *(f"{self.right[way]} of {len(STORY)}" for way in WAYS),
            str(self.missed),
        ]


def existing(version: str) -> Path | None:
    """The Python of the environment with a version of Anki; None where none was made yet."""
    executable = versions.executable_of(version)
    return executable if versions.installed(executable) == version else None


def measure(executable: Path, version: str, folder: Path, ways: Sequence[str] = WAYS) -> Row:
    """Import all releases in both ways, or in one, and compare."""
    row = Row(version)
    for way in ways:
        place = folder / way
        place.mkdir()
        row.right[way] = _imported(executable, place, way, row)
    return row


def _imported(executable: Path, folder: Path, way: str, row: Row) -> int:
    """Import all releases in one way; the number of those that were as predicted."""
    right, collection = 0, Collection()
    started = int(time.time())
    first = started - 200 * versions.DAY
    late = (
        [
            _release(folder, telling, first + number * 30 * versions.DAY)
            for number, telling in enumerate(STORY)
        ]
        if way == "late"
        else []
    )
    with versions.started(executable, folder) as anki:
        released = first
        for number, telling in enumerate(STORY):
            path = late[number] if late else _release(folder, telling, released)
            time.sleep(max(0.0, released - time.time()))
            edition = package_edition(path.read_bytes(), path.name)
            at = int(time.time()) if row.version in versions.STAMP_IMPORTS else None
            state = anki.import_package(versions.read_package(path))
            assert state is not None
            forecast = import_edition(collection, edition, at)
            problems = list(_otherwise(state, forecast))
            row.problems += [f"{way}, {telling.version}: {each}" for each in problems]
            row.missed += _missed(forecast, edition) if late else 0
            right += not problems
            collection = _with_tags(forecast.collection, state)
            released = (
                int(time.time()) + 2
            )  # Anki counts whole seconds, and only a later one is later
    return right


def _missed(forecast: Imported, edition: Edition) -> int:
    """The notes whose change an import leaves out; a tag of the learner's own is no change."""
    notes, left = edition.by_guid, forecast.collection.notes
    outdated = (guid for guid, outcome in forecast.outcomes.items() if outcome is Outcome.OUTDATED)
    return sum(notes[guid].fields != left[guid].fields for guid in outdated)


def _release(folder: Path, telling: Telling, at: int) -> Path:
    """The package of a release, over what was released in this folder before."""
    deck = folder / "deck"
    for path, text in telling.files.items():
        file = deck / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    lines = [
        f'{key} = "{value}"'
        for key, value in {**SETTINGS, "version": telling.version}.items()
        if key != "sources"
    ]
    (deck / "ankipress.toml").write_text(
        "\n".join([*lines, 'sources = ["*.md"]']), encoding="utf-8"
    )
    command = [sys.executable, "-m", "ankipress", "build"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(at)}
    done = subprocess.run(
        command,
        cwd=deck,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.exit(
            f"The deck of this test does not build, so nothing can be said of Anki:\n{done.stdout}{done.stderr}"
        )
    return deck / "build" / f"{SETTINGS['name']}-{telling.version}.apkg"


def _with_tags(collection: Collection, state: Mapping[str, Any]) -> Collection:
    """The collection with what the learner did after the import: a tag, at the time that Anki gave
    it.
    """
    notes = dict(collection.notes)
    for guid, note in state["notes"].items():
        if guid in notes and tuple(note["tags"]) != notes[guid].tags:
            notes[guid] = replace(notes[guid], tags=tuple(note["tags"]), mod=note["mod"])
    return replace(collection, notes=notes)


def _otherwise(state: Mapping[str, Any], forecast: Imported) -> list[str]:
    """Where Anki did something else than was predicted."""
    problems = []
    predicted = {
        guid: LOGGED[outcome] for guid, outcome in forecast.outcomes.items() if outcome in LOGGED
    }
    for guid in sorted({*predicted, *state["outcomes"]}):
        seen = state["outcomes"].get(guid)
        if seen != predicted.get(guid):
            problems.append(f"{guid}: {seen}, and predicted was {predicted.get(guid)}")
    if set(state["notes"]) != set(forecast.collection.notes):
        problems.append(
            f"other notes: {sorted(set(state['notes']) ^ set(forecast.collection.notes))}"
        )
    cards = {
        f"{guid} {ord}" for guid, held in forecast.collection.notes.items() for ord in held.cards
    }
    if set(state["cards"]) != cards:
        problems.append(f"other cards: {sorted(set(state['cards']) ^ cards)}")
    for guid, held in forecast.collection.notes.items():
        note = state["notes"].get(guid, {"fields": [], "tags": []})
        if tuple(note["fields"]) != held.fields:
            problems.append(f"{guid}: other fields than predicted")
        if {*note["tags"]} - {"difficult"} != {*held.tags} - {"difficult"}:
            problems.append(f"{guid}: the tags {note['tags']}, and predicted were {held.tags}")
    return problems


def main() -> int:
    """Try each version; the exit status."""
    arguments = parse_arguments()
    rows, problems = [], []
    for version in arguments.only or VERSIONS:
        try:
            with tempfile.TemporaryDirectory() as folder:
                row = measure(versions.install(version, arguments.python), version, Path(folder))
            rows.append(row.cells())
            problems += [f"{version}: {each}" for each in row.problems]
        except versions.UntriedError as error:
            rows.append([version, f"**not tried: {str(error).split(':')[0]}**", "", ""])
            problems.append(f"{version}: {error}")
    text = table(rows)
    print(text, *problems, sep="\n")
    if not arguments.only:
        versions.write_page(text, BEGIN, END)
    return 1 if problems else 0


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (HEADER, ["---"] * len(HEADER), *rows))


def parse_arguments() -> argparse.Namespace:
    """The options; `--help` shows the examples above."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", metavar="VERSION", help=f"some of {', '.join(VERSIONS)}"
    )
    parser.add_argument(
        "--python",
        default=sys.executable,
        help="makes the environments (default: the one that runs this)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
