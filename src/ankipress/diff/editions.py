"""How the command line names a version of a deck: a package, a folder, a git revision; no word
means the files as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ankipress.build.pipeline import Compiled
from ankipress.cli.compiling import compile_workspace
from ankipress.diagnostics import Diagnostic, Location, Severity
from ankipress.diff.difference import compare
from ankipress.diff.edition import Edition, compiled_edition, package_edition
from ankipress.diff.release_guard import Places, guard
from ankipress.package.unpacking import PackageError
from ankipress.project.clock import now
from ankipress.project.git import GitError, checked_out, commit_of, time_of
from ankipress.project.location import shown_path
from ankipress.project.reading import read_workspace
from ankipress.project.settings import place_of
from ankipress.project.workspace import Workspace

FILES = "the files as they are"


class EditionError(Exception):
    """A version of a deck cannot be read; `code` is that of the diagnostic, `help` the way out."""

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code, self.help = code, help


@dataclass(frozen=True, slots=True)
class Compilation:
    """What was compiled for an edition, and its errors but for open cases: a card that is unclear
    counts as new.
    """

    workspace: Workspace
    compiled: Compiled
    errors: tuple[Diagnostic, ...]


def published_edition(word: str, workspace: Workspace) -> Edition:
    """The edition that learners have: a package, or what was compiled from a revision, with the
    mods of its lock.

    Raises EditionError.
    """
    path = _path(word, workspace)
    if path is None:
        return _revision(word, workspace, published=True)
    if path.is_file():
        return _package(path)
    found = compiled_at(path)
    return compiled_edition(found.compiled, shown_path(path), found.workspace.project.lock)


def coming_edition(word: str, workspace: Workspace) -> Edition:
    """The edition that would be released: a package, or what a build of a revision or folder gives
    now. Raises EditionError.
    """
    path = _path(word, workspace)
    if path is None:
        return _revision(word, workspace, published=False)
    return (
        _package(path)
        if path.is_file()
        else compiled_edition(compiled_at(path).compiled, shown_path(path))
    )


def _path(word: str, workspace: Workspace) -> Path | None:
    """The file or folder that a word means; None where it means a revision. A branch goes before a
    folder of its name.
    """
    path = Path(word)
    if path.is_file() and path.suffix == ".apkg":
        return path
    with suppress(GitError):
        commit_of(workspace.root, word)
        return None
    return path if path.exists() else None


def _package(path: Path) -> Edition:
    try:
        return package_edition(path.read_bytes(), path.name)
    except (PackageError, OSError) as error:
        raise EditionError(
            "bad-package", f"{shown_path(path)}: {error}", "give a package that Anki imports"
        ) from None


def compiled_at(*paths: Path) -> Compilation:
    """The project that some paths mean, as a build would compile it now."""
    return _compilation(read_workspace(paths), now(), None)


def _compilation(workspace: Workspace, time: int, cache: Path | None) -> Compilation:
    compiled, diagnostics = compile_workspace(workspace, time, cache or workspace.memory)
    errors = (
        each
        for each in diagnostics
        if each.severity is Severity.ERROR and each.code != "ambiguous-identity"
    )
    return Compilation(workspace, compiled, tuple(errors))


def _revision(word: str, workspace: Workspace, *, published: bool) -> Edition:
    """The edition of a revision, compiled in another place with its own settings, lock and media."""
    try:
        commit = commit_of(workspace.root, word)
        time = time_of(workspace.root, commit) if published else now()
        with checked_out(workspace.root, commit) as folder:
            there = read_workspace(_paths_there(workspace, folder))
            found = _compilation(there, time, workspace.memory)
            if any(each.code == "no-sources" for each in found.errors):
                raise EditionError(
                    "no-sources",
                    f"there is no deck at {word}",
                    "give a revision in which there is one",
                )
            return compiled_edition(found.compiled, word, there.project.lock if published else None)
    except GitError as error:
        raise EditionError("no-edition", str(error), error.help) from None


def _paths_there(workspace: Workspace, folder: Path) -> Sequence[Path]:
    """The paths that mean the same project in another place: of one without settings its files."""
    if workspace.project.selected is None or workspace.lock_path.name == "ankipress.lock":
        return [folder]
    paths = [folder / source for source in sorted(workspace.sources)]
    return [path for path in paths if path.exists()] or [folder]


def guarded(word: str, workspace: Workspace, compiled: Compiled) -> Iterable[Diagnostic]:
    """What is wrong with releasing a project to learners who have what a word means. Raises
    EditionError.
    """
    old = published_edition(word, workspace)
    if workspace.project.selected is not None and workspace.lock_path.name == "ankipress.lock":
        compiled = compiled_at(
            workspace.root
        ).compiled  # the other cards of the project are not gone
    places = Places(Location(workspace.lock_path.name), _version_place(workspace))
    return guard(compare(old, beside(old, compiled_edition(compiled, FILES), workspace)), places)


def beside(old: Edition, new: Edition, workspace: Workspace) -> Edition:
    """The part of a new edition that follows an old one: of a project with a package for each deck,
    and a package, that deck.
    """
    is_part = (
        old.lock is None
        and new.lock is not None
        and workspace.project.settings.packages != "project"
    )
    return new.beside(old) if is_part else new


def _version_place(workspace: Workspace) -> Location:
    for name in ("ankipress.toml", "pyproject.toml"):
        if name in workspace.texts:
            return place_of(workspace.texts[name], name, "version")
    return Location("ankipress.toml")
