"""What changed since the lock was written: mods for what did, and the next lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recto.ids import content_digest
from recto.model import Assignment, DealtNote, Lock, NoteType, NoteTypeStamp, PackedNote, Record, State


@dataclass(frozen=True, slots=True)
class Release:
    """The version that is being built, and the time to stamp on what changed, in seconds since 1970."""

    version: str
    time: int


@dataclass(frozen=True, slots=True)
class Stamped:
    """Notes and note types as they go into the package, the next lock, and what differs from the last one (guids)."""

    notes: tuple[PackedNote, ...]
    note_types: tuple[NoteType, ...]
    lock: Lock
    new: frozenset[str]
    changed: frozenset[str]
    retired: frozenset[str]


def stamp(
    dealt: Sequence[DealtNote], assignment: Assignment, note_types: Mapping[str, NoteType], lock: Lock, release: Release
) -> Stamped:
    """Give every note its mod. Anki ignores a note whose mod did not grow, so a changed digest must raise it; and an
    update overwrites a learner's tags, so an unchanged one must not.
    """
    stamped = [_stamp_note(each, note_types, release) for each in dealt]
    packed = tuple(note for note, _ in stamped)
    records = {record.guid: record for _, record in stamped}
    # Notes that this package leaves out are remembered as they were.
    kept = [note.record for note in assignment.notes if note.record and note.guid not in records]
    gone = [replace(record, state=State.RETIRED) for record in assignment.left]
    # A line without a digest was written by an author's decision; its note has never been packed.
    known = {record.guid: record for record in lock.records if record.digest}
    used = {note.note_type for note in packed}
    types = {key: _stamp_type(each, lock.note_types.get(key), release) for key, each in note_types.items() if key in used}
    note_type_stamps = {**lock.note_types, **{key: each[1] for key, each in types.items()}}
    return Stamped(
        notes=packed,
        note_types=tuple(each for each, _ in types.values()),
        lock=Lock(assignment.uid, note_type_stamps, _sorted([*records.values(), *kept, *gone])),
        new=frozenset(records.keys() - known.keys()),
        changed=frozenset(guid for guid in records.keys() & known.keys() if records[guid].digest != known[guid].digest),
        retired=frozenset(record.guid for record in assignment.left if record.state is State.ACTIVE),
    )


def _sorted(records: Sequence[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: record.guid))


def _stamp_note(dealt: DealtNote, note_types: Mapping[str, NoteType], release: Release) -> tuple[PackedNote, Record]:
    note, entry = dealt.rendered.note, dealt.rendered.note.entry
    fields = tuple(dealt.rendered.fields.get(name, "") for name in note_types[note.note_type].field_names)
    digest = packed_digest(note.note_type, fields, entry.tags)
    before = note.record if note.record and note.record.digest else None
    same = before is not None and before.digest == digest
    record = Record(
        guid=note.guid,
        note_id=note.note_id,
        id=entry.attributes.id,
        kind=entry.kind,
        deck=entry.deck,
        path=entry.path,
        section=entry.section,
        after=note.after,
        question=note.question,
        answer=note.answer,
        opening=note.opening,
        digest=digest,
        mod=_mod(before.mod if before else 0, release, same=same),
        since=before.since if before else release.version,
        changed=before.changed if before and same else release.version,
    )
    packed = PackedNote(note.guid, note.note_id, record.mod, note.note_type, entry.deck, fields, entry.tags, dealt.ords)
    return packed, record


def packed_digest(note_type: str, fields: Sequence[str], tags: Sequence[str]) -> str:
    """The digest of what is packed of a note: while it stays the same, learners have nothing to update."""
    return content_digest(note_type, *fields, "\x1f", *tags)


def _mod(before: int, release: Release, *, same: bool) -> int:
    """The release time, but never a time that a learner's Anki would take for older than what it has."""
    return before if same else max(release.time, before + 1)


def _stamp_type(note_type: NoteType, before: NoteTypeStamp | None, release: Release) -> tuple[NoteType, NoteTypeStamp]:
    """A note type keeps its published id and name; its mod grows only when its texts changed."""
    if before:
        note_type = replace(note_type, id=before.id, name=before.name)
    # A name that changed is something that learners have to get, too; those of recto's own note types never do.
    names = [*note_type.field_names, *(each.name for each in note_type.templates)] if note_type.is_custom else []
    digest = content_digest(note_type.css, *(text for each in note_type.templates for text in (each.front, each.back)), *names)
    same = before is not None and before.digest == digest
    mod = _mod(before.mod if before else 0, release, same=same)
    return replace(note_type, mod=mod), NoteTypeStamp(note_type.id, note_type.name, digest, mod, note_type.schema)
