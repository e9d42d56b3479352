"""What the disk says of a project: its settings, sources, lock and media."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import click

from recto.cli.found import Found, memory_in, read_settings, real_path, relative, shown_path, sources_of
from recto.cli.media_folder import DiskMedia
from recto.cli.tools import rendering_tools
from recto.diagnostics import Diagnostic, Location
from recto.guard import leads_out
from recto.lock import read_lock
from recto.model import Lock, Package, Source
from recto.notetypes import FOLDER
from recto.parse import decode
from recto.pipeline import Project
from recto.project import Settings, is_name, parse_settings, place_of
from recto.tombstones import read_tombstones
from recto.writing import digest


@dataclass(slots=True)
class Workspace:
    """A project as read: where it is, what is in it, what could not be read, and the text of every file by its path."""

    root: Path
    project: Project
    lock_path: Path
    output: Path
    lock_text: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()  # the paths of all sources, those that cannot be read too
    as_read: dict[Path, str] = field(default_factory=dict)  # digests of what nobody may have changed when something is written
    arguments: tuple[str, ...] = ()  # the PATHS that mean this project where the command was started
    settings_path: Path | None = None  # the file of the settings, None where there is none
    only: str = ""  # what the name of a package of some sources ends in

    @property
    def tombstones_path(self) -> Path:
        """The file of the tombstones, beside the lock."""
        return self.lock_path.with_suffix(".retired")

    def package_name(self, package: Package) -> str:
        """The name of the file of a package."""
        return f"{package.name}-{package.version}{self.only}.apkg"

    def files_read(self) -> list[Path]:
        """Every file that was read and may change the package, whether it could be read or not; the lock is one of them."""
        media = self.project.media
        seen = media.seen if isinstance(media, DiskMedia) else set()
        beside = (self.lock_path.name, self.tombstones_path.name)
        return sorted({self.root / path for path in (*self.texts, *beside, *seen)})

    @property
    def memory(self) -> Path | None:
        """The folder of what is remembered from one build to the next; None where a link leads from there out of the project."""
        folder = memory_in(self.output)
        return None if leads_out(folder, self.root) else folder

    def looked_up(self) -> Mapping[str, bool]:
        """What was looked up without being read, by its path in the project, and whether it was there."""
        media = self.project.media
        return dict(media.looked_up) if isinstance(media, DiskMedia) else {}

    def display(self, path: str) -> str:
        """A path of the project as seen from where the command was started."""
        return shown_path(self.root / path) if path else shown_path(self.root)


def read_workspace(paths: Sequence[Path]) -> Workspace:
    """The project that some paths mean.

    No path: the project around the current folder. A folder: the project in it. Files that a project lists as sources: that
    project, of which these are packed. Other files: a project of their own, without settings.
    """
    workspace = _workspace_of(paths)
    workspace.arguments = tuple(map(str, paths))
    return workspace


def _workspace_of(paths: Sequence[Path]) -> Workspace:
    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        raise click.UsageError("give one folder, or files")
    if folders or not paths:
        return _read_project(Found.around((folders or [Path.cwd()])[0].resolve()))
    files = list(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))
    found = Found.above(files[0].parent)
    if found is not None:
        workspace = _read_project(found)
        chosen = {relative(path, found.root) for path in files}
        if chosen <= workspace.sources:
            return _selection(workspace, chosen)
        if chosen & workspace.sources:
            # Built on their own, cards of the project would get other guids than those that learners have.
            others = ", ".join(sorted(chosen - workspace.sources))
            raise click.UsageError(f"some of these files are sources of the project {shown_path(found.root)}, but not {others}")
    return _read_files(files)


def to_name(text: str) -> str:
    """A name for a package out of any text, such as that of a folder."""
    name = re.sub(r"[^\w.-]+", "-", text).strip("-._")[:80]
    return name if is_name(name) else "cards"


def _read_project(found: Found) -> Workspace:
    default = Settings(name=to_name(found.root.name))
    settings, texts = default, dict[str, str]()
    problems: Sequence[Diagnostic] = ()
    as_read: dict[Path, str] = {}
    if found.file is not None:
        content = read_settings(found.file)
        as_read[found.file] = digest(content)
        source, problems = decode(content, found.file.name)
        if source:
            texts[source.path] = source.text
            parsed, problems = parse_settings(source.text, source.path, name=default.name)
            settings = parsed or default
    workspace = _workspace(found.root, settings, sources_of(found.root, settings.sources), found.root / "recto.lock")
    for path, text in texts.items():
        workspace.project = replace(
            workspace.project, theme_place=place_of(text, path, "theme"), fonts_place=place_of(text, path, "fonts")
        )
    workspace.settings_path = found.file if texts else None
    _read_tombstones(workspace)
    workspace.diagnostics += problems
    workspace.texts |= texts
    workspace.as_read |= as_read
    if not workspace.sources and not workspace.diagnostics:
        workspace.diagnostics.append(_no_sources(found, settings))
    return workspace


def _read_tombstones(workspace: Workspace) -> None:
    path = workspace.tombstones_path
    try:
        content = path.read_bytes()
        workspace.as_read[path] = digest(content)
        source, problems = decode(content, path.name)
    except FileNotFoundError:
        workspace.as_read[path] = digest(None)
        return
    except OSError as error:
        message = f"the tombstones cannot be read: {error.strerror}"
        workspace.diagnostics.append(Diagnostic("bad-lock", Location(path.name), message, "check that you may read them"))
        return
    workspace.diagnostics += problems
    if source is not None:
        tombstones, problems = read_tombstones(source.text, path.name)
        workspace.project = replace(workspace.project, tombstones=tombstones)
        workspace.diagnostics += problems
        workspace.texts[path.name] = source.text


def _no_sources(found: Found, settings: Settings) -> Diagnostic:
    patterns = ", ".join(settings.sources)
    if found.file is None:
        message = f"there is no recto project here, and no file {patterns}"
        way_out = "`recto init` starts a deck; `recto build FILE.md` builds any file"
        return Diagnostic("no-sources", Location("."), message, way_out)
    message = f"no file matches the sources {patterns}"
    return Diagnostic("no-sources", Location(found.file.name), message, "write cards into cards.md, or set `sources`")


def _read_files(files: Sequence[Path]) -> Workspace:
    """Some files without settings: the package is called after the file, or after the folder of several."""
    root = Path(os.path.commonpath([file.parent for file in files]))
    stem = files[0].name.removesuffix(".md") if len(files) == 1 else root.name
    # The lock has the name of the file itself: two files must never share one, and retire each other's cards.
    workspace = _workspace(root, Settings(name=to_name(stem)), files, root / f"{stem}.recto.lock")
    workspace.output = Path.cwd() / workspace.project.settings.output
    workspace.project = replace(workspace.project, selected=workspace.sources)
    return workspace


def _workspace(root: Path, settings: Settings, files: Iterable[Path], lock_path: Path) -> Workspace:
    sources: list[Source] = []
    problems: list[Diagnostic] = []
    texts: dict[str, str] = {}
    as_read: dict[Path, str] = {}
    for file in files:
        path = relative(file, root)
        source, found = _read_source(file, root, path, as_read)
        problems += found
        texts[path] = source.text if source else ""
        sources += [source] if source else []
    paths = frozenset(texts)
    note_type_files, found = _read_note_types(root, as_read) if lock_path.name == "recto.lock" else ({}, [])
    problems += found
    texts |= note_type_files
    lock, lock_text, lock_problems = read_lock_file(lock_path, as_read)
    texts[lock_path.name] = lock_text
    project = Project(settings, tuple(sources), lock, DiskMedia(root), note_type_files=note_type_files, tools=rendering_tools())
    output, found = root / settings.output, [*problems, *lock_problems]
    workspace = Workspace(root, project, lock_path, output, lock_text=lock_text, diagnostics=found, texts=texts)
    workspace.sources, workspace.as_read = paths, as_read
    if not lock_text:
        del texts[lock_path.name]
    return workspace


def _read_source(file: Path, root: Path, path: str, as_read: dict[Path, str]) -> tuple[Source | None, Sequence[Diagnostic]]:
    shown = path.encode("utf-8", "backslashreplace").decode()
    if shown != path:
        message = "the name of this file is not UTF-8"
        return None, [Diagnostic("cannot-read", Location(shown), message, "rename it")]
    try:
        real = real_path(file, root)
        if real is None:
            message = "this link leads out of the project"
            return None, [Diagnostic("cannot-read", Location(path), message, "copy the file into the project")]
        content = real.read_bytes()
        as_read[root / path] = digest(content)
        return decode(content, path)
    except OSError as error:
        message = f"this file cannot be read: {error.strerror}"
        return None, [Diagnostic("cannot-read", Location(path), message, "check that you may read it")]


def _read_note_types(root: Path, as_read: dict[Path, str]) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts of the project's own note types by path, and what cannot be read of them."""
    texts: dict[str, str] = {}
    problems: list[Diagnostic] = []
    folder = root / FOLDER
    for file in sorted(folder.glob("*/*")) if folder.is_dir() else ():
        if file.name in {"notetype.toml", "style.css"} or file.name.endswith((".front.html", ".back.html")):
            source, found = _read_source(file, root, relative(file, root), as_read)
            problems += found
            texts |= {source.path: source.text} if source else {}
    return texts, problems


