"""What an author has decided about open cases, written into the lock so that matching finds it by
itself ever after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ankipress.identity.ids import make_guids, make_note_id
from ankipress.identity.record import Packing, record_of
from ankipress.model import KINDS, Lock, Note, Record, State


def settle_same(lock: Lock, note: Note, guid: str) -> Lock:
    """The lock in which the note of this guid has the question, answer and id of the card, so that
    they match exactly.
    """
    return replace(
        lock,
        records=tuple(
            _as_now(each, note) if each.guid == guid else each for each in _yielded(lock, note)
        ),
    )


def _yielded(lock: Lock, note: Note) -> Iterator[Record]:
    """The lines of a lock, in which no note has the id of this one any more."""
    name = note.entry.attributes.id
    for record in lock.records:
        same_id = (
            name is not None
            and record.id == name
            and KINDS.get(record.kind, record.kind) == note.note_type
        )
        yield replace(record, id=None) if same_id else record


def _as_now(record: Record, note: Note) -> Record:
    entry = note.entry
    return replace(
        record,
        id=entry.attributes.id,
        path=entry.path,
        section=entry.section,
        after=note.after,
        texts=note.texts,
    )


def settle_new(lock: Lock, uid: str, note: Note, version: str) -> Lock:
    """The lock with a line for a new note. It has no digest yet: the next build packs it for the
    first time.

    A note that it was taken for is left to other cards. Where it would find this one again, by its
    question or by its id, it is retired at once.
    """
    note, before = _detached(lock, uid, note), note.record
    retired = before and (before.question == note.question or before.id is not None)
    gone = before.guid if retired and before else None
    records = [
        replace(each, state=State.RETIRED) if each.guid == gone else each
        for each in _yielded(lock, note)
    ]
    return replace(
        lock,
        uid=uid,
        records=(
            *records,
            record_of(note, Packing(digest="", mod=1, since=version, changed=version)),
        ),
    )


def _detached(lock: Lock, uid: str, note: Note) -> Note:
    """A note with ids of its own."""
    if note.record is None:
        return note
    taken = {record.guid for record in lock.records}
    guid = next(each for each in make_guids(uid, note.question) if each not in taken)
    return replace(
        note,
        guid=guid,
        note_id=make_note_id(guid, {record.note_id for record in lock.records}),
        record=None,
    )
