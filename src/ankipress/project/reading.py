"""Reads a project from disk: its settings, sources, lock and media."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.media_folder import MediaFolder
from ankipress.model import MediaContent, Source
from ankipress.project.deck import Project
from ankipress.project.extension_trust import extension_wants, without_untrusted
from ankipress.project.file_digests import FileDigests
from ankipress.project.files import TextReader
from ankipress.project.inputs import Inputs
from ankipress.project.location import (
    SETTINGS,
    ProjectLocation,
    UsageError,
    relative,
    shown_path,
)
from ankipress.project.media_files import DiskMedia, WithFiles
from ankipress.project.nearby_locks import LOCK_ENDING
from ankipress.project.other_sources import named, other_sources, setting_for
from ankipress.project.places import quoted
from ankipress.project.settings import Settings, is_name, parse_settings, place_of
from ankipress.project.tool_versions import rendering_tools
from ankipress.project.workspace import PROJECT_LOCK, Workspace
from ankipress.syntax.dialect import OBSIDIAN

if TYPE_CHECKING:
    from ankipress.project.notebooks import Notebook


def read_workspace(
    paths: Sequence[Path],
    digests: FileDigests | None = None,
    *,
    trusted_as: Path | None = None,
) -> Workspace:
    """The project that some paths mean.

    No path: the project around the current folder. A folder: the project in it. Files that a
    project lists as sources: that project, of which these are packed. Other files: a project of
    their own, without settings. `digests` are those of files that were read before. `trusted_as` is
    the folder of the project whose trust counts, if it is not this one: a copy of a revision may do
    what its project may.

    Raises UsageError and UnreadableSettingsError.
    """
    reader = _WorkspaceReader(digests or FileDigests({}), trusted_as)
    workspace = reader.read(paths)
    workspace.arguments = tuple(map(str, paths))
    return workspace


def read_proposed(folder: Path, settings: str) -> Workspace:
    """The project that a folder without settings would be with some."""
    reader = _WorkspaceReader(FileDigests({}), None)
    return reader.proposed(folder.resolve(), settings)


def to_name(text: str) -> str:
    """A name for a package out of any text, such as that of a folder."""
    name = re.sub(r"[^\w.-]+", "-", text).strip("-._")[:80]
    if is_name(name):
        return name
    return "cards"


class _WorkspaceReader:
    def __init__(self, digests: FileDigests, trusted_as: Path | None) -> None:
        self._digests = digests
        self._trusted_as = trusted_as
        self._inputs = Inputs()

    def read(self, paths: Sequence[Path]) -> Workspace:
        """The project that some paths mean."""
        if not paths:
            return self._project(ProjectLocation.around(Path.cwd().resolve()))
        folders = [path for path in paths if path.is_dir()]
        if folders and len(paths) > 1:
            raise UsageError("give one folder, or files")
        if folders:
            return self._project(ProjectLocation.around(folders[0].resolve()))
        absolute = [Path(os.path.abspath(path)) for path in paths]
        files = list(dict.fromkeys(absolute))
        folder = files[0].parent
        found = ProjectLocation.above(folder)
        if found is not None:
            workspace = self._project(found)
            selected = {relative(path, found.root) for path in files}
            if selected <= workspace.sources:
                return _selection(workspace, selected)
            if selected & workspace.sources:
                # Built on their own, cards of the project would get other guids than those that
                # learners have.
                others = ", ".join(sorted(selected - workspace.sources))
                project = shown_path(found.root)
                raise UsageError(
                    f"some of these files are sources of the project {project}, but not {others}"
                )
            self._inputs = _only_settings(self._inputs, found)
        return self._files(files)

    def proposed(self, root: Path, settings: str) -> Workspace:
        """The project that a folder without settings would be with some."""
        return self._project(ProjectLocation(root, None), Source(SETTINGS, settings))

    def _project(
        self,
        found: ProjectLocation,
        proposed: Source | None = None,
    ) -> Workspace:
        settings = Settings(name=to_name(found.root.name))
        reader = TextReader(found.root, self._inputs)
        source = proposed
        if found.file:
            source = reader.settings(found.file)
        else:
            self._inputs.found(found.root / SETTINGS, "")
        if source:
            parsed, problems = parse_settings(source.text, source.path, name=settings.name)
            settings = parsed or settings
            reader.problems += problems
        trusted_as = self._trusted_as or found.root
        wants = tuple(extension_wants(settings, trusted_as))
        settings, refused = without_untrusted(settings, wants, trusted_as)
        settings = settings.rooted(found.root)
        reader.problems += refused
        files = reader.sources(settings.sources)
        lock_path = found.root / PROJECT_LOCK
        workspace = self._workspace(reader, settings, files, lock_path)
        workspace.extension_wants = wants
        if source:
            workspace.project = replace(
                workspace.project,
                theme_place=place_of(source.text, source.path, "theme"),
                fonts_place=place_of(source.text, source.path, "fonts"),
                kind_place=place_of(source.text, source.path, "kind"),
            )
            workspace.settings_path = found.file
            workspace.texts[source.path] = source.text
        tombstones, text = reader.tombstones(workspace.tombstones_path)
        workspace.project = replace(workspace.project, tombstones=tombstones)
        if text:
            workspace.texts[workspace.tombstones_path.name] = text
        if not workspace.sources and not workspace.diagnostics:
            workspace.diagnostics.append(_no_sources(found, settings))
        return workspace

    def _files(self, files: Sequence[Path]) -> Workspace:
        """A project of some files without settings.

        The package has the name of the file, or of the folder of several files.
        """
        root = Path(os.path.commonpath([file.parent for file in files]))
        stem = root.name
        if len(files) == 1:
            stem = files[0].name.removesuffix(".md")
        # The lock has the name of the file itself: two files must never share one, and retire each
        # other's cards.
        workspace = self._workspace(
            TextReader(root, self._inputs),
            Settings(name=to_name(stem)),
            files,
            root / f"{stem}{LOCK_ENDING}",
        )
        workspace.output = Path.cwd() / workspace.project.settings.output
        workspace.project = replace(workspace.project, selected=workspace.sources)
        return workspace

    def _workspace(
        self,
        reader: TextReader,
        settings: Settings,
        files: Sequence[Path],
        lock_path: Path,
    ) -> Workspace:
        root = lock_path.parent
        texts: dict[str, str] = {}
        sources: list[Source] = []
        for file in files:
            path = relative(file, root)
            texts[path] = ""
            source = reader.source(file)
            if source:
                texts[path] = source.text
                sources.append(source)
        if settings.dialect == OBSIDIAN:
            sources = _with_separators(sources, root, self._inputs)
        paths = frozenset(texts)
        texts |= {path: each.json for path, each in reader.notebooks.items()}
        note_type_files: dict[str, str] = {}
        if lock_path.name == PROJECT_LOCK:
            note_type_files = reader.note_types()
        texts |= note_type_files
        lock, lock_text = reader.lock(lock_path)
        if lock_text:
            texts[lock_path.name] = lock_text
        project = Project(
            settings,
            sources,
            lock,
            _with_pictures(DiskMedia(root, self._inputs, self._digests), reader.notebooks),
            note_type_files=note_type_files,
            tools=rendering_tools(),
        )
        return Workspace(
            root=root,
            project=project,
            lock_path=lock_path,
            output=root / settings.output,
            texts=texts,
            inputs=self._inputs,
            digests=self._digests,
            diagnostics=reader.problems,
            sources=paths,
            notebooks=reader.notebooks,
        )


def _with_pictures(media: DiskMedia, notebooks: Mapping[str, Notebook]) -> MediaFolder:
    """The media of a project with the pictures of its notebooks, which are in no file."""
    files: dict[str, MediaContent] = {}
    for path, notebook in notebooks.items():
        folder = PurePosixPath(path).parent
        files |= {str(folder / name): each for name, each in notebook.pictures.items()}
    if not files:
        return media
    return WithFiles(media, files)


def _with_separators(
    sources: Sequence[Source],
    root: Path,
    inputs: Inputs,
) -> list[Source]:
    """Sources with the separators of the vaults that they belong to."""
    from ankipress.project.vault_settings import VaultSettings  # noqa: PLC0415 - seldom needed

    vaults = VaultSettings(root, inputs)
    found = []
    for source in sources:
        folder = (root / source.path).parent
        found.append(replace(source, separators=vaults.separators(folder)))
    return found


def _only_settings(inputs: Inputs, found: ProjectLocation) -> Inputs:
    """The inputs of a project that files do not belong to: its settings, which may change that."""
    path = str(found.file)
    return Inputs({path: inputs.files[path]})


def _no_sources(found: ProjectLocation, settings: Settings) -> Diagnostic:
    patterns = ", ".join(settings.sources)
    others = other_sources(found.root, ())
    if found.file is None:
        message = f"there is no ankipress project here, and no file {patterns}"
        help = "`ankipress init` starts a deck; `ankipress build FILE.md` builds any file"
        if others:
            message += f"; there is {named(others)}"
            help = (
                f"`ankipress build {quoted(others[0])}` builds one file; `{setting_for(others)}` in"
                " a file ankipress.toml makes a project of them"
            )
        return Diagnostic("no-sources", Location("."), message, help)
    message = f"no file matches the sources {patterns}"
    help = "write cards into cards.md, or set `sources`"
    if others:
        message += f"; there is {named(others)}"
        help = f"set `{setting_for(others)}`"
    location = Location(found.file.name)
    return Diagnostic("no-sources", location, message, help)


def _selection(workspace: Workspace, selected: set[str]) -> Workspace:
    """The workspace with some of its sources packed. The name of the package tells which."""
    project = workspace.project
    if selected >= {source.path for source in project.sources}:
        return workspace
    workspace.project = replace(project, selected=frozenset(selected))
    stems = sorted(PurePosixPath(path).stem for path in selected)
    workspace.only = f"-only-{to_name('-'.join(stems))}"
    return workspace
