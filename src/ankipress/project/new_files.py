"""Many new files in a folder, all of them or none."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ankipress.project.atomic import Writer
from ankipress.project.door import LeadsOutError, is_named_inside
from ankipress.project.folder_locks import alone_in

_PREFIX = ".ankipress-new-"


def write_new(folder: Path, contents: Mapping[str, bytes | Writer]) -> None:
    """Write files, by their paths in a folder, none of which is there.

    They are written elsewhere. A new folder then takes its place with all of them. Into one that is
    there its entries are moved, in the order of the first files in them: so the last file tells
    that all is there. Raises OSError, with nothing written, and FileExistsError where one of the
    entries is there already.
    """
    if os.path.lexists(folder):
        _write_into(folder, contents)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with alone_in([folder.parent]), _staging(folder.parent) as stage:
        new = stage / "new"
        new.mkdir()
        _fill(new, contents)
        refuse_existing(folder.parent, [folder.name])
        new.rename(folder)


def _write_into(folder: Path, contents: Mapping[str, bytes | Writer]) -> None:
    entries = list(dict.fromkeys(path.split("/", 1)[0] for path in contents))
    with alone_in([folder]), _staging(folder) as stage:
        refuse_existing(folder, entries)
        _fill(stage, contents)
        _take_places(stage, folder, entries)


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder in another one, until the end. What a killed ankipress has left there is deleted."""
    _clear_leftovers(folder)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=folder) as name:
        yield Path(name)


def refuse_existing(folder: Path, entries: Sequence[str]) -> None:
    """Raise FileExistsError if a folder has one of these entries."""
    for each in entries:
        if os.path.lexists(folder / each):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder / each))


def _clear_leftovers(folder: Path) -> None:
    """Delete what a killed ankipress has left. Nobody else writes here now."""
    for each in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(each, ignore_errors=True)


def _fill(folder: Path, contents: Mapping[str, bytes | Writer]) -> None:
    for path, content in contents.items():
        file = folder / path
        if not is_named_inside(file, folder):
            raise LeadsOutError(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            if isinstance(content, bytes):
                stream.write(content)
            else:
                content(stream)


def _take_places(source: Path, folder: Path, entries: Sequence[str]) -> None:
    """Move entries into a folder; back again where one cannot be moved."""
    moved: list[str] = []
    try:
        for each in entries:
            refuse_existing(folder, [each])
            (source / each).rename(folder / each)
            moved.append(each)
    except BaseException:
        for each in moved:
            (folder / each).rename(source / each)
        raise
