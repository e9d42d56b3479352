"""What learners have, as a lock: what a release is stamped against.

See docs/decisions/013-releases-and-tombstones.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ankipress.diff.edition import Edition
from ankipress.identity.stamping import own_tags, packed_digest
from ankipress.model import Lock, Record, State


def base_of(old: Edition, lock: Lock) -> Lock:
    """The lock of the last release, or what a package of it says of the notes of this lock."""
    if old.published:
        return old.published
    return Lock(lock.uid, lock.note_types, tuple(_records(old, lock)), media=lock.media)


def _records(old: Edition, lock: Lock) -> Iterator[Record]:
    """The records as they must have been when the package was made.

    A note that is not in it has never been packed, or was retired before.
    """
    notes = old.by_guid
    keys = {stamp.id: key for key, stamp in lock.note_types.items()}
    for record in lock.records:
        note = notes.get(record.guid)
        if note:
            # A package names no keys of note types, so the lock's own key is looked up by id.
            key = keys.get(old.type_of(note).id, note.note_type)
            tags = own_tags(note.tags)
            digest = packed_digest(key, note.fields, tags)
            state = State.ACTIVE
            if not note.ords:  # a tombstone
                state = State.RETIRED
            yield replace(record, digest=digest, mod=note.mod, state=state)
        elif record.state is State.RETIRED:
            yield record


def first_base(lock: Lock, version: str) -> Lock:
    """The base of a first release: every note is of this version.

    Learners may have a package that was built before, so mods stay.
    """
    records = tuple(replace(each, since=version, changed=version) for each in lock.records)
    return replace(lock, records=records)
