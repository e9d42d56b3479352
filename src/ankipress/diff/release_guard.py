"""A difference → what must not happen between two releases: Anki loses track of a learner's note.

Each problem is placed where it can be fixed: the card, the version in the settings, or the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location
from ankipress.diff.changes import text_of
from ankipress.diff.collection import ImportOutcome, same_schema
from ankipress.diff.difference import Difference
from ankipress.diff.edition import Edition
from ankipress.diff.version_steps import next_version
from ankipress.diff.wording import bump_reasons
from ankipress.model import Field, Lock, NoteType, Template

_RESTORE = (
    "restore the line of the lock from git, or `ankipress recover` the lock from the last package"
)
_UNDO = (
    "take the change back: Anki would update no note of it;"
    " new fields and templates belong into a note type of their own"
)
_KIND_BACK = "give it back its kind; a card of another kind is another note, with a guid of its own"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the lock is, and where the version is set."""

    lock: Location
    version: Location


@dataclass(frozen=True, slots=True)
class _Identity:
    """What identifies a note, and its question to name it by."""

    note_id: int
    question: str


def guard(
    difference: Difference,
    places: Places,
    *,
    forgets_retired: bool = False,
) -> Iterator[Diagnostic]:
    """The problems of releasing the new edition to learners who have the old one.

    With `forgets_retired`, the lock need not know the notes that were in no package of the old one.
    """
    yield from _notes(difference, places, forgets_retired=forgets_retired)
    yield from _note_types(difference, places)
    yield from _not_updated(difference, places)
    yield from _version(difference, places)


def _notes(
    difference: Difference,
    places: Places,
    *,
    forgets_retired: bool,
) -> Iterator[Diagnostic]:
    old = difference.old
    new = difference.new
    known = _identities(new, new.lock)
    for guid, was in sorted(_identities(old, old.published).items()):
        if forgets_retired and guid not in known and guid not in old.by_guid:
            continue
        shown = _shown(guid, was.question)
        now = known.get(guid)
        if now is None:
            message = f"{shown} is in {old.label}, and the lock does not know it any more"
            yield Diagnostic("guid-lost", places.lock, message, _RESTORE)
        elif now.note_id != was.note_id:
            place = places.lock
            if guid in new.written:
                place = new.written[guid].location
            message = f"{shown} had the note id {was.note_id}, and now has {now.note_id}"
            yield Diagnostic("note-id-changed", place, message, _RESTORE)


def _shown(guid: str, question: str) -> str:
    return f'the note {guid} "{question[:60]}"'


def _identities(edition: Edition, lock: Lock | None) -> Mapping[str, _Identity]:
    """The notes of an edition by guid, with those that are retired where its lock is known."""
    if lock is None:
        return {
            guid: _Identity(note.note_id, text_of(note.fields[0]))
            for guid, note in edition.by_guid.items()
        }
    return {each.guid: _Identity(each.note_id, each.question) for each in lock.packed}


def _note_types(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    old = difference.old
    new = difference.new
    types = {each.id: each for each in new.note_types.values()}
    unused = set()  # by any note, but still in the lock
    if new.lock:
        unused = {each.id for each in new.lock.note_types.values()}
    for was in old.note_types.values():
        now = types.get(was.id)
        if now is None:
            if was.id not in unused:
                message = f'the note type "{was.name}" ({was.id}) is in {old.label}, and gone'
                yield Diagnostic("schema-changed", places.lock, message, _RESTORE)
        elif not same_schema(was, now):
            differing = " and ".join(_differing(was, now))
            message = f'the note type "{was.name}" has other {differing} than in {old.label}'
            yield Diagnostic("schema-changed", places.lock, message, _UNDO)


def _differing(old: NoteType, new: NoteType) -> Iterator[str]:
    parts = (("fields", old.fields, new.fields), ("templates", old.templates, new.templates))
    for name, was, now in parts:
        before = _names(was)
        after = _names(now)
        if before != after:
            yield f"{name} ({before}; now {after})"


def _names(parts: Sequence[Field | Template]) -> str:
    names = [f"{each.name} {each.id}" if each.id else each.name for each in parts]
    return ", ".join(names)


def _not_updated(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    forecast = difference.forecast
    for change in difference.changes:
        outcome = forecast.outcomes.get(change.guid)
        shown = _shown(change.guid, change.question)
        place = places.lock
        if change.place.line:
            place = change.place
        if (
            outcome is ImportOutcome.BLOCKED
            and change.new
            and change.new.note_type not in forecast.copied
        ):
            message = f"{shown} has another note type than in {difference.old.label}"
            yield Diagnostic("note-type-changed", place, message, _KIND_BACK)
        elif outcome is ImportOutcome.OUTDATED:
            message = f"{shown} has changed, and its mod is not newer: Anki will not update it"
            yield Diagnostic("mod-too-old", place, message, _RESTORE)


def _version(difference: Difference, places: Places) -> Iterator[Diagnostic]:
    if not difference.has_too_small_version:
        return
    old = difference.old.version
    new = difference.new.version
    bump = difference.bump
    why = "it is not above it"
    if difference.reasons:
        why = bump_reasons(difference)
    message = f"{new} is too small a version after {old}: {why}"
    help = f'set `version = "{next_version(old, bump)}"` or a larger one'
    yield Diagnostic("version-too-small", places.version, message, help)
