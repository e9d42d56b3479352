"""What ankipress asks of git: which commit a revision is, when it was made, and its files."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class GitError(Exception):
    """Git cannot do it. The message says why, and `help` what helps."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


def run_git(folder: Path, *words: str, stdin: bytes = b"", index: Path | None = None) -> bytes:
    """Run git in a folder, with its own index or another one, and give what it prints.

    Raises GitError.
    """
    environment = os.environ | {"LC_ALL": "C"}
    if index:
        environment["GIT_INDEX_FILE"] = str(index)
    try:
        # There is no shell, and the functions here look at words that may be a stranger's.
        done = subprocess.run(  # noqa: S603
            ["git", *words],  # noqa: S607
            cwd=folder,
            input=stdin,
            env=environment,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise GitError(
            "git is not installed, or not on the PATH", "install git, or give packages (.apkg)"
        ) from None
    except OSError as error:
        raise GitError(f"git cannot be run: {error}") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise GitError(f"git {words[0]}: {reason or f'exit status {done.returncode}'}")
    return done.stdout


def top_of(folder: Path) -> Path:
    """The top folder of the repository that a folder is in. Raises GitError."""
    try:
        found = run_git(folder, "rev-parse", "--show-toplevel")
    except GitError as error:
        if "not a git repository" not in str(error):
            raise
        raise GitError(
            "this project is in no git repository", "give a package (.apkg), or `git init`"
        ) from None
    return Path(_text(found))


def commit_of(folder: Path, revision: str) -> str:
    """The commit of a revision: a tag, a branch, a hash, or anything that git knows, such as
    HEAD~2. Raises GitError.
    """
    problem = f"there is neither a file nor a git revision {revision!r}"
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise GitError(problem)
    top_of(folder)
    try:
        found = run_git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", "--")
    except GitError:
        help = "`git log` and `git tag` list them"
        if run_git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true":
            help = (
                "this clone is shallow: fetch the full history"
                " (`git fetch --unshallow`; in a workflow `fetch-depth: 0`)"
            )
        raise GitError(problem, help) from None
    return _text(found).partition("\n")[0]


def time_of(folder: Path, commit: str) -> int:
    """When a commit was made, in seconds since 1970. Raises GitError."""
    shown = run_git(folder, "show", "--no-patch", "--format=%ct", commit, "--")
    return int(shown.split()[0])


@contextmanager
def checked_out(folder: Path, commit: str) -> Iterator[Path]:
    """The folder as it was at a commit, in another place, until the end. The repository and its
    index stay as they are.

    The folder keeps its name, by which a project without settings is called. Raises GitError.
    """
    top = top_of(folder)
    inside = Path(os.path.relpath(folder.resolve(), top.resolve()))
    with tempfile.TemporaryDirectory(prefix="ankipress-") as temporary:
        place = Path(temporary) / (top.name or "top")
        place.mkdir()
        index = Path(temporary) / "index"
        run_git(top, "read-tree", commit, index=index)
        listing = ("ls-tree", "-r", "-z", "--name-only", commit, "--", inside.as_posix())
        paths = run_git(top, *listing)
        # A checkout and not an archive: attributes leave files out of an archive, and git-lfs
        # puts large files only into a checkout.
        run_git(
            top,
            "checkout-index",
            "--quiet",
            "-z",
            "--stdin",
            f"--prefix={place.as_posix()}/",
            stdin=paths,
            index=index,
        )
        (place / inside).mkdir(parents=True, exist_ok=True)
        yield place / inside


def _text(output: bytes) -> str:
    return os.fsdecode(output).rstrip("\r\n")
