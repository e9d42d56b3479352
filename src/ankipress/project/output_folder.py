"""A folder of files that is put in place as a whole."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ankipress.project.containment import alone_in, target_of


def write_folder(
    folder: Path, contents: Mapping[str, bytes], marker: str, inside: Path | None = None
) -> None:
    """Put a folder in place that holds exactly these files, by their paths, and a file `marker`:
    the sign that it is ours.

    Raises OSError, with the folder as it was, where it cannot be written, or holds files and no
    marker: they are another's. A reader sees the old folder or the new one, never a half of each.
    What a killed ankipress left beside it goes. What stands `inside` a project is not written
    through a link that leads out of it.
    """
    target = target_of(folder, inside)
    prefix = f".{target.name[:50]}.folder-"
    target.parent.mkdir(parents=True, exist_ok=True)
    with alone_in([target.parent]):
        if target.exists() and not _is_ours(target, marker):
            raise FileExistsError(
                errno.EEXIST, "there are files that ankipress did not make", str(folder)
            )
        for leftover in target.parent.glob(f"{prefix}*.tmp"):
            shutil.rmtree(leftover, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=prefix, suffix=".tmp", dir=target.parent) as name:
            _fill(Path(name) / "new", {**contents, marker: b""})
            _exchange(target, Path(name) / "new", Path(name) / "old")


def _is_ours(target: Path, marker: str) -> bool:
    return (target / marker).is_file() or (target.is_dir() and not any(target.iterdir()))


def _fill(folder: Path, contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _exchange(target: Path, new: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
