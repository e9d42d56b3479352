"""How users name a version of a deck: a package, a folder, a git revision, or nothing, which means
the files as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ankipress.build.compilation import compile_workspace
from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Diagnostic, Location, errors_but_identity
from ankipress.diff.difference import compare
from ankipress.diff.edition import Edition, compiled_edition, package_edition
from ankipress.diff.package_files import read_package, read_package_files
from ankipress.diff.release_guard import Places, guard
from ankipress.package.splitting import top_deck
from ankipress.package.unpacking import PackageError
from ankipress.project.checkout import checked_out
from ankipress.project.clock import now
from ankipress.project.git import commit_of, time_of
from ankipress.project.git_program import GitError
from ankipress.project.location import shown_path
from ankipress.project.reading import read_workspace
from ankipress.project.settings import place_of
from ankipress.project.workspace import Workspace

FILES = "the files as they are"
_LOCK = "ankipress.lock"


class EditionError(Exception):
    """A version of a deck cannot be read; `code` and `help` are those of its diagnostic."""

    def __init__(self, code: str, message: str, help: str) -> None:
        super().__init__(message)
        self.code = code
        self.help = help


@dataclass(frozen=True, slots=True)
class Compilation:
    """What was compiled for an edition, and its errors.

    A card that may be one of several notes counts as new, and is no error.
    """

    workspace: Workspace
    compiled: Compiled
    errors: tuple[Diagnostic, ...]


def edition_of(word: str, workspace: Workspace, *, published: bool = False) -> Edition:
    """The edition that a word means: a package, or what a build of a folder or revision gives now.

    A branch takes precedence over a folder of its name. With `published` it is what learners have:
    notes have the mods of the committed lock. Raises EditionError.
    """
    path = Path(word)
    is_folder = path.is_dir()
    if path.exists() and path.suffix == ".apkg" and not is_folder:
        return package_at(path)
    try:
        commit = commit_of(workspace.root, word)
    except GitError as error:
        if not path.exists():
            raise EditionError("no-edition", str(error), error.help) from None
    else:
        return _revision(word, commit, workspace, published=published)
    if not is_folder:
        return package_at(path)
    return _compiled_edition(compiled_at(path), shown_path(path), published=published)


def package_at(path: Path) -> Edition:
    """The edition of a package. Raises EditionError."""

    def read_files(names: Iterable[str]) -> Mapping[str, bytes]:
        with _told_as_bad(path):
            return read_package_files(path, names)

    with _told_as_bad(path):
        return package_edition(read_package(path), path.name, read_files)


@contextmanager
def _told_as_bad(path: Path) -> Iterator[None]:
    try:
        yield
    except (PackageError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{shown_path(path)}: {reason}"
        raise EditionError("bad-package", message, "give a package that Anki imports") from None


def _revision(
    word: str,
    commit: str,
    workspace: Workspace,
    *,
    published: bool,
) -> Edition:
    """The edition of a commit, compiled in a copy with its own settings, lock and media."""
    try:
        time = time_of(workspace.root, commit) if published else now()
        with checked_out(workspace.root, commit) as folder:
            paths = _paths_in_copy(workspace, folder)
            copy = read_workspace(paths, trusted_as=workspace.root)
            found = _compilation(copy, time, workspace.root)
            if any(each.code == "no-sources" for each in found.errors):
                message = f"there is no deck at {word}"
                raise EditionError("no-sources", message, "give a revision in which there is one")
            return _with_files(_compiled_edition(found, word, published=published))
    except GitError as error:
        raise EditionError("no-edition", str(error), error.help) from None


def _with_files(edition: Edition) -> Edition:
    """An edition with its files in memory, because the folder that they are in will be gone."""
    files = edition.read_files(edition.media)
    return replace(edition, read_files=lambda names: {name: files[name] for name in names})


def _paths_in_copy(workspace: Workspace, folder: Path) -> Sequence[Path]:
    """The paths of the same project in another folder: of one without settings its files."""
    if workspace.project.selected is None or workspace.lock_path.name == _LOCK:
        return [folder]
    paths = [folder / source for source in sorted(workspace.sources)]
    return [path for path in paths if path.exists()] or [folder]


def compiled_at(*paths: Path) -> Compilation:
    """The project of some paths, as a build would compile it now."""
    workspace = read_workspace(paths)
    return _compilation(workspace, now(), workspace.root)


def _compilation(workspace: Workspace, time: int, memo_root: Path) -> Compilation:
    found = compile_workspace(workspace, time, memo_root=memo_root)
    return Compilation(workspace, found.compiled, errors_but_identity(found.diagnostics))


def _compiled_edition(found: Compilation, label: str, *, published: bool) -> Edition:
    lock = found.workspace.project.lock
    return compiled_edition(found.compiled, label, lock if published else None)


def guarded(word: str, workspace: Workspace, compiled: Compiled) -> Iterable[Diagnostic]:
    """The problems of releasing a project to learners who have the edition that a word names.

    Raises EditionError.
    """
    old = edition_of(word, workspace, published=True)
    if workspace.project.selected is not None and workspace.lock_path.name == _LOCK:
        # Only some files were compiled, and the other cards of the project are not gone.
        compiled = compiled_at(workspace.root).compiled
    new = matching_part(old, compiled_edition(compiled, FILES), workspace)
    difference = compare(old, new)
    forgets = workspace.project.settings.forget_retired > 0
    return guard(difference, places_of(workspace), forgets_retired=forgets)


def matching_part(old: Edition, new: Edition, workspace: Workspace) -> Edition:
    """The part of a new edition that replaces an old one.

    In a project with a package for each deck, an old package is compared with its deck alone.
    """
    is_package = old.lock is None
    is_compiled = new.lock is not None
    if not is_package or not is_compiled or workspace.project.settings.packages == "project":
        return new
    tops = {top_deck(name) for name in old.decks}
    notes = [note for note in new.notes if note.guid in old.by_guid or top_deck(note.deck) in tops]
    return replace(new, name=old.name, notes=tuple(notes))


def places_of(workspace: Workspace) -> Places:
    """Where the problems of a release are that belong to no card."""
    path = workspace.settings_path
    version = Location("ankipress.toml")
    if path:
        version = place_of(workspace.texts.get(path.name, ""), path.name, "version")
    return Places(Location(workspace.lock_path.name), version)
