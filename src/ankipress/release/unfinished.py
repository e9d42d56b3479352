"""A note in git's own folder while a release is made.

It tells what a killed release left from an author's edits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from ankipress.project.atomic import write_files
from ankipress.project.repository import Repository

_FILE = "ankipress-release"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A release that is being made: the commit that it starts from, its tag and its message."""

    head: str
    tag: str
    message: str

    def begin(self, repository: Repository) -> None:
        """Note it, before its first file is written. Raises GitError and OSError."""
        contents = {_file(repository): msgspec.json.encode(self)}
        write_files(contents)


def end(repository: Repository) -> None:
    """Forget the release: it is done, or undone. Raises GitError and OSError."""
    _file(repository).unlink(missing_ok=True)


def cut_off(repository: Repository) -> tuple[str, str] | None:
    """What an interrupted release left, and the help; None where it left nothing.

    Raises GitError.
    """
    try:
        content = _file(repository).read_bytes()
        begun = msgspec.json.decode(content, type=Unfinished)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    if repository.has_tag(begun.tag):
        return None
    if commit := repository.commit_since(begun.head, begun.message):
        message = f"the release {begun.tag} was committed, and cut off before its tag"
        tag = f'`git tag --annotate --message="{begun.message}" {begun.tag} {commit[:12]}`'
        return message, f"{tag} completes it"
    dirty = repository.dirty()
    if dirty and repository.head() == begun.head:
        message = f"the release {begun.tag} was cut off: {dirty}"
        return message, "`git stash -u` puts away what it left; then release again"
    return None


def _file(repository: Repository) -> Path:
    return repository.own_folder() / _FILE
