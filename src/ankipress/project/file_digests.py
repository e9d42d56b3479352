"""Digests of files, remembered: hundreds of pictures need not be read for every build."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from pathlib import Path

import msgspec

_SAFE_AGE = 2_000_000_000  # nanoseconds, which is the coarsest time stamp of a file system (FAT)


class ChangedMeanwhileError(OSError):
    """A file is no longer what it was when it was read, so what was made of it must not be
    written.
    """

    def __init__(self, path: Path) -> None:
        message = "something else changed it meanwhile: run the command again"
        super().__init__(errno.EBUSY, message, str(path))


class FileStamp(msgspec.Struct, frozen=True, array_like=True):
    """A file as the system describes it, and the digest that it had then."""

    size: int
    modified: int  # nanoseconds since 1970
    inode: int
    digest: str


class FileDigests:
    """The SHA-256 of files, 64 hexadecimal digits.

    A file whose size, time and inode are what they were is not read again, unless it was written
    so shortly before it was read that it could have changed since without another time: the rule of
    git's index.
    """

    def __init__(self, known: dict[str, FileStamp]) -> None:
        self._known = known
        self.fresh: dict[str, FileStamp] = {}
        """What was read since, as far as it can be believed later."""

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
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
