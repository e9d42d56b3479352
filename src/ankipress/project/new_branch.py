"""A new branch of git, with commits that are made of what is checked out and some other files.

Nothing is checked out, no file of the project and nothing of git's index changes, and no program
that the repository names is run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ankipress.project.git import LARGEST_TEXT, work_tree_of
from ankipress.project.git_program import (
    GitError,
    run_git,
)
from ankipress.project.temporary import temporary_folder

# Git would take the names that are left out for something else than a branch.
_NAME = re.compile(r"(?!HEAD$|refs/|[0-9a-f]{40,}$)[^\W_][\w./+-]{0,99}")
_FILE = "100644"


class NewBranch:
    """A branch that is not there yet, on its way. Every method may raise GitError, and OSError."""

    def __init__(
        self,
        folder: Path,
        name: str,
    ) -> None:
        self._tree = work_tree_of(folder)
        self._ref = f"refs/heads/{name}"
        if _NAME.fullmatch(name) is None or not self._is_reference():
            raise GitError(f"no branch can be called {name!r}", "use letters, digits and -")
        if self._answer("rev-parse", "--verify", "--quiet", self._ref):
            message = f"there is a branch {name} already"
            raise GitError(message, "give another name, or delete it with `git branch -D`")
        self._head = self._answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if not self._head:
            raise GitError("there is no commit yet", "commit the cards first")
        self._tip = self._head

    def at_head(
        self,
        path: Path,
    ) -> bytes | None:
        """A file as the commit has it that is checked out, None where it has none."""
        place = f"{self._head}:{self._tree.path_of(path)}"
        size = self._answer("cat-file", "-s", place)
        if not size:
            return None
        if int(size) > LARGEST_TEXT:
            raise GitError(f"{path.name} is too large")
        return self._git("cat-file", "blob", place)

    def commit(
        self,
        files: Mapping[Path, bytes],
        message: str,
    ) -> None:
        """Add a commit with other contents of some files."""
        with temporary_folder() as folder:
            index = {"GIT_INDEX_FILE": str(folder / "index")}
            self._git("read-tree", self._tip, environment=index)
            for path, content in files.items():
                blob = self._text("hash-object", "-w", "--stdin", stdin=content)
                entry = f"{self._mode(path)},{blob},{self._tree.path_of(path)}"
                self._git("update-index", "--add", "--cacheinfo", entry, environment=index)
            tree = self._git("write-tree", environment=index).decode().strip()
        self._tip = self._text(
            "commit-tree", tree, "-p", self._tip, "-F", "-", stdin=message.encode()
        )

    def create(self) -> None:
        """Let the branch begin to be there, with its commits."""
        if self._tip != self._head:
            self._git("update-ref", "-m", "ankipress pull", self._ref, self._tip, "")

    def _mode(
        self,
        path: Path,
    ) -> str:
        """The mode of a file in the last commit."""
        listed = self._answer("ls-tree", self._tip, "--", self._tree.path_of(path))
        return listed.partition(" ")[0] or _FILE

    def _git(
        self,
        *words: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
    ) -> bytes:
        return run_git(self._tree.top, *words, stdin=stdin, environment=environment)

    def _text(
        self,
        *words: str,
        stdin: bytes = b"",
    ) -> str:
        return self._git(*words, stdin=stdin).decode("utf-8", "surrogateescape").strip()

    def _is_reference(self) -> bool:
        """Whether git takes the name of the branch for one."""
        try:
            self._git("check-ref-format", self._ref)
        except GitError:
            return False
        return True

    def _answer(self, *words: str) -> str:
        """What git prints, empty where it fails."""
        try:
            return self._text(*words)
        except GitError:
            return ""
