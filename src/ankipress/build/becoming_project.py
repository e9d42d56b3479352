"""Files without settings become a project: which files those are, and the uid that they bring."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ankipress.build.adoption import adopt
from ankipress.project.location import ProjectLocation, relative
from ankipress.project.nearby_locks import NearbyLock, nearby_locks
from ankipress.project.other_sources import other_sources
from ankipress.project.reading import read_workspace
from ankipress.project.settings import is_pattern


class FormerFiles(NamedTuple):
    """Files with locks: the patterns of their paths, and the uid of the first lock."""

    sources: tuple[str, ...] = ()
    uid: str | None = None


def files_with_locks(folder: Path) -> FormerFiles:
    """The files below a folder that were built without settings, whatever they are called now.

    A file whose lock is not clear is one of them: the first build of the project asks.
    """
    folder = Path(os.path.realpath(folder))
    locks = [each for each in nearby_locks(folder) if _belongs(each, folder)]
    if not locks:
        return FormerFiles()
    paths: set[str] = set()
    for each in locks:
        paths.update(_present(each, folder))
    if any(each.is_orphan for each in locks):
        for path in other_sources(folder, paths):
            if _has_left_lock(folder / path):
                paths.add(path)
    patterns = map(pattern_of, sorted(paths))
    return FormerFiles(tuple(patterns), locks[0].lock.uid)


def _has_left_lock(file: Path) -> bool:
    """Whether a file would go on with a lock that was left behind, or its author must say so."""
    workspace = read_workspace([file])
    adopt(workspace)
    if workspace.adoption is not None and workspace.adoption.rests:
        return True
    return any(each.code == "unclear-lock" for each in workspace.diagnostics)


def pattern_of(path: str) -> str:
    """The pattern that means one path.

    It does not begin as a pattern that leaves files out, or as a path on a drive.
    """
    pattern = re.sub(r"([*?[])", r"[\1]", path)
    if pattern.startswith("!") or not is_pattern(pattern):
        return f"./{pattern}"
    return pattern


def _belongs(
    found: NearbyLock,
    folder: Path,
) -> bool:
    """Whether a lock is below a folder, and in no other project."""
    return found.path.is_relative_to(folder) and ProjectLocation.above(found.path.parent) is None


def _present(
    found: NearbyLock,
    folder: Path,
) -> Iterator[str]:
    for file in found.files:
        if os.path.lexists(file) and file.is_relative_to(folder):
            yield relative(file, folder)
