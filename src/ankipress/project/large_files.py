"""Files of Git LFS: a commit has pointers to them, and the files are in the repository's folder.

They are copied from there and not by `git-lfs`, which runs what a repository's settings name and
reaches the network.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ankipress.project.git_program import GitError
from ankipress.project.source_patterns import MARKDOWN
from ankipress.syntax.media_endings import ENDINGS

_LONGEST_POINTER = 1024
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]*\n)*"
    rb"oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n"
)
_PIECE = 1 << 20
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class _Pointer:
    digest: str
    size: int


def put_in_large_files(place: Path, paths: Iterable[str], git_dir: Path, most: int) -> None:
    """Put the files of Git LFS in the place of their pointers, in a folder that is ours alone.

    A pointer to a file that is not on this machine is an error if cards can show such a file, and
    stays otherwise. All files together have not more than some bytes. Raises GitError.
    """
    for path in paths:
        pointer = _pointer_at(place / path)
        if pointer is None:
            continue
        most -= pointer.size
        if most < 0:
            raise GitError("the files of Git LFS at that revision are too large")
        if not _copy(pointer, git_dir, place / path) and _is_needed(path):
            raise GitError(
                f"{path} at that revision is in Git LFS, and not on this machine",
                "`git lfs fetch --all` fetches the files of all revisions",
            )


def _pointer_at(path: Path) -> _Pointer | None:
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LONGEST_POINTER:
            return None
        found = _POINTER.fullmatch(path.read_bytes())
    except OSError:  # the system has no such name
        return None
    if found is None:
        return None
    return _Pointer(found[1].decode(), int(found[2]))


def _copy(pointer: _Pointer, git_dir: Path, target: Path) -> bool:
    """Copy a file over its pointer, unless it is missing or another one."""
    name = pointer.digest
    source = git_dir / "lfs" / "objects" / name[:2] / name[2:4] / name
    try:
        descriptor = os.open(source, _FLAGS)
    except OSError:  # it is not there, or is a link
        return False
    copied = target.with_name(f".{name}.tmp")
    digest = sha256()
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size != pointer.size:
            return False
        with copied.open("wb") as copy:
            while piece := file.read(_PIECE):
                digest.update(piece)
                copy.write(piece)
    if digest.hexdigest() != name:
        copied.unlink()
        return False
    copied.replace(target)
    return True


def _is_needed(path: str) -> bool:
    ending = Path(path).suffix.lower()
    return ending in MARKDOWN or ending.removeprefix(".") in ENDINGS
