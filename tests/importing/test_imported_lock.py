"""The times that the lock of an imported deck has, which no release may raise without a change."""

from __future__ import annotations

import pytest

from ankipress.identity.lock import read_lock, write_lock
from ankipress.importing.imported_lock import type_stamp
from ankipress.model import Lock, NoteTypeStamp


@pytest.mark.parametrize(("there", "here"), [(0, 0), (-3, 0), (7, 7), (2**80, 2**63 - 1)])
def test_a_note_type_keeps_its_time_also_where_it_has_none(there: int, here: int) -> None:
    """Learners of a note type that nobody has changed have it with 0, and 1 would be newer."""
    stamp = type_stamp(NoteTypeStamp(1, "Basic", "", 5), there)
    assert (stamp.mod, stamp.imported) == (here, here)
    lock = Lock("uid", {"Basic": stamp})
    assert read_lock(write_lock(lock))[0].note_types == lock.note_types
