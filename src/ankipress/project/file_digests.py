"""Remembered digests of files, so that hundreds of pictures are not read in every build."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from pathlib import Path

import msgspec

from ankipress.project.door import open_file

_SAFE_AGE = 2_000_000_000  # nanoseconds, which is the coarsest time stamp of a file system (FAT)


class ChangedMeanwhileError(OSError):
    """A file has changed since it was read, so results made from it must not be written."""

    def __init__(self, path: Path) -> None:
        message = "something else changed it meanwhile: run the command again"
        super().__init__(errno.EBUSY, message, str(path))


class FileStamp(msgspec.Struct, frozen=True, array_like=True):
    """The status of a file, and the digest that it had then."""

    size: int
    modified: int  # nanoseconds since 1970
    inode: int
    digest: str


class FileDigests:
    """The SHA-256 of files, 64 hexadecimal digits.

    A file is not read again while its size, time and inode stay the same. The digest of a file that
    was written just before it was read is not remembered, since the file could change again without
    a different time. Git's index has the same rule.
    """

    def __init__(self, known: dict[str, FileStamp]) -> None:
        self._known = known
        self.fresh: dict[str, FileStamp] = {}
        """The digests of files that were read, to be remembered."""

    def of(self, path: Path, status: os.stat_result) -> str:
        """The digest of a file, given its status. Raises OSError."""
        key = str(path)
        known = self._known.get(key)
        about = (status.st_size, status.st_mtime_ns, status.st_ino)
        if known and (known.size, known.modified, known.inode) == about:
            return known.digest
        started = time.time_ns()
        digest = digest_of_file(path)
        if status.st_mtime_ns + _SAFE_AGE < started:
            self._known[key] = self.fresh[key] = FileStamp(*about, digest)
        return digest


def digest_of_file(path: Path) -> str:
    """The SHA-256 of a file, links followed. Raises OSError."""
    real = Path(os.path.realpath(path))
    with open_file(real) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
