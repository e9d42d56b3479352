"""What a writer of files asks first: whether it is alone in a folder, and whether a place is where
it seems to be.

Two commands of ankipress that run at once take turns.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


@contextmanager
def alone_in(folders: Iterable[Path]) -> Iterator[None]:
    """Wait until no other ankipress writes into these folders, which must be there, and keep others
    waiting until the end.

    The system lets go of what a killed process held. Where a disk knows no such thing, as some
    network disks do not, nobody waits: each file is still written whole.
    """
    with ExitStack() as stack:
        # In one order everywhere: two that waited for each other would wait for ever.
        for folder in sorted(set(folders)):
            stack.enter_context(_alone_in(folder))
        yield


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _alone_in(folder: Path) -> Iterator[None]:
        file = folder / ".ankipress.tmp"
        with file.open("a") as held:
            with suppress(OSError):
                msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)  # gives up after ten seconds
            yield
        with suppress(OSError):  # another holds it
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


def target_of(path: Path, inside: Path | None) -> Path:
    """The file or folder that a path means when all links are followed.

    Raises PermissionError where it stands `inside` a project and a link leads from there out of it.
    """
    if inside and leads_out(path, inside):
        raise PermissionError(errno.EACCES, "a link leads from there out of the project", str(path))
    return path.resolve()


def leads_out(path: Path, root: Path) -> bool:
    """Whether a place in a project is really outside it, by a link."""
    try:
        named = Path(os.path.abspath(path))
        return named.is_relative_to(root) and not path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a circle of links
        return True
