"""What learners have, as a lock: what a release is stamped against
(docs/decisions/016-releases-and-tombstones.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ankipress.diff.edition import Edition
from ankipress.identity.stamping import own_tags, packed_digest
from ankipress.model import Lock, Record, State


def base_of(old: Edition, lock: Lock) -> Lock:
    """The lock of the last release; of a package the present one, with what that holds of each
    note.
    """
    return old.published or Lock(lock.uid, lock.note_types, tuple(_packed(old, lock)))


def _packed(old: Edition, lock: Lock) -> Iterator[Record]:
    """The lines of a lock as they must have been: what is not in the package has never been packed,
    or was retired before.
    """
    notes, keys = old.by_guid, {stamp.id: key for key, stamp in lock.note_types.items()}
    for record in lock.records:
        if note := notes.get(record.guid):
            key = keys.get(
                old.note_types[note.note_type].id, note.note_type
            )  # a package names no keys
            digest = packed_digest(key, note.fields, own_tags(note.tags))
            state = State.ACTIVE if note.ords else State.RETIRED
            yield replace(record, digest=digest, mod=note.mod, state=state)
        elif record.state is State.RETIRED:
            yield record


def first_base(lock: Lock, version: str) -> Lock:
    """The base of a first release: all is of this version. Learners may have what was built so far,
    so times stay.
    """
    return replace(
        lock, records=tuple(replace(each, since=version, changed=version) for each in lock.records)
    )
