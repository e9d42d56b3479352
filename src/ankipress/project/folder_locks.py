"""Locks on folders: two commands of ankipress that run at once write one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


@contextmanager
def alone_in(folders: Iterable[Path]) -> Iterator[None]:
    """Wait until no other ankipress writes into these folders, and keep others waiting.

    The folders must exist. The system releases the locks of a killed process. Some network disks
    have no locks: there nobody waits, and each file is still written completely.
    """
    with ExitStack() as stack:
        # Always in the same order, so that two processes never wait for each other.
        for folder in sorted(set(folders)):
            stack.enter_context(_alone_in(folder))
        yield


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _alone_in(folder: Path) -> Iterator[None]:
        file = folder / ".ankipress.tmp"
        with file.open("a") as lock:
            with suppress(OSError):
                msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)  # gives up after ten seconds
            yield
        with suppress(OSError):  # another process has opened it
            file.unlink()

else:
    import fcntl

    @contextmanager
    def _alone_in(folder: Path) -> Iterator[None]:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
