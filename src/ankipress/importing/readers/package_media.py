"""The media of a package, which are read from it when they are needed, some of them at a time."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ankipress.diff.package_files import read_few_files
from ankipress.model import MediaContent
from ankipress.package.unpacking import FoundFile, PackageError
from ankipress.project.file_digests import ChangedMeanwhileError

_BYTES_AT_ONCE = 64 * 1024**2
_LETTERS_AT_ONCE = 16_000  # of names: Windows limits the length of a command line


def package_media(path: Path, files: Mapping[str, FoundFile]) -> Mapping[str, MediaContent]:
    """The contents of media of a package. To open them one after the other, in the order in which
    they are here, is fastest: a few megabytes of them are in memory at a time.
    """
    batches = _Batches(path, files)
    return {
        name: _PackedContent(name, each.size, each.digest, batches)
        for name, each in sorted(files.items())
    }


@dataclass(frozen=True, slots=True)
class _PackedContent:
    """The content of a file in a package."""

    name: str
    size: int
    digest: str
    batches: _Batches

    def open(self) -> BinaryIO:
        """The bytes from their start. Raises OSError where the package has changed since."""
        content = self.batches.read(self.name)
        if sha256(content).hexdigest() != self.digest:
            raise ChangedMeanwhileError(self.batches.path)
        return io.BytesIO(content)


class _Batches:
    """The files of a package by groups, of which the last that was asked for is in memory."""

    def __init__(self, path: Path, files: Mapping[str, FoundFile]) -> None:
        self.path = path
        self._group_of: dict[str, list[str]] = {}
        self._last: Mapping[str, bytes] = {}
        for group in _groups(files):
            self._group_of |= dict.fromkeys(group, group)

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        if name not in self._last:
            self._last = {}
            try:
                self._last = read_few_files(self.path, self._group_of[name])
            except PackageError as error:
                raise OSError(errno.EIO, str(error), str(self.path)) from error
        return self._last[name]


def _groups(files: Mapping[str, FoundFile]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    letters = 0
    for name, file in sorted(files.items()):
        size += file.size
        letters += len(name) + 1
        if group and (size > _BYTES_AT_ONCE or letters > _LETTERS_AT_ONCE):
            yield group
            group = []
            size = file.size
            letters = len(name) + 1
        group.append(name)
    if group:
        yield group
