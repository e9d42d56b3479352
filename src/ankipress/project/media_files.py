"""The media of a project on disk. A stranger's reference reads no file outside the project, and
nothing but files.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.media.media_folder import ENDINGS, LARGEST, MediaFolder, Refusal
from ankipress.project.atomic import digest
from ankipress.project.location import real_path

# That are looked through for what a reference may have meant: a file may lie in somebody's home.
_MOST_FILES = 20_000
_IGNORED_FOLDERS = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", "build"})
# A pipe must not hold the build up, and of a link that appears behind our back nothing is read.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


class DiskMedia:
    """The files below a folder, each found by the names that the system lists, so that every system
    finds the same.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        # Of what was read or is missing, as it was asked for and as the disk spells it; None where
        # it could not be read.
        self.digests: dict[str, str | None] = {}
        self.looked_up: dict[str, bool] = {}
        self._names: list[str] | None = None
        self._listed: dict[Path, list[str]] = {}
        self._real: dict[Path, Path | None] = {}

    def read(self, path: str) -> bytes | Refusal:
        """The content of a file inside the project, or why there is none."""
        self.digests[path] = None
        try:
            found = self._find(path)
            return found if isinstance(found, Refusal) else self._read(path, found)
        except FileNotFoundError:
            return Refusal.MISSING
        except (OSError, ValueError):
            return Refusal.UNREADABLE

    def _read(self, path: str, found: Path) -> bytes | Refusal:
        spelled = found.relative_to(self._root).as_posix()
        self.digests[spelled] = None
        real = self._inside(found)
        content = Refusal.OUTSIDE if real is None else _content(real)
        if isinstance(content, bytes):
            self.digests[path] = self.digests[spelled] = digest(content)
        return content

    def has(self, path: str) -> bool:
        """Whether there is a file or folder inside the project that is spelled so."""
        try:
            found = self._find(path)
            is_there = isinstance(found, Path) and self._inside(found) is not None
        except (OSError, ValueError):
            is_there = False
        self.looked_up[path] = is_there
        return is_there

    def names(self) -> Sequence[str]:
        """The files of the project that could be media, sorted."""
        if self._names is None:
            self._names = sorted(self._walk())
        return self._names

    def _find(self, path: str) -> Path | Refusal:
        """The file that is spelled so. A disk that does not tell `A` from `a`, or knows device
        names, is not asked.
        """
        place = self._root
        for part in path.split("/"):
            if self._inside(place) is None:
                return Refusal.OUTSIDE
            names = self._names_in(place)
            if part not in names:
                composed = unicodedata.normalize("NFC", part)
                same = (name for name in names if unicodedata.normalize("NFC", name) == composed)
                part = next(same, "")  # noqa: PLW2901 - the same name in the letters of the disk
            if not part:
                return Refusal.MISSING
            place /= part
        return place

    def _inside(self, place: Path) -> Path | None:
        if place not in self._real:
            self._real[place] = real_path(place, self._root)
        return self._real[place]

    def _names_in(self, folder: Path) -> list[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = sorted(os.listdir(folder))
            except (FileNotFoundError, NotADirectoryError):
                self._listed[folder] = []
        return self._listed[folder]

    def _walk(self) -> Iterable[str]:
        seen = 0
        for folder, folders, files in os.walk(self._root):
            folders[:] = sorted(name for name in folders if name not in _IGNORED_FOLDERS)
            seen += len(files)
            if seen > _MOST_FILES:
                return
            for name in files:
                if name.rpartition(".")[2].lower() in ENDINGS and _is_text(name):
                    yield (Path(folder) / name).relative_to(self._root).as_posix()


@dataclass(frozen=True, slots=True)
class WithFiles:
    """The files of a project, and some that will be among them, by path."""

    folder: MediaFolder
    files: Mapping[str, bytes]

    def read(self, path: str) -> bytes | Refusal:
        """The content of a file."""
        return self.files[path] if path in self.files else self.folder.read(path)

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self.files or self.folder.has(path)

    def names(self) -> Sequence[str]:
        """The files that could be media."""
        return self.folder.names()


def _is_text(name: str) -> bool:
    """Whether a name can be printed: some systems have names that are not UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _content(file: Path) -> bytes | Refusal:
    """The bytes of a file that is one, and that nobody writes to meanwhile."""
    if not stat.S_ISREG(file.stat().st_mode):
        return Refusal.UNREADABLE
    descriptor = os.open(file, _FLAGS)
    with os.fdopen(descriptor, "rb") as opened:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            return Refusal.UNREADABLE
        if before.st_size > LARGEST:
            return Refusal.TOO_LARGE
        content = opened.read(before.st_size + 1)
        after = os.fstat(descriptor)
    is_same = (
        len(content) == before.st_size == after.st_size and before.st_mtime_ns == after.st_mtime_ns
    )
    return content if is_same else Refusal.CHANGING
