"""The one door to the files of a project.

A path is resolved before anything is read, listed, written or deleted there, and must then lie in
the top folder of the project. Links may lead from one place in the project to another. What is not
a plain file is not opened, and of no file is more read than it can reasonably hold.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

LARGEST_SETTINGS = 10 * 1024 * 1024
"""Bytes of a file of settings; `pyproject.toml` holds those of other tools too."""
LARGEST_TEXT = 100 * 1024 * 1024
"""Bytes of a source, a file of a note type, or a changelog."""
LARGEST_LOCK = 500 * 1024 * 1024
"""Bytes of a lock, or of tombstones: some hundreds for each note."""
LARGEST_PACKAGE = 4 * 1024 * 1024 * 1024
"""Bytes of a package, or of another file that was written before."""

# Opening a pipe must not wait for its other end, and a link that replaced the file since its path
# was resolved must not be followed.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


class RefusedFileError(OSError):
    """A file of a project that is not opened, though the system might allow it.

    `help` says what to do.
    """

    def __init__(self, path: Path, reason: str, help: str) -> None:
        super().__init__(errno.EACCES, reason, str(path))
        self.help = help


class LeadsOutError(RefusedFileError):
    """A path that leads out of the project by a link."""

    def __init__(self, path: Path) -> None:
        reason = "a link leads from there out of the project"
        super().__init__(path, reason, "replace the link by what it leads to")


def help_with(error: OSError) -> str:
    """What to do about a file that cannot be read."""
    if isinstance(error, RefusedFileError):
        return error.help
    return "check that you may read it"


def real_path(path: Path, root: Path) -> Path:
    """The path with all links followed, of what is there.

    Raises LeadsOutError where that is outside the folder `root`, and OSError where nothing is
    there.
    """
    try:
        real = Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        target_of(path, root)  # a link to nothing may lead out too
        raise
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LeadsOutError(path) from None
        raise
    return _inside(real, path, root)


def target_of(path: Path, root: Path) -> Path:
    """The path with all links followed, where something may be written. Raises LeadsOutError."""
    real = Path(os.path.realpath(path))
    if _is_link(real):  # links in circles lead nowhere
        raise LeadsOutError(path)
    return _inside(real, path, root)


def target_inside(path: Path, folders: Sequence[Path]) -> Path:
    """The path with all links followed, where something may be written.

    It must lie in those of some folders in which it is named. A path that is named in none is the
    user's own word. Raises LeadsOutError.
    """
    for folder in folders:
        if is_named_inside(path, folder):
            target_of(path, folder)
    return Path(os.path.realpath(path))


def _inside(real: Path, path: Path, root: Path) -> Path:
    top = os.path.realpath(root)
    if not real.is_relative_to(top):
        raise LeadsOutError(path)
    return real


def leads_out(path: Path, root: Path) -> bool:
    """Whether a path that is named inside a project leads out of it by a link, or in circles."""
    if not is_named_inside(path, root):
        return False
    try:
        target_of(path, root)
    except (LeadsOutError, ValueError):
        return True
    return False


def is_named_inside(path: Path, root: Path) -> bool:
    """Whether the words of a path name a place in a folder, wherever links may lead."""
    named = Path(os.path.abspath(path))
    top = os.path.abspath(root)
    return named.is_relative_to(top)


def read_file(path: Path, root: Path, most: int) -> bytes:
    """What is in a file. Raises RefusedFileError and other OSErrors.

    A file of more than `most` bytes is refused.
    """
    real = real_path(path, root)
    with open_file(real) as file:
        status = os.fstat(file.fileno())
        size = status.st_size
        if size > most:
            raise _too_large(path, most)
        content = file.read(size + 1)
        if len(content) > size:  # it grows meanwhile
            rest = most - size
            content += file.read(rest)
        if len(content) > most:
            raise _too_large(path, most)
    return content


def open_file(real: Path) -> BufferedReader:
    """A file whose path was resolved, open to be read.

    Raises OSError, and RefusedFileError where it is not a plain file.
    """
    status = os.lstat(real)
    if not stat.S_ISREG(status.st_mode):  # to open a device may have an effect
        raise _no_plain_file(real)
    descriptor = os.open(real, _FLAGS)
    file = os.fdopen(descriptor, "rb")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        file.close()
        raise _no_plain_file(real)
    return file


def _no_plain_file(path: Path) -> RefusedFileError:
    return RefusedFileError(path, "it is not a file", "put a plain file there")


def _too_large(path: Path, most: int) -> RefusedFileError:
    megabytes = most // 1024 // 1024
    reason = f"it is larger than {megabytes} MB"
    return RefusedFileError(path, reason, "split it, or put the right file there")


def is_file(path: Path, root: Path) -> bool:
    """Whether there is a plain file. Raises LeadsOutError."""
    real = target_of(path, root)
    try:
        status = real.stat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode)


def is_there(path: Path, folders: Sequence[Path]) -> bool:
    """Whether there is anything at a path that `target_inside` takes, be it a link to nothing.

    Raises LeadsOutError.
    """
    target_inside(path, folders)
    return os.path.lexists(path)


def names_in(folder: Path, root: Path) -> frozenset[str]:
    """The names in a folder, none where there is no folder. Raises OSError."""
    try:
        real = real_path(folder, root)
        names = os.listdir(real)
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    return frozenset(names)


class Found(NamedTuple):
    """What is in a folder. Of a link, `is_folder` tells of what it leads to."""

    folder: Path
    name: str
    is_link: bool
    is_folder: bool

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / self.name


def entries_in(folder: Path) -> Iterator[Found]:
    """What is in a folder of a project that was reached through the door; nothing where it cannot
    be listed.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            is_link = entry.is_symlink()
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_link:
                is_folder = _is_folder(folder / entry.name)
            yield Found(folder, entry.name, is_link, is_folder)


def entry_at(path: Path) -> Found | None:
    """What is at a path, whose folder was reached through the door; None for nothing."""
    if not os.path.lexists(path):
        return None
    is_link = _is_link(path)
    is_folder = _is_folder(path)
    return Found(path.parent, path.name, is_link, is_folder)


def _is_link(path: Path) -> bool:
    """Whether there is a link. Whatever the system has against a path, there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISLNK(status.st_mode)


def _is_folder(path: Path) -> bool:
    """Whether there is a folder, links followed."""
    try:
        status = path.stat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode)


def is_around(link: Path) -> bool:
    """Whether a link leads to a folder that it lies in itself."""
    folder = Path(os.path.realpath(link.parent))
    target = os.path.realpath(link)
    return folder.is_relative_to(target)


def folders_below(root: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """A folder and those below it, each with the names of its folders and of all else in it.

    No link is followed. Names of folders that are taken out of the list are not looked into.
    """
    for folder, folders, files in os.walk(root):
        yield Path(folder), folders, files


def delete_file(path: Path, root: Path) -> None:
    """Delete a file, or a link, where there is one. Raises OSError."""
    real_folder = target_of(path.parent, root)
    (real_folder / path.name).unlink(missing_ok=True)
