"""The media of a project on disk.

A reference in a stranger's project reads regular files of the project, and nothing else.
"""

from __future__ import annotations

import os
import posixpath
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from ankipress.media.media_folder import LARGEST, MediaFolder, Refusal
from ankipress.project.door import (
    LeadsOutError,
    folders_below,
    names_in,
    open_file,
    real_path,
)
from ankipress.project.file_digests import ChangedMeanwhileError, FileDigests
from ankipress.project.inputs import Inputs
from ankipress.syntax.media_endings import ENDINGS

if TYPE_CHECKING:
    from ankipress.model import MediaContent

# A file without settings may lie in somebody's home: so many files are looked through at most.
_MOST_FILES = 20_000
_PIECE = 2**20  # bytes of a file that are in memory at once
_IGNORED_FOLDERS = frozenset({"venv", "node_modules", "__pycache__", "build"})


@dataclass(frozen=True, slots=True)
class FileContent:
    """The content of a file on disk, which is read when it is needed."""

    path: Path
    size: int
    modified: int
    digest: str

    def open(self) -> BinaryIO:
        """The bytes of the file. Raises ChangedMeanwhileError where it is another one now."""
        file = open_file(self.path)
        status = os.fstat(file.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.size, self.modified):
            file.close()
            raise ChangedMeanwhileError(self.path)
        return file


class DiskMedia:
    """The files below a folder.

    Paths are compared with the names in the listings of folders, so that every system finds the
    same files.
    """

    def __init__(
        self, root: Path, inputs: Inputs | None = None, digests: FileDigests | None = None
    ) -> None:
        self._root = root
        self._inputs = inputs or Inputs()
        self._digests = digests or FileDigests({})
        self._names: list[str] | None = None
        self._listed: dict[Path, frozenset[str]] = {}
        self._real: dict[Path, Path | None] = {}

    def find(self, path: str) -> MediaContent | Refusal:
        """The content of a file inside the project, or why there is none."""
        self._inputs.found(self._root / path, "")
        try:
            found = self._spelled(path)
            if isinstance(found, Refusal):
                return found
            return self._content(found)
        except FileNotFoundError:
            return Refusal.MISSING
        except ChangedMeanwhileError:
            return Refusal.CHANGING
        except (OSError, ValueError):
            return Refusal.UNREADABLE

    def _content(self, spelled: Path) -> MediaContent | Refusal:
        self._inputs.found(spelled, "")
        # Its folder is known to lie inside the project.
        real = spelled
        status = os.lstat(spelled)
        if stat.S_ISLNK(status.st_mode):
            followed = self._inside(spelled)
            if followed is None:
                return Refusal.OUTSIDE
            real = followed
            status = real.stat()
        if not stat.S_ISREG(status.st_mode):
            return Refusal.UNREADABLE
        if status.st_size > LARGEST:
            return Refusal.TOO_LARGE
        digest = self._digests.of(real, status)
        content = FileContent(real, status.st_size, status.st_mtime_ns, digest)
        # It must be readable, and still be what the digest was taken of.
        content.open().close()
        self._inputs.found(spelled, digest)
        return content

    def has(self, path: str) -> bool:
        """Whether there is a file or folder inside the project that is spelled so."""
        try:
            found = self._spelled(path)
            is_there = isinstance(found, Path) and self._inside(found) is not None
        except (OSError, ValueError):
            is_there = False
        self._inputs.present[path] = is_there
        return is_there

    def inside(self, path: str) -> str | None:
        """A path as one inside the project, as far as its words tell; None where it leads out."""
        if path.partition("/")[0] != "..":
            return path
        top = PurePosixPath(self._root.absolute().as_posix())
        joined = PurePosixPath(posixpath.normpath(top / path))
        if joined == top or not joined.is_relative_to(top):
            return None
        return str(joined.relative_to(top))

    def names(self) -> Sequence[str]:
        """The files of the project that could be media, sorted."""
        if self._names is None:
            self._names = sorted(_media_below(self._root))
            self._inputs.media = self._names
        return self._names

    def _spelled(self, path: str) -> Path | Refusal:
        """The file that is spelled so.

        The system itself is not asked: it may not distinguish `A` from `a`, or know device names.
        """
        place = self._root
        for part in path.split("/"):
            if self._inside(place) is None:
                return Refusal.OUTSIDE
            names = self._names_in(place)
            name = _listed_name(part, names)
            if not name:
                return Refusal.MISSING
            place /= name
        return place

    def _inside(self, place: Path) -> Path | None:
        if place not in self._real:
            try:
                self._real[place] = real_path(place, self._root)
            except LeadsOutError:
                self._real[place] = None
        return self._real[place]

    def _names_in(self, folder: Path) -> frozenset[str]:
        if folder not in self._listed:
            self._listed[folder] = names_in(folder, self._root)
        return self._listed[folder]


@dataclass(frozen=True, slots=True)
class WithFiles:
    """The files of a project, and some that will be among them, by path."""

    folder: MediaFolder
    files: Mapping[str, MediaContent]

    def find(self, path: str) -> MediaContent | Refusal:
        """The content of a file."""
        if path in self.files:
            return self.files[path]
        return self.folder.find(path)

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self.files or self.folder.has(path)

    def inside(self, path: str) -> str | None:
        """A path as one inside the project; None where it leads out."""
        return self.folder.inside(path)

    def names(self) -> Sequence[str]:
        """The files that could be media."""
        return self.folder.names()


def _listed_name(part: str, names: frozenset[str]) -> str:
    """A part of a path as it is spelled on disk, empty where it is not there."""
    if part in names:
        return part
    composed = unicodedata.normalize("NFC", part)
    same = [name for name in names if unicodedata.normalize("NFC", name) == composed]
    return min(same, default="")


def _media_below(root: Path) -> Iterator[str]:
    number = 0
    for folder, folders, files in folders_below(root):
        visible = [name for name in folders if not name.startswith(".")]
        folders[:] = sorted(name for name in visible if name not in _IGNORED_FOLDERS)
        number += len(files)
        if number > _MOST_FILES:
            return
        for name in files:
            if name.rpartition(".")[2].lower() in ENDINGS and _is_printable(name):
                yield (folder / name).relative_to(root).as_posix()


def _is_printable(name: str) -> bool:
    """Whether a name is Unicode: some systems have names that are not UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def copy_content(content: MediaContent, file: BinaryIO) -> None:
    """Write a content into an open file, piece by piece. Raises OSError."""
    with content.open() as source:
        while piece := source.read(_PIECE):
            file.write(piece)
