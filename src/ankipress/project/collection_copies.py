"""A copy of a profile's collection, with all that Anki has written of it.

While Anki runs, and when it was killed, the newest changes are in a log beside the collection. The
files of the profile are only read: they are copied, and SQLite puts the copies together.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from ankipress.project.door import LARGEST_PACKAGE, open_file
from ankipress.project.file_digests import ChangedMeanwhileError
from ankipress.project.limited_process import Limits, run_limited
from ankipress.project.temporary import temporary_folder

_LIMITS = Limits(seconds=60, memory=2 * 1024**3, answer=1024, file_size=LARGEST_PACKAGE)
_FUNCTION = "ankipress.project.collection_copies:put_together"
_PIECE = 1024**2


@contextmanager
def whole_collection(path: Path) -> Iterator[Path]:
    """A collection with what is in its log: a copy, or the file itself where there is no log.

    Raises LimitError and OSError, ChangedMeanwhileError where Anki writes it meanwhile.
    """
    real = path.resolve()
    log = real.with_name(f"{real.name}-wal")
    if not log.is_file() or log.stat().st_size == 0:
        yield real
        return
    with temporary_folder() as folder:
        copy = folder / "collection.anki2"
        before = _state(real), _state(log)
        _copy(real, copy)
        _copy(log, folder / "collection.anki2-wal")
        if before != (_state(real), _state(log)):
            raise ChangedMeanwhileError(real)
        run_limited(_FUNCTION, _LIMITS, None, str(copy))
        yield copy


def put_together(_: BinaryIO, path: str) -> bytes:
    """Write what is in the log of a database into it."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        pass  # what is wrong with it is said when it is read
    return b""


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _copy(source: Path, target: Path) -> None:
    with open_file(source) as file, target.open("xb") as copy:
        if os.fstat(file.fileno()).st_size > LARGEST_PACKAGE:
            raise OSError(f"{source} is too large")
        while piece := file.read(_PIECE):
            copy.write(piece)
