"""What an author has decided about open cases, written into the lock so that matching finds it by itself ever after."""

from __future__ import annotations

from dataclasses import replace

from recto.ids import make_guids, make_note_id
from recto.model import Lock, Note, Record, State


def settle_same(lock: Lock, note: Note, guid: str) -> Lock:
    """The lock in which the note of this guid has the question and answer of the card, so that they match exactly."""
    records = tuple(_as_now(record, note) if record.guid == guid else record for record in lock.records)
    return replace(lock, records=records)


def _as_now(record: Record, note: Note) -> Record:
    entry = note.entry
    return replace(
        record,
        id=entry.attributes.id,
        path=entry.path,
        section=entry.section,
        after=note.after,
        question=note.question,
        answer=note.answer,
    )


def settle_new(lock: Lock, uid: str, note: Note, version: str) -> Lock:
    """The lock with a line for a new note. It has no digest yet: the next build packs it for the first time.

    A note that it was taken for is left to other cards. Where it would find this one again, by its question or by its id, it is
    retired at once.
    """
    note, before = _detached(lock, uid, note), note.record
    retired = before and (before.question == note.question or before.id is not None)
    records = [replace(each, state=State.RETIRED) if retired and each == before else each for each in lock.records]
    return replace(lock, uid=uid, records=(*records, _new_record(note, version)))


def _detached(lock: Lock, uid: str, note: Note) -> Note:
    """A note with ids of its own."""
    if note.record is None:
        return note
    taken = {record.guid for record in lock.records}
    guid = next(each for each in make_guids(uid, note.question) if each not in taken)
    return replace(note, guid=guid, note_id=make_note_id(guid, {record.note_id for record in lock.records}), record=None)


def _new_record(note: Note, version: str) -> Record:
    entry = note.entry
    return Record(
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
        digest="",
        mod=1,
        since=version,
        changed=version,
        state=State.ACTIVE,
    )
