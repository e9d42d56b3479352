"""Files written whole or not at all."""

from __future__ import annotations

import errno
import filecmp
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ankipress.project.containment import alone_in, target_of
from ankipress.project.file_digests import ChangedMeanwhileError

Writer = Callable[[BinaryIO], object]
"""Writes the content of a file into an open one: for what need not be in memory as a whole."""


def digest(content: bytes | None) -> str:
    """The SHA-256 of what is in a file, empty where there is none, or it cannot be read."""
    return "" if content is None else sha256(content).hexdigest()


def write_files(
    contents: Mapping[Path, bytes | Writer],
    as_read: Mapping[Path, str] | None = None,
    inside: Path | None = None,
) -> None:
    """Write each file whole, in this order, and none before all could be written beside their
    places.

    `as_read` are the digests of the files that the contents were made of: where one of them is
    another now, nothing is written. A file that holds its content already is left alone. What a
    killed ankipress left beside these files is deleted. What stands `inside` a project is not
    written through a link that leads out of it: a stranger's repository may hold one.

    Raises OSError, with nothing changed, where a folder or the disk refuses. After an interruption
    each file is either as before or complete, and those that come first in the order are never
    behind the others.
    """
    # A link is followed: the file it points to is replaced, and the link stays.
    targets = {target_of(path, inside): content for path, content in contents.items()}
    for path in targets:
        if path.is_dir():  # found now, not when the files before it are in place
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        with _blamed_on(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    with alone_in(path.parent for path in targets):
        for path, known in (as_read or {}).items():
            if digest(_content(path)) != known:
                raise ChangedMeanwhileError(path)
        _write_all(targets)


def _write_all(targets: Mapping[Path, bytes | Writer]) -> None:
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in targets.items():
            _clear_leftovers(path)
            if isinstance(content, bytes) and _content(path) == content:
                continue
            with _blamed_on(path):
                written.append((_write_beside(path, content), path))
        for temporary, path in written:
            if path.exists() and filecmp.cmp(temporary, path, shallow=False):
                continue
            with _blamed_on(path):
                os.replace(temporary, path)
            _settle(path.parent)
    finally:
        for path in targets:
            _clear_leftovers(path)


@contextmanager
def _blamed_on(path: Path) -> Iterator[None]:
    """Errors name the file that was to be written, not the one beside it."""
    try:
        yield
    except ChangedMeanwhileError:
        raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _content(path: Path) -> bytes | None:
    """What is in a file, None where it is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _clear_leftovers(target: Path) -> None:
    """Delete what a killed ankipress left: nobody else writes here now."""
    prefix = _prefix(target)
    with suppress(OSError):
        for name in os.listdir(target.parent):
            if name.startswith(prefix) and re.fullmatch(r"[a-z0-9_]{8}\.tmp", name[len(prefix) :]):
                (target.parent / name).unlink()


def _prefix(target: Path) -> str:
    return f".{target.name[:50]}."


def _settle(folder: Path) -> None:
    """Wait until the disk has the new name too: after a loss of power the files must not come back
    in another order.
    """
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_beside(target: Path, content: bytes | Writer) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=_prefix(target), suffix=".tmp", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_permissions(target))
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, else those that a new file would get."""
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
