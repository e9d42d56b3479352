"""Locks on folders: of two commands of ankipress, one waits for the other, or is told to go.

The system releases the locks of a killed process. Some network disks have no locks.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


class SomebodyElseError(Exception):
    """Another process uses the folder now."""


@contextmanager
def alone_in(folders: Iterable[Path]) -> Iterator[None]:
    """Wait until no other ankipress writes into these folders, and keep others waiting.

    The folders must exist. Where the disk has no locks nobody waits, and each file is still written
    completely.
    """
    with ExitStack() as stack:
        # Always in the same order, so that two processes never wait for each other.
        for folder in sorted(set(folders)):
            stack.enter_context(_locked(folder, ".ankipress.tmp", waits=True))
        yield


@contextmanager
def only_user_of(folder: Path) -> Iterator[bool]:
    """Use a folder alone, until the end. Raises SomebodyElseError and OSError.

    Gives False where the disk has no locks, so that nobody knows whether others use the folder too.
    """
    with _locked(folder, ".ankipress-use.tmp", waits=False) as is_certain:
        yield is_certain


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _locked(folder: Path, name: str, *, waits: bool) -> Iterator[bool]:
        """Lock a file of this name in a folder. Gives whether it is locked."""
        mode = msvcrt.LK_NBLCK
        if waits:
            mode = msvcrt.LK_LOCK  # gives up after ten seconds
        file = folder / name
        with file.open("a") as lock:
            is_locked = True
            try:
                msvcrt.locking(lock.fileno(), mode, 1)
            except OSError as error:
                if isinstance(error, PermissionError) and not waits:
                    raise SomebodyElseError from None
                is_locked = False
            yield is_locked
        with suppress(OSError):  # another process has opened it
            file.unlink()

else:
    import fcntl

    @contextmanager
    def _locked(folder: Path, _name: str, *, waits: bool) -> Iterator[bool]:
        """Lock a folder. Gives whether it is locked."""
        flags = os.O_RDONLY
        mode = fcntl.LOCK_EX
        if not waits:
            flags |= os.O_DIRECTORY | os.O_NOFOLLOW
            mode |= fcntl.LOCK_NB
        descriptor = os.open(folder, flags)
        try:
            is_locked = True
            try:
                fcntl.flock(descriptor, mode)
            except BlockingIOError:
                raise SomebodyElseError from None
            except OSError:
                is_locked = False
            yield is_locked
        finally:
            os.close(descriptor)
