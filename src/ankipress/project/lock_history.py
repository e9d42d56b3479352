"""The locks that git remembers, for pictures of how a deck grew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from ankipress.identity.lock import read_lock
from ankipress.model import Lock
from ankipress.project.git import GitError, run_git

_MOST = 400  # commits that are read; of more, some are left out evenly


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lock as it was on a day such as `2026-01-31`. An unknown day is empty."""

    day: str
    lock: Lock


def lock_history(path: Path) -> Sequence[Snapshot]:
    """The lock at each commit that changed it, oldest first. Empty without git."""
    try:
        return tuple(_snapshots(path))
    except GitError:
        return ()


def _snapshots(path: Path) -> Iterator[Snapshot]:
    log = run_git(path.parent, "log", "--reverse", "--format=%H %ct", "--", path.name)
    commits = [line.split() for line in log.decode().splitlines()]
    if len(commits) > _MOST:
        step = math.ceil(len(commits) / _MOST)
        commits = [*commits[:-1:step], commits[-1]]
    names = "".join(f"{commit}:./{path.name}\n" for commit, _ in commits)
    output = run_git(path.parent, "cat-file", "--batch", stdin=names.encode())
    for (_, seconds), content in zip(commits, _contents(output), strict=False):
        if content:
            day = datetime.fromtimestamp(int(seconds), UTC).date()
            yield Snapshot(day.isoformat(), read_lock(content)[0])


def _contents(output: bytes) -> Iterator[str]:
    """The files in what `git cat-file --batch` prints; empty where a commit does not have it."""
    stream = BytesIO(output)
    while header := stream.readline():
        if header.endswith(b" missing\n"):
            yield ""
            continue
        size = int(header.split()[-1])
        yield stream.read(size).decode("utf-8", "replace")
        stream.readline()  # the line end after each file
