"""Git for releases: read the state of the repository, commit and tag, and undo both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ankipress.project.git import GitError, run_git, top_of
from ankipress.project.settings import Settings
from ankipress.project.versions import version_key

_SHOWN = 5  # files that are named


class Repository:
    """The repository that a folder is in. Every method may raise GitError."""

    def __init__(self, folder: Path) -> None:
        top_of(folder)
        self._folder = folder

    def obstacle(self) -> tuple[str, str] | None:
        """Why nothing can be released from this state, and what helps; None where it can."""
        if dirty := self.dirty():
            message = f"there are changes that are not committed: {dirty}"
            return message, "commit them, or put them away with `git stash -u`"
        if not self._answer("rev-parse", "--verify", "--quiet", "HEAD"):
            return "there is no commit yet", "commit the cards first"
        if not self.branch():
            help = "`git switch main`, or whatever branch you release from"
            return "no branch is checked out", help
        return None

    def dirty(self) -> str:
        """The files that differ from what is committed, a few by name; empty where none do."""
        lines = self._text("status", "--porcelain", "--untracked-files=normal").splitlines()
        names = ", ".join(line[3:] for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            names += f" and {len(lines) - _SHOWN} more"
        return names

    def own_folder(self) -> Path:
        """Where git keeps what belongs to this checkout alone."""
        return self._folder / self._text("rev-parse", "--git-dir")

    def branch(self) -> str:
        """The branch that is checked out, empty where none is."""
        return self._answer("symbolic-ref", "--quiet", "--short", "HEAD")

    def head(self) -> str:
        """The commit that is checked out."""
        return self._text("rev-parse", "HEAD")

    def is_shallow(self) -> bool:
        """Whether commits, and so perhaps tags, are missing from this clone."""
        return self._text("rev-parse", "--is-shallow-repository") == "true"

    def has_tag(self, name: str) -> bool:
        """Whether there is a tag of this name."""
        return bool(self._answer("rev-parse", "--verify", "--quiet", f"refs/tags/{name}"))

    def last_release(self, settings: Settings) -> tuple[str, str] | None:
        """Tag and version of the latest release among the ancestors of the checked out commit."""
        pattern = re.escape(settings.release_tag)
        pattern = pattern.replace(r"\{name\}", re.escape(settings.name))
        pattern = pattern.replace(r"\{version\}", r"(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)")
        tags = self._text("tag", "--merged", "HEAD").splitlines()
        matches = filter(None, [re.fullmatch(pattern, tag) for tag in tags])
        releases = [(match[0], match[1]) for match in matches]
        return max(releases, key=lambda release: version_key(release[1]), default=None)

    def commit_since(self, base: str, message: str) -> str:
        """The commit with this message that came after another one, empty where there is none."""
        for line in self._answer("log", "--format=%H %s", f"{base}..HEAD").splitlines():
            commit, _, subject = line.partition(" ")
            if subject == message:
                return commit
        return ""

    def commit(self, files: Iterable[Path], message: str) -> None:
        """Commit these files as they are, deleted ones as deleted, and nothing else."""
        run_git(self._folder, "add", "--all", "--", *_pathspecs(files))
        run_git(self._folder, "commit", "--quiet", f"--message={message}")

    def tag(self, name: str, message: str) -> None:
        """Give the commit that is checked out a tag with a message."""
        run_git(self._folder, "tag", "--annotate", f"--message={message}", "--", name)

    def go_back(self, head: str, files: Sequence[Path], tag: str) -> None:
        """Undo `commit` and `tag`: the branch and the index of these files are as at `head` again,
        and the tag is gone.
        """
        if self.has_tag(tag):
            run_git(self._folder, "tag", "--delete", "--", tag)
        now = self.head()
        if now != head:
            reason = "ankipress release: undone"
            run_git(self._folder, "update-ref", "-m", reason, "HEAD", head, now)
        if files:
            run_git(self._folder, "reset", "--quiet", head, "--", *_pathspecs(files))

    def _text(self, *words: str) -> str:
        return run_git(self._folder, *words).decode("utf-8", "surrogateescape").rstrip("\r\n")

    def _answer(self, *words: str) -> str:
        """What git prints, empty where it fails."""
        try:
            return self._text(*words)
        except GitError:
            return ""


def _pathspecs(files: Iterable[Path]) -> list[str]:
    """Paths in which git sees no patterns."""
    return [f":(literal){path.as_posix()}" for path in files]
