"""The locks that git remembers, for pictures of how a deck grew."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ankipress.identity.lock import read_lock
from ankipress.model import Lock

_MOST = 400  # commits that are read; of more, the ones between are left out evenly


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lock as it stood on a day, such as `2026-01-31`; no day where none is known."""

    day: str
    lock: Lock


def lock_history(path: Path) -> Sequence[Snapshot]:
    """The lock at each commit that changed it, oldest first; nothing where git knows nothing."""
    listed = _git(path.parent, "log", "--reverse", "--format=%H %ct", "--", path.name)
    commits = [line.split() for line in listed.decode().splitlines()]
    if not commits:
        return ()
    step = -(-len(commits) // _MOST)
    commits = [*commits[:-1:step], commits[-1]]
    asked = "".join(f"{commit}:./{path.name}\n" for commit, _ in commits)
    contents = _contents(_git(path.parent, "cat-file", "--batch", given=asked.encode()))
    snapshots = []
    for (_, seconds), content in zip(commits, contents, strict=False):
        if content:
            day = datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
            snapshots.append(Snapshot(day, read_lock(content)[0]))
    return tuple(snapshots)


def _contents(output: bytes) -> Iterator[str]:
    """The files in what `git cat-file --batch` prints; empty where a commit does not have it."""
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        header = output[position:end].split()
        position = end + 1
        if header[-1:] == [b"missing"]:
            yield ""
            continue
        size = int(header[2])
        yield output[position : position + size].decode("utf-8", "replace")
        position += size + 1


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git prints; nothing where there is no git, no repository or an error."""
    try:
        run = subprocess.run(  # noqa: S603 - no shell, and no words of a stranger
            ["git", *arguments],  # noqa: S607
            cwd=folder,
            input=given,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return b""
    return run.stdout
