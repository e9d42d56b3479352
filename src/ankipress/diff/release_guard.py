"""A difference → what must never happen between two releases: a learner's note that Anki could not
find again.

Each problem stands where it can be mended: at the card, at the version in the settings, or at the
lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location
from ankipress.diff.changes import NoteChange, text_of
from ankipress.diff.collection import Outcome, same_schema
from ankipress.diff.difference import Difference
from ankipress.diff.edition import Edition
from ankipress.diff.versions import is_too_small, next_version
from ankipress.model import NoteType

_RESTORE = (
    "restore the line of the lock from git, or `ankipress recover` the lock from the last package"
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the lock is, and where the version is set."""

    lock: Location
    version: Location


@dataclass(frozen=True, slots=True)
class _Known:
    """What identifies a note, and how its question begins."""

    note_id: int
    question: str


def guard(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    """What is wrong with releasing the new edition to learners who have the old one."""
    yield from _notes(difference, places)
    yield from _note_types(difference, places)
    yield from _not_updated(difference, places)
    yield from _version(difference, places)


def _notes(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    new = _known(difference.new, released=False)
    for guid, was in sorted(_known(difference.old, released=True).items()):
        shown = f'the note {guid} "{was.question[:60]}"'
        if guid not in new:
            message = (
                f"{shown} is in {difference.old.label}, and the lock does not know it any more"
            )
            yield Diagnostic("guid-lost", places.lock, message, _RESTORE)
        elif new[guid].note_id != was.note_id:
            message = f"{shown} had the note id {was.note_id}, and now has {new[guid].note_id}"
            yield Diagnostic(
                "note-id-changed", _place(guid, difference.new, places), message, _RESTORE
            )


def _known(edition: Edition, *, released: bool) -> Mapping[str, _Known]:
    """The notes of an edition by guid, those that are retired too where its lock is known."""
    lock = edition.published if released else edition.lock
    if lock is None:
        return {
            guid: _Known(note.note_id, text_of(note.fields[0]))
            for guid, note in edition.by_guid.items()
        }
    # A line without a digest was written by an author's decision; its note has never been packed.
    return {each.guid: _Known(each.note_id, each.question) for each in lock.records if each.digest}


def _note_types(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    new = {each.id: each for each in difference.new.note_types.values()}
    stamps = difference.new.lock.note_types.values() if difference.new.lock else ()
    kept = {each.id for each in stamps}
    way_out = "take the change back: Anki would update no note of it; new fields and templates belong into a note type of their own"
    for was in difference.old.note_types.values():
        if was.id not in new:
            if was.id not in kept:
                message = (
                    f'the note type "{was.name}" ({was.id}) is in {difference.old.label}, and gone'
                )
                yield Diagnostic("schema-changed", places.lock, message, _RESTORE)
        elif not same_schema(was, new[was.id]):
            message = f'the note type "{was.name}" has other {_differing(was, new[was.id])} than in {difference.old.label}'
            yield Diagnostic("schema-changed", places.lock, message, way_out)


def _differing(old: NoteType, new: NoteType) -> str:
    fields = (
        [(each.name, each.id) for each in old.fields],
        [(each.name, each.id) for each in new.fields],
    )
    templates = (
        [(each.name, each.id) for each in old.templates],
        [(each.name, each.id) for each in new.templates],
    )
    return " and ".join(
        f"{name} ({_pairs(was)}; now {_pairs(now)})"
        for name, (was, now) in (("fields", fields), ("templates", templates))
        if was != now
    )


def _pairs(named: list[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {id}" if id else name for name, id in named)


def _not_updated(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    outcomes = difference.forecast.outcomes
    copied = difference.forecast.copied
    for change in difference.changes:
        outcome = outcomes.get(change.guid)
        if outcome is Outcome.BLOCKED and change.new and change.new.note_type not in copied:
            message = f'the note {change.guid} "{change.question[:60]}" has another note type than in {difference.old.label}'
            way_out = "give it back its kind; a card of another kind is another note, with a guid of its own"
            yield Diagnostic("note-type-changed", _card(change, places), message, way_out)
        elif outcome is Outcome.OUTDATED:
            message = f'the note {change.guid} "{change.question[:60]}" has changed, and its mod is not newer: Anki will not update it'
            yield Diagnostic("mod-too-old", _card(change, places), message, _RESTORE)


def _card(change: NoteChange, places: Places) -> Location:
    return Location(change.path, change.line) if change.line else places.lock


def _place(guid: str, edition: Edition, places: Places) -> Location:
    written = edition.written.get(guid)
    return Location(written.path, written.line) if written else places.lock


def _version(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    old, new, bump = difference.old.version, difference.new.version, difference.bump
    if not (old and new and is_too_small(new, old, bump)):
        return
    needed = next_version(old, bump)
    why = (
        f"{bump.name.lower()}: {'; '.join(difference.reasons)}"
        if difference.reasons
        else "it is not above it"
    )
    message = f"{new} is too small a version after {old}: {why}"
    yield Diagnostic(
        "version-too-small", places.version, message, f'set `version = "{needed}"` or a larger one'
    )