def read_lock_file(path: Path, as_read: dict[Path, str]) -> tuple[Lock, str, Sequence[Diagnostic]]:
    """The lock in a file, healed, its text, and what is wrong with it; an empty lock where there is no file.

    The digest of its bytes goes to `as_read`.
    """
    try:
        content = path.read_bytes()
        as_read[path] = digest(content)
    except FileNotFoundError:
        as_read[path] = digest(None)
        return Lock(), "", []
    except OSError as error:
        message = f"the lock cannot be read: {error.strerror}"
        return Lock(), "", [Diagnostic("bad-lock", Location(path.name), message, "check that you may read it")]
    source, problems = decode(content, path.name)
    if source is None:
        return Lock(), "", problems
    lock, lock_problems = read_lock(source.text, path.name)
    if lock.uid is None and not lock_problems:
        # A build would give every reworded card a new guid, as if the deck had never been published.
        way_out = "restore it from git; or delete it, and let `recto recover` rebuild it from a package"
        lock_problems = (Diagnostic("bad-lock", Location(path.name), "the lock is empty", way_out),)
    return lock, source.text, lock_problems


def _selection(workspace: Workspace, chosen: set[str]) -> Workspace:
    """The workspace with only some of its sources packed, under a name that cannot be mistaken for the whole deck."""
    project = workspace.project
    if chosen >= {source.path for source in project.sources}:
        return workspace
    workspace.project = replace(project, selected=frozenset(chosen))
    part = to_name("-".join(sorted(PurePosixPath(path).stem for path in chosen)))
    workspace.only = f"-only-{part}"
    return workspace
