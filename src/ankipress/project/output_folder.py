"""Folders that are written completely or not at all."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ankipress.project.atomic import check_unchanged
from ankipress.project.door import LeadsOutError, is_named_inside, target_inside
from ankipress.project.folder_locks import alone_in


def write_folder(
    folder: Path,
    contents: Mapping[str, bytes],
    marker: str,
    inside: Sequence[Path] = (),
    as_read: Mapping[Path, str] | None = None,
) -> None:
    """Replace a folder by one with exactly these files, by path, and an empty file `marker`.

    The marker tells that ankipress wrote the folder. Raises OSError, with the folder as it was, if
    it cannot be written, or if it has files and no marker. A reader sees the old folder or the new
    one. Temporary folders of a killed ankipress are deleted. A folder that is named `inside` others
    is not written through a link that leads out of these. No file leads out of the folder.
    Nothing is written where the files of `as_read` no longer have their digests.
    """
    target = target_inside(folder, inside)
    prefix = f".{target.name[:50]}.folder-"
    target.parent.mkdir(parents=True, exist_ok=True)
    with alone_in([target.parent]):
        check_unchanged(as_read or {})
        if target.exists() and not _is_ours(target, marker):
            message = "there are files that ankipress did not make"
            raise FileExistsError(errno.EEXIST, message, str(folder))
        for leftover in target.parent.glob(f"{prefix}*.tmp"):
            shutil.rmtree(leftover, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=prefix, suffix=".tmp", dir=target.parent) as name:
            new = Path(name) / "new"
            _fill(new, {**contents, marker: b""})
            _exchange(target, new, Path(name) / "old")


def _is_ours(target: Path, marker: str) -> bool:
    """Whether ankipress wrote a folder, or the folder is empty."""
    if (target / marker).is_file():
        return True
    return target.is_dir() and not any(target.iterdir())


def _fill(folder: Path, contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        file = folder / path
        if not is_named_inside(file, folder):
            raise LeadsOutError(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _exchange(target: Path, new: Path, old: Path) -> None:
    try:
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
