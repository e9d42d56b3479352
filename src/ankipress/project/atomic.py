"""Files that are written completely or not at all."""

from __future__ import annotations

import errno
import filecmp
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ankipress.project.door import open_file, target_inside
from ankipress.project.file_digests import ChangedMeanwhileError
from ankipress.project.folder_locks import alone_in

Writer = Callable[[BinaryIO], object]
"""Writes content into an open file, piece by piece, so that it is never all in memory."""


def digest(content: bytes | None) -> str:
    """The SHA-256 of the content of a file, empty for a file that is not there."""
    if content is None:
        return ""
    return sha256(content).hexdigest()


def write_files(
    contents: Mapping[Path, bytes | Writer],
    as_read: Mapping[Path, str] | None = None,
    inside: Sequence[Path] = (),
) -> None:
    """Write files, each completely or not at all, in this order.

    All contents are written to temporary files before the first file is replaced. `as_read` are
    digests of the files that the contents were made from: if one of them has changed, nothing is
    written. A file that has its content already is left alone. Temporary files of a killed
    ankipress are deleted. Files that are named `inside` some folders are not written through a link
    that leads out of these, since a stranger's repository may have one.

    Raises OSError, with nothing changed, where a folder or the disk refuses. After an interruption
    each file is either as before or complete, and no file is newer than one before it in the order.
    """
    # A link is followed: the file it points to is replaced, and the link stays.
    targets = {target_inside(path, inside): content for path, content in contents.items()}
    for path in targets:
        if path.is_dir():  # found now, not when the files before it are in place
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        with _blamed_on(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    with alone_in(path.parent for path in targets):
        check_unchanged(as_read or {})
        _write_all(targets)


def check_unchanged(as_read: Mapping[Path, str]) -> None:
    """Raise ChangedMeanwhileError where files no longer have the digests that they had."""
    for path, known in as_read.items():
        if digest(_content(path)) != known:
            raise ChangedMeanwhileError(path)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read, completely or not at all, in a folder in which the
    caller is alone. Raises OSError.
    """
    _clear_leftovers(path)
    temporary = _write_temporary(path, content)
    try:
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _settle(path.parent)


def _write_all(targets: Mapping[Path, bytes | Writer]) -> None:
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in targets.items():
            _clear_leftovers(path)
            if isinstance(content, bytes) and _holds(path, content):
                continue
            with _blamed_on(path):
                temporary = _write_temporary(path, content)
                written.append((temporary, path))
                temporary.chmod(_permissions(path))
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
    """Let errors name the file that was to be written, not the temporary one."""
    try:
        yield
    except ChangedMeanwhileError:
        raise
    except OSError as error:
        error.filename = str(path)
        error.filename2 = None
        raise


def _content(path: Path) -> bytes | None:
    """What is in a file, None where it is not there."""
    real = Path(os.path.realpath(path))
    try:
        with open_file(real) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file has a content already. What is no file is replaced, and not read."""
    if not path.is_file() or path.stat().st_size != len(content):
        return False
    return _content(path) == content


def _clear_leftovers(target: Path) -> None:
    """Delete temporary files of a killed ankipress. Nobody else writes here now."""
    prefix = _prefix(target)
    with suppress(OSError):
        for name in os.listdir(target.parent):
            if name.startswith(prefix) and re.fullmatch(r"[a-z0-9_]{8}\.tmp", name[len(prefix) :]):
                (target.parent / name).unlink()


def _prefix(target: Path) -> str:
    return f".{target.name[:50]}."


def _settle(folder: Path) -> None:
    """Wait until the new name is on disk, so that a loss of power cannot change the order."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_temporary(target: Path, content: bytes | Writer) -> Path:
    """Write a file beside another one. Nobody else may read it yet."""
    descriptor, name = tempfile.mkstemp(prefix=_prefix(target), suffix=".tmp", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
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
