"""The locks that git remembers: how a deck grew, and how its notes were packed."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from ankipress.identity.lock import read_lock
from ankipress.model import Lock
from ankipress.project.git import LARGEST_TEXT, work_tree_of
from ankipress.project.git_program import GitError, run_git

_GUID = re.compile(r'\{"guid":("(?:[^"\\]|\\.)*")')
_MOST = 400  # commits that are read; of more, some are left out evenly


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lock as it was on a day such as `2026-01-31`, and the commit that it is from. What is
    unknown is empty.
    """

    day: str
    lock: Lock
    commit: str = ""


@dataclass(frozen=True, slots=True)
class _Version:
    """A lock in git: when it was committed, in seconds since 1970, and its object and size."""

    seconds: int
    commit: bytes
    object: bytes
    size: int


def lock_history(path: Path, guids: frozenset[str] | None = None) -> Sequence[Snapshot]:
    """The lock at each commit that changed it, oldest first. Empty without git.

    With `guids` it is the part of each lock that is about these notes.
    """
    try:
        return tuple(_snapshots(path, guids))
    except GitError:
        return ()


def _snapshots(path: Path, guids: frozenset[str] | None) -> Iterator[Snapshot]:
    tree = work_tree_of(path.parent)
    name = tree.path_of(path)
    versions = _thinned(list(_versions(tree.top, name)))
    objects = b"".join(each.object + b"\n" for each in versions)
    stream = BytesIO(run_git(tree.top, "cat-file", "--batch", stdin=objects))
    for version in versions:
        stream.readline()
        content = stream.read(version.size).decode("utf-8", "replace")
        stream.readline()  # the line end after each file
        if content:
            day = datetime.fromtimestamp(version.seconds, UTC).date()
            if guids is not None:
                content = _part_about(content, guids)
            lock = read_lock(content)[0]
            yield Snapshot(day.isoformat(), lock, version.commit.decode())


def _part_about(content: str, guids: frozenset[str]) -> str:
    """The lines of a lock about some notes, and its header."""
    written = {json.dumps(guid) for guid in guids}
    kept: list[str] = []
    for line in content.split("\n"):
        found = _GUID.match(line)
        if found is None or found[1] in written:
            kept.append(line)
    return "\n".join(kept)


def _versions(top: Path, name: str) -> Iterator[_Version]:
    """The lock at each commit that changed it, where there is one, oldest first."""
    words = ("rev-list", "--reverse", "--timestamp", "HEAD", "--", f":(literal){name}")
    commits = [line.split() for line in run_git(top, *words).splitlines()]
    names = b"".join(commit + b":" + os.fsencode(name) + b"\n" for _, commit in commits)
    described = "--batch-check=%(objecttype) %(objectname) %(objectsize)"
    found = run_git(top, "cat-file", described, stdin=names).splitlines()
    if len(found) != len(commits):  # there is a line end in the name of a folder
        return
    for (seconds, commit), line in zip(commits, found, strict=True):
        if line.startswith(b"blob "):
            _, name_of_object, size = line.split()
            yield _Version(int(seconds), commit, name_of_object, int(size))


def _thinned(versions: Sequence[_Version]) -> Sequence[_Version]:
    """As many versions as are read at once, with the newest one."""
    step = math.ceil(len(versions) / _MOST)
    while versions:
        chosen = [*versions[:-1:step], versions[-1]]
        if sum(each.size for each in chosen) <= LARGEST_TEXT:
            return chosen
        if step >= len(versions):
            break
        step *= 2
    return ()
