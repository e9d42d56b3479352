"""Locks of files without settings, near a project that has no lock yet: its files may be those.

A file is renamed, or moved to another folder, or becomes part of a project, and its lock stays
behind under its old name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from ankipress.identity.lock import read_lock
from ankipress.model import Lock
from ankipress.project.door import LARGEST_LOCK, folders_below, names_in, read_file
from ankipress.project.location import ProjectLocation
from ankipress.syntax.decoding import decode

LOCK_ENDING = ".ankipress.lock"
"""The end of the name of a lock of files without settings; before it stands the name of the file,
or of the folder of several files.
"""
_MOST_FOLDERS = 200  # that are looked into
_MOST_LOCKS = 100  # that are read
_NOT_OURS = frozenset({"node_modules", "site-packages"})


@dataclass(frozen=True, slots=True)
class NearbyLock:
    """A lock of files without settings. `files` are those that its cards stand in."""

    path: Path
    lock: Lock
    files: tuple[Path, ...]

    @property
    def is_orphan(self) -> bool:
        """Whether none of its files is there any more."""
        return not any(map(os.path.lexists, self.files))

    @property
    def guids(self) -> frozenset[str]:
        """The guids of its notes."""
        return frozenset(record.guid for record in self.lock.records)


def nearby_locks(folder: Path) -> list[NearbyLock]:
    """The locks of files without settings around a folder, sorted by path.

    They are looked for in the folder, those above and those below, up to the top of the project or
    repository. No link is followed. Of what is too much, the nearest is taken.
    """
    folder = Path(os.path.realpath(folder))
    top = _top_around(folder)
    found: dict[Path, NearbyLock] = {}
    for each in _folders(folder, top):
        for name in sorted(_names(each)):
            if name.endswith(LOCK_ENDING) and len(found) < _MOST_LOCKS:
                found |= {lock.path: lock for lock in _read(each / name)}
    return [found[path] for path in sorted(found)]


def lock_beside(file: Path) -> list[NearbyLock]:
    """The lock that a file had where it was built without settings; none where it had none."""
    path = file.with_name(file.name.removesuffix(".md") + LOCK_ENDING)
    if not os.path.lexists(path):
        return []
    return read_nearby(path)


def read_nearby(path: Path) -> list[NearbyLock]:
    """The lock at a path; none where it cannot be read."""
    folder = Path(os.path.realpath(path.parent))
    return list(_read(folder / path.name))


def _top_around(folder: Path) -> Path | None:
    """The top folder of the project or repository that a folder is in, or else the current folder
    where that lies above; None for a folder in none of them.
    """
    project = ProjectLocation.above(folder)
    if project is not None:
        return Path(os.path.realpath(project.root))
    for each in (folder, *folder.parents):
        if os.path.lexists(each / ".git"):
            return each
    current = Path.cwd().resolve()
    if folder != current and folder.is_relative_to(current):
        return current
    return None


def _folders(
    folder: Path,
    top: Path | None,
) -> Iterator[Path]:
    """Each folder in which to look, once, the nearest first: none above a folder that is in no
    project.
    """
    above = [folder]
    starts = [folder]
    if top is not None:
        above = [each for each in (folder, *folder.parents) if each.is_relative_to(top)]
        starts.append(top)
    yield from above
    below = chain.from_iterable(map(_below, starts))
    for each in islice(below, _MOST_FOLDERS):
        if each not in above:
            yield each


def _below(start: Path) -> Iterator[Path]:
    for folder, folders, _ in folders_below(start):
        folders[:] = [name for name in sorted(folders) if name not in _NOT_OURS]
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield folder


def _names(folder: Path) -> frozenset[str]:
    try:
        return names_in(folder, folder)
    except OSError:  # it may not be listed
        return frozenset()


def _read(path: Path) -> Iterator[NearbyLock]:
    """The lock in a file; nothing where it cannot be read, or is wrong."""
    if path.is_symlink():
        return
    try:
        content = read_file(path, path.parent, LARGEST_LOCK)
    except OSError:
        return
    source, _ = decode(content, path.name)
    if source is None:
        return
    lock, problems = read_lock(source.text, path.name)
    if problems or lock.uid is None or not lock.records:
        return
    active = {record.path for record in lock.active}
    paths = active or {record.path for record in lock.records}
    files = tuple(path.parent / each for each in sorted(paths))
    yield NearbyLock(path, lock, files)
