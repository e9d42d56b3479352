"""What ankipress asks of git: the repository of a folder, and what is at a revision of it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ankipress.project.git_program import GitError, run_git

_LARGEST_LINK = 4096  # bytes of a file that names the folder of a repository
LARGEST_TEXT = 200_000_000
"""Bytes of a file of another commit that is read into memory: a lock of 500,000 cards."""


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The files of a repository: their top folder, and where git keeps what belongs to them.

    `git_dir` belongs to this checkout alone, and `common_dir` to all checkouts of the repository.
    """

    top: Path
    git_dir: Path
    common_dir: Path

    def path_of(self, path: Path) -> str:
        """A path as git writes it, from the top."""
        return Path(os.path.relpath(path.parent.resolve() / path.name, self.top)).as_posix()


def work_tree_of(folder: Path) -> WorkTree:
    """The files of the repository that a folder is in. Raises GitError.

    The repository is `.git` in the folder or the nearest one above, as its own user has it: not a
    repository that was committed as plain files, and none that is kept elsewhere for another
    folder.
    """
    top = _top_of(folder.resolve())
    git_dir = _linked_folder(top)
    words = ("--show-toplevel", "--absolute-git-dir", "--git-common-dir")
    found = _text(run_git(top, "rev-parse", *words)).split("\n")
    is_whole = len(found) == len(words)
    if not is_whole or not _is_same(found[0], top) or not _is_same(found[1], git_dir):
        raise GitError(
            f"{top / '.git'} is not the repository of its folder",
            "make one there with `git init`, or clone the project",
        )
    return WorkTree(top, git_dir, (top / found[2]).resolve())


def _top_of(folder: Path) -> Path:
    for each in (folder, *folder.parents):
        if os.path.lexists(each / ".git"):
            return each
    raise GitError("this project is in no git repository", "give a package (.apkg), or `git init`")


def _linked_folder(top: Path) -> Path:
    """The folder that `.git` is or names. One elsewhere must name this folder, too."""
    link = top / ".git"
    if link.is_dir() and not link.is_symlink():
        return link
    with suppress(OSError, ValueError):  # no system has such a name
        named = _target_of(link)
        if _is_same(_named_by(named, top), top):
            return named
    raise GitError(
        f"{link} names a repository elsewhere, which does not name this folder",
        f"if it is yours: `git config core.worktree {top}`",
    )


def _target_of(link: Path) -> Path:
    target = link.resolve()
    if target.is_file():
        return (link.parent / _line_of(target).removeprefix("gitdir:").strip()).resolve()
    return target


def _named_by(git_dir: Path, top: Path) -> str:
    """The folder whose files a repository elsewhere keeps; empty where it does not say.

    A linked work tree and a submodule each say it in a way of their own.
    """
    back = git_dir / "gitdir"
    if back.is_file():
        return str((git_dir / _line_of(back)).parent)
    config = git_dir / "config"
    if not config.is_file():
        return ""
    try:
        found = run_git(top, "config", "--file", str(config), "--get", "core.worktree")
    except GitError:
        return ""
    return str(git_dir / _text(found))


def _line_of(path: Path) -> str:
    with path.open("rb") as file:
        return os.fsdecode(file.read(_LARGEST_LINK)).strip()


def _is_same(named: str, folder: Path) -> bool:
    try:
        return bool(named) and folder.samefile(named)
    except OSError:
        return False


def commit_of(folder: Path, revision: str) -> str:
    """The commit of a revision: a tag, a branch, a hash, or anything that git knows, such as
    HEAD~2. Raises GitError.
    """
    problem = f"there is neither a file nor a git revision {revision!r}"
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise GitError(problem)
    top = work_tree_of(folder).top
    try:
        found = run_git(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", "--")
    except GitError:
        help = "`git log` and `git tag` list them"
        if run_git(top, "rev-parse", "--is-shallow-repository").strip() == b"true":
            help = (
                "this clone is shallow: fetch the full history"
                " (`git fetch --unshallow`; in a workflow `fetch-depth: 0`)"
            )
        raise GitError(problem, help) from None
    return _text(found).partition("\n")[0]


def time_of(folder: Path, commit: str) -> int:
    """When a commit was made, in seconds since 1970. Raises GitError."""
    top = work_tree_of(folder).top
    shown = run_git(top, "rev-list", "--max-count=1", "--timestamp", commit, "--")
    return int(shown.split()[0])


def content_at_last_tag(path: Path) -> bytes:
    """A file as it was at the last tag before what is checked out.

    Raises GitError where there is no tag, or no such file.
    """
    top = work_tree_of(path.parent).top
    tag = _text(run_git(top, "describe", "--tags", "--abbrev=0"))
    return content_at_tag(path, tag)


def content_at_tag(path: Path, tag: str) -> bytes:
    """A file as it was at a tag. Raises GitError where there is no such tag, or no such file."""
    tree = work_tree_of(path.parent)
    place = f"refs/tags/{tag}:{tree.path_of(path)}"
    if int(run_git(tree.top, "cat-file", "-s", place)) > LARGEST_TEXT:
        raise GitError(f"{path.name} at {tag} is too large")
    return run_git(tree.top, "cat-file", "blob", place)


def _text(output: bytes) -> str:
    return os.fsdecode(output).rstrip("\r\n")
