"""Folders that one process uses at a time. Another one is told so, and does not wait."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class SomebodyElseError(Exception):
    """Another process uses the folder now."""


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def only_user_of(folder: Path) -> Iterator[bool]:
        """Use a folder alone, until the end. Raises SomebodyElseError and OSError.

        The system ends the use of a killed process. Gives False where the disk has no locks, so
        that nobody knows whether others use the folder too.
        """
        file = folder / ".ankipress-use.tmp"
        with file.open("a") as lock:
            is_certain = True
            try:
                msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
            except PermissionError:
                raise SomebodyElseError from None
            except OSError:
                is_certain = False
            yield is_certain
        with suppress(OSError):  # another process has opened it
            file.unlink()

else:
    import fcntl

    @contextmanager
    def only_user_of(folder: Path) -> Iterator[bool]:
        """Use a folder alone, until the end. Raises SomebodyElseError and OSError.

        The system ends the use of a killed process. Gives False where the disk has no locks, so
        that nobody knows whether others use the folder too.
        """
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            is_certain = True
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SomebodyElseError from None
            except OSError:
                is_certain = False
            yield is_certain
        finally:
            os.close(descriptor)
