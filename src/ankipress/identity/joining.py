"""Several locks → one: files that had a lock each become one project."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.model import Lock, NoteTypeStamp, Record, State, note_type_of, own_note_type


@dataclass(frozen=True, slots=True)
class Joined:
    """A lock with the notes of several, and how many notes of the later ones had a guid of an
    earlier one: those are left out, and their cards become new notes.
    """

    lock: Lock
    twice: int


def moved(
    lock: Lock,
    path_of: Callable[[str], str],
) -> Lock:
    """The lock with its notes in other files: `path_of` gives the new path of a path."""
    records = []
    for record in lock.records:
        path = path_of(record.path)
        records.append(replace(record, path=path))
    return replace(lock, records=tuple(records))


def join_locks(
    locks: Sequence[Lock],
    uid: str | None = None,
) -> Joined:
    """One lock with the notes of several. Every note keeps its guid, its id and its note type.

    Of the note types the first lock's keep their keys, and those of others get keys of their own.
    """
    stamps: dict[str, NoteTypeStamp] = {}
    records: dict[str, Record] = {}
    twice = 0
    for lock in locks:
        keys = _add_stamps(stamps, lock.note_types)
        for record in lock.records:
            guid = record.guid
            known = records.get(guid)
            if known is None or _returns(record, known):
                records[guid] = _with_note_type(record, keys)
            elif record.state is State.ACTIVE:
                twice += 1
    first = locks[0]
    in_order = [records[guid] for guid in sorted(records)]
    joined = Lock(
        uid or first.uid,
        stamps,
        tuple(in_order),
        first.tools,
        first.reading,
        first.media,
    )
    return Joined(joined, twice)


def _returns(
    record: Record,
    known: Record,
) -> bool:
    """Whether a note that one lock has retired is a card of another one."""
    return known.state is State.RETIRED and record.state is State.ACTIVE


def _add_stamps(
    stamps: dict[str, NoteTypeStamp],
    others: Mapping[str, NoteTypeStamp],
) -> Mapping[str, str]:
    """Add the note types of a lock, and tell the new keys of its keys."""
    ids = {stamp.id: key for key, stamp in stamps.items()}
    keys = {}
    for key, stamp in sorted(others.items()):
        new = ids.get(stamp.id)
        if new is None:
            new = own_note_type(key)
            if new in stamps:
                new = f"{new}@{stamp.id}"
        keys[key] = new
        known = stamps.get(new, stamp)
        stamps[new] = max(known, stamp, key=_when)
    return keys


def _when(stamp: NoteTypeStamp) -> tuple[int, str]:
    return stamp.mod, stamp.digest


def _with_note_type(
    record: Record,
    keys: Mapping[str, str],
) -> Record:
    """A record with the key that its note type has now."""
    own = note_type_of(record.kind)
    before = record.note_type or own
    key = keys.get(before, before)
    if key == own:
        key = ""
    return replace(record, note_type=key)
