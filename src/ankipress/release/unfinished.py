"""A note in git's own folder while a release is made: what is left of one that was killed is told
from an author's edits.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ankipress.project.atomic import write_files
from ankipress.project.repository import Repository

_FILE = "ankipress-release"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A release that is being made: the commit that it is made on, and the tag and the message that
    it gets.
    """

    head: str
    tag: str
    message: str

    def begin(self, repository: Repository) -> None:
        """Note it, before its first file is written. Raises GitError and OSError."""
        write_files({_file(repository): json.dumps(asdict(self)).encode()})


def end(repository: Repository) -> None:
    """Forget the release that was being made: it is done, or all is as before. Raises GitError and
    OSError.
    """
    _file(repository).unlink(missing_ok=True)


def cut_off(repository: Repository) -> tuple[str, str] | None:
    """What is left of a release that came to no end, and the way out; None where nothing is. Raises
    GitError.
    """
    try:
        begun = Unfinished(**json.loads(_file(repository).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    if repository.has_tag(begun.tag):
        return None
    if commit := repository.commit_since(begun.head, begun.message):
        way_out = f'`git tag --annotate --message="{begun.message}" {begun.tag} {commit[:12]}` completes it'
        return f"the release {begun.tag} was committed, and cut off before its tag", way_out
    if repository.head() == begun.head and (dirty := repository.dirty()):
        return (
            f"the release {begun.tag} was cut off: {dirty}",
            "`git stash -u` puts away what it left; then release again",
        )
    return None


def _file(repository: Repository) -> Path:
    return repository.own_folder() / _FILE
