"""What an author has decided about open cases, written into the lock so that matching finds it by itself ever after."""

from __future__ import annotations

from dataclasses import replace

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
    """The lock with a line for a new note. It has no digest yet: the next build packs it for the first time."""
    entry = note.entry
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
        digest="",
        mod=1,
        since=version,
        changed=version,
        state=State.ACTIVE,
    )
    return replace(lock, uid=uid, records=(*lock.records, record))
