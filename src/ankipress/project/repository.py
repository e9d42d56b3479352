"""Git for releases: read the state of the repository, commit and tag, and undo both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ankipress.project.folder_locks import only_user_of
from ankipress.project.git import work_tree_of
from ankipress.project.git_program import NO_NETWORK, GitError, run_git, run_git_as_user
from ankipress.project.repository_programs import repository_programs
from ankipress.project.settings import Settings
from ankipress.project.versions import version_key

_SHOWN = 5  # files or programs that are named


class Repository:
    """The repository that a folder is in. Every method may raise GitError.

    What `git commit` would run there may run, but programs that the repository names itself only
    with `runs_programs`. Without it, ask `unwanted_programs` first.
    """

    def __init__(self, folder: Path, *, runs_programs: bool = False) -> None:
        self._tree = work_tree_of(folder)
        self._top = self._tree.top
        self._runs_programs = runs_programs
        self._environment: Mapping[str, str] = {}
        if not runs_programs:
            self._environment = NO_NETWORK

    @contextmanager
    def used_alone(self) -> Iterator[None]:
        """Let no other release begin in this repository, until the end.

        Raises SomebodyElseError where one is being made.
        """
        folder = self._tree.common_dir / "ankipress"
        with ExitStack() as stack:
            try:
                folder.mkdir(exist_ok=True)
                stack.enter_context(only_user_of(folder))
            except OSError as error:
                raise GitError(f"cannot write in {folder}: {error.strerror}") from None
            yield

    def unwanted_programs(self) -> tuple[str, str] | None:
        """Which programs of this repository a commit would run, and what helps; None where there
        are none, or they may run.
        """
        if self._runs_programs:
            return None
        names = list(repository_programs(self._tree))
        if not names:
            return None
        shown = _few(names)
        message = f"a commit would run programs that this repository names: {shown}"
        return message, "if you know them: `ankipress release --hooks`"

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
        # Git would look into submodules with their own settings.
        words = ("status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=dirty")
        environment = {**self._environment, "GIT_OPTIONAL_LOCKS": "0"}
        # A pipe in the place of a file that git reads would keep it waiting.
        output = run_git_as_user(self._top, *words, environment=environment, is_limited=True)
        lines = _text(output).splitlines()
        return _few([line[3:] for line in lines])

    def own_folder(self) -> Path:
        """Where git keeps what belongs to this checkout alone."""
        return self._tree.git_dir

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
        releases = self.releases(settings)
        return max(releases, key=lambda release: version_key(release[1]), default=None)

    def releases(self, settings: Settings) -> list[tuple[str, str]]:
        """Tag and version of each release among the ancestors of the checked out commit."""
        pattern = re.escape(settings.release_tag)
        pattern = pattern.replace(r"\{name\}", re.escape(settings.name))
        pattern = pattern.replace(r"\{version\}", r"(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)")
        tags = self._text("tag", "--merged", "HEAD").splitlines()
        matches = filter(None, [re.fullmatch(pattern, tag) for tag in tags])
        return [(match[0], match[1]) for match in matches]

    def commit_since(self, base: str, message: str) -> str:
        """The commit with this message that came after another one, empty where there is none."""
        words = ("rev-list", "--format=%H %s", f"{base}..HEAD", "--")
        for line in self._answer(*words).splitlines():
            commit, _, subject = line.partition(" ")
            if subject == message and commit != "commit":
                return commit
        return ""

    def commit(self, files: Iterable[Path], message: str) -> None:
        """Commit these files as they are, deleted ones as deleted, and nothing else."""
        paths = [f":(literal){self._tree.path_of(path)}" for path in files]
        self._run("add", "--all", "--", *paths)
        self._run("commit", "--quiet", f"--message={message}", "--only", "--", *paths)

    def tag(self, name: str, message: str) -> None:
        """Give the commit that is checked out a tag with a message."""
        self._run("tag", "--annotate", f"--message={message}", "--", name)

    def take_back_tag(self, name: str, commit: str, message: str) -> None:
        """Delete the tag that `tag` has given a commit, and no other one of its name."""
        form = "--format=%(refname) %(objectname) %(*objectname) %(contents:subject)"
        ref = f"refs/tags/{name}"
        for line in self._answer("for-each-ref", form, ref).splitlines():
            found, tag, *rest = line.split(" ", 3)
            if found == ref and rest == [commit, message]:
                self._run("update-ref", "-d", ref, tag)

    def take_back_commit(self, branch: str, head: str, commit: str) -> None:
        """Move a branch from the commit that `commit` has made back to the one before.

        Raises GitError where the branch has moved on.
        """
        reason = "ankipress release: undone"
        self._run("update-ref", "-m", reason, f"refs/heads/{branch}", head, commit)

    def take_back_index(self, head: str, files: Sequence[Path]) -> None:
        """Let the index have these files as a commit has them."""
        if files:
            paths = [f":(literal){self._tree.path_of(path)}" for path in files]
            self._run("reset", "--quiet", head, "--", *paths)

    def _run(self, *words: str) -> bytes:
        """Run git as the user would."""
        return run_git_as_user(self._top, *words, environment=self._environment)

    def _text(self, *words: str) -> str:
        return _text(run_git(self._top, *words))

    def _answer(self, *words: str) -> str:
        """What git prints, empty where it fails."""
        try:
            return self._text(*words)
        except GitError:
            return ""


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape").rstrip("\r\n")


def _few(names: Sequence[str]) -> str:
    text = ", ".join(names[:_SHOWN])
    if len(names) > _SHOWN:
        text += f" and {len(names) - _SHOWN} more"
    return text
