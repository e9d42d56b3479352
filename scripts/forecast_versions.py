"""Compare the forecast of `ankipress diff` with several versions of Anki: `make test-anki`.

    python scripts/forecast_versions.py                # all; writes docs/anki-versions.md
    python scripts/forecast_versions.py --only 24.11   # one; prints its row, writes nothing

A deck is released five times, with every kind of change (`release_story.py`), and imported twice by
a learner of each version: in time, each release before the next one is out, and late, all of them
when the last one is out. What Anki says of each note must be what was predicted of it, and so must
all fields, tags and cards.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anki_versions as versions
from anki_versions import Table
from ankipress.diff.collection import Collection, Imported, ImportOutcome, import_edition
from ankipress.diff.edition import Edition, package_edition
from ankipress.diff.package_files import read_package
from release_story import SETTINGS, STORY, Telling

# The forecast is for these and later ones: before, the ids of fields and templates counted for
# nothing.
VERSIONS = ("23.10", "24.11", "25.9.5", "26.9.3")
WAYS = ("in time", "late")
HEADER = (
    "Anki",
    "imported in time: as predicted",
    "imported late: as predicted",
    "changes that a late import misses, as predicted",
)
LOGGED = {
    ImportOutcome.ADDED: "new",
    ImportOutcome.UPDATED: "updated",
    ImportOutcome.UNCHANGED: "duplicate",
    ImportOutcome.OUTDATED: "duplicate",
    ImportOutcome.BLOCKED: "conflicting",
}


@dataclass
class Row:
    """How many releases were as predicted in one version, in time and late, and what was not."""

    version: str
    right: dict[str, int] = field(default_factory=dict)
    missed: int = 0
    problems: list[str] = field(default_factory=list)


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


def row_of(executable: Path, version: str, folder: Path) -> tuple[list[str], list[str]]:
    """The cells of the row of a version, and the problems."""
    row = measure(executable, version, folder)
    right = [f"{row.right[way]} of {len(STORY)}" for way in WAYS]
    return [*right, str(row.missed)], row.problems


def _imported(executable: Path, folder: Path, way: str, row: Row) -> int:
    """Import all releases in one way; the number of those that were as predicted."""
    right, collection = 0, Collection()
    started = int(time.time())
    first = started - 200 * versions.DAY
    late = []
    if way == "late":
        for number, telling in enumerate(STORY):
            late.append(_release(folder, telling, first + number * 30 * versions.DAY))
    with versions.started(executable, folder) as anki:
        released = first
        for number, telling in enumerate(STORY):
            path = late[number] if late else _release(folder, telling, released)
            time.sleep(max(0.0, released - time.time()))
            edition = package_edition(read_package(path), path.name)
            at = int(time.time()) if row.version in versions.STAMP_IMPORTS else None
            state = anki.import_package(versions.read_package(path))
            assert state is not None
            forecast = import_edition(collection, edition, at)
            problems = list(_otherwise(state, forecast))
            row.problems += [f"{way}, {telling.version}: {each}" for each in problems]
            row.missed += _missed(forecast, edition) if late else 0
            right += not problems
            collection = _with_tags(forecast.collection, state)
            # Anki counts full seconds, and only a later one is later.
            released = int(time.time()) + 2
    return right


def _missed(forecast: Imported, edition: Edition) -> int:
    """The notes whose change an import leaves out; a tag of the learner's own is no change."""
    notes, left = edition.by_guid, forecast.collection.notes
    outdated = (
        guid for guid, outcome in forecast.outcomes.items() if outcome is ImportOutcome.OUTDATED
    )
    return sum(notes[guid].fields != left[guid].fields for guid in outdated)


def _release(folder: Path, telling: Telling, at: int) -> Path:
    """The package of a release, over what was released in this folder before."""
    deck = folder / "deck"
    for path, text in telling.files.items():
        file = deck / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings = {**SETTINGS, "version": telling.version}
    text = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    (deck / "ankipress.toml").write_text(text, encoding="utf-8")
    versions.build(deck, at)
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
    notes = forecast.collection.notes
    cards = {f"{guid} {ord}" for guid, note in notes.items() for ord in note.cards}
    if set(state["cards"]) != cards:
        problems.append(f"other cards: {sorted(set(state['cards']) ^ cards)}")
    for guid, note in notes.items():
        found = state["notes"].get(guid, {"fields": [], "tags": []})
        if tuple(found["fields"]) != note.fields:
            problems.append(f"{guid}: other fields than predicted")
        if {*found["tags"]} - {"difficult"} != {*note.tags} - {"difficult"}:
            problems.append(f"{guid}: the tags {found['tags']}, and predicted were {note.tags}")
    return problems


if __name__ == "__main__":
    sys.exit(Table("forecast", HEADER, VERSIONS, row_of).main(__doc__))
