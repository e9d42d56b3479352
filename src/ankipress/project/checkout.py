"""The files of a commit, written into another place.

Git writes them, from the objects of the repository but with a configuration of our own: so no
filter, hook or other program runs that the repository names, and nothing is fetched. Line ends are
those that the user's own checkout has.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ankipress.project.door import leads_out
from ankipress.project.git import WorkTree, work_tree_of
from ankipress.project.git_program import GitError, read_from_git, run_git
from ankipress.project.large_files import put_in_large_files
from ankipress.project.temporary import temporary_folder

_MOST_FILES = 100_000
_MOST_BYTES = 4_000_000_000
_LONGEST_LINE = 400  # of a list of files, on average
_LINK = "120000"
_SUBMODULE = "160000"
# Settings of the repository that say how files are written.
_KEPT = r"^core\.(autocrlf|eol|longpaths|symlinks)$"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a commit: its mode, object, size and path from the top."""

    mode: str
    object: str
    size: int
    path: str


@contextmanager
def checked_out(folder: Path, commit: str) -> Iterator[Path]:
    """The folder as it was at a commit, in another place, until the end. The repository and its
    index stay as they are.

    The folder keeps its name, by which a project without settings is called. Links that lead out of
    the repository are left out, and so are submodules. Raises GitError.
    """
    tree = work_tree_of(folder)
    inside = PurePosixPath(tree.path_of(folder.resolve()))
    with temporary_folder() as temporary:
        place = temporary / "files" / (tree.top.name or "top")
        place.mkdir(parents=True)
        objects = _Objects.made(temporary / "git", tree, place)
        files = list(objects.files(commit, inside))
        objects.write(files)
        _delete_leading_out(place, files)
        put_in_large_files(place, [each.path for each in files], tree.common_dir, _MOST_BYTES)
        copy = place / inside
        copy.mkdir(parents=True, exist_ok=True)
        yield copy


@dataclass(frozen=True, slots=True)
class _Objects:
    """The objects of a repository, seen from one of our own that has nothing else."""

    top: Path
    environment: Mapping[str, str]
    options: Sequence[str]

    @classmethod
    def made(cls, folder: Path, tree: WorkTree, place: Path) -> _Objects:
        (folder / "refs").mkdir(parents=True)
        (folder / "HEAD").write_text("ref: refs/heads/none\n", encoding="utf-8")
        (folder / "config").write_text(_config(tree), encoding="utf-8")
        environment = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_DIR": str(folder),
            "GIT_INDEX_FILE": str(folder / "index"),
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_OBJECT_DIRECTORY": str(tree.common_dir / "objects"),
            "GIT_WORK_TREE": str(place),
            # Git before 2.32 finds the settings of the user only here.
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        return cls(tree.top, environment, _line_ends(tree))

    def files(self, commit: str, inside: PurePosixPath) -> Iterator[_File]:
        """The files in a folder of a commit, and what says how they are written.

        A commit of a few kilobytes can have more files than any disk, so they are counted.
        """
        size = 0
        for number, line in enumerate(self._listing(commit, inside), 1):
            file = _file_of(os.fsdecode(line))
            size += file.size
            if number > _MOST_FILES or size > _MOST_BYTES:
                raise GitError(f"the files of {commit[:12]} are too many or too large")
            if file.mode != _SUBMODULE:
                yield file

    def _listing(self, commit: str, inside: PurePosixPath) -> Sequence[bytes]:
        paths = []
        if inside.parts:
            paths = [str(inside), *(str(each / ".gitattributes") for each in inside.parents)]
        words = ("ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", *paths)
        most = _MOST_FILES * _LONGEST_LINE
        listing = read_from_git(self.top, most, *words, environment=self.environment)
        return listing.split(b"\0")[:-1]

    def write(self, files: Iterable[_File]) -> None:
        """Write files into the place."""
        lines = [f"{each.mode} {each.object}\t{each.path}\0" for each in files]
        self._run("update-index", "-z", "--index-info", stdin=os.fsencode("".join(lines)))
        self._run("checkout-index", "--quiet", "--all")

    def _run(self, *words: str, stdin: bytes = b"") -> None:
        run_git(self.top, *words, stdin=stdin, options=self.options, environment=self.environment)


def _config(tree: WorkTree) -> str:
    """The settings of the objects: only how the objects are named."""
    kind = run_git(tree.top, "rev-parse", "--show-object-format").decode().strip()
    if kind == "sha1":
        return "[core]\nrepositoryformatversion = 0\n"
    return f"[core]\nrepositoryformatversion = 1\n[extensions]\nobjectFormat = {kind}\n"


def _line_ends(tree: WorkTree) -> Sequence[str]:
    try:
        found = run_git(tree.top, "config", "-z", "--get-regexp", _KEPT).decode()
    except GitError:  # there is none
        return ()
    return [line.replace("\n", "=", 1) for line in found.split("\0")[:-1]]


def _file_of(line: str) -> _File:
    described, _, path = line.partition("\t")
    mode, _, name, size = described.split()
    if size == "-":
        return _File(mode, name, 0, path)
    if not size.isdecimal():
        help = "a clone that is partial has no old files: make one without `--filter`"
        raise GitError(f"{path} is missing in this clone", help)
    return _File(mode, name, int(size), path)


def _delete_leading_out(place: Path, files: Iterable[_File]) -> None:
    for each in files:
        path = place / each.path
        if each.mode == _LINK and leads_out(path, place):
            path.unlink(missing_ok=True)
