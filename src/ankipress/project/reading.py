"""What the disk says of a project: its settings, sources, lock and media."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Source
from ankipress.project.deck import Project
from ankipress.project.file_digests import FileDigests
from ankipress.project.files import Reading
from ankipress.project.inputs import Inputs
from ankipress.project.location import ProjectLocation, UsageError, relative, shown_path
from ankipress.project.media_files import DiskMedia
from ankipress.project.settings import Settings, is_name, parse_settings, place_of
from ankipress.project.tool_versions import rendering_tools
from ankipress.project.workspace import Workspace

_LOCK = "ankipress.lock"


def read_workspace(paths: Sequence[Path], digests: FileDigests | None = None) -> Workspace:
    """The project that some paths mean.

    No path: the project around the current folder. A folder: the project in it. Files that a
    project lists as sources: that project, of which these are packed. Other files: a project of
    their own, without settings. `digests` are those of files that were read before.

    Raises UsageError and UnreadableSettingsError.
    """
    workspace = _Reader(digests or FileDigests({})).read(paths)
    workspace.arguments = tuple(map(str, paths))
    return workspace


def to_name(text: str) -> str:
    """A name for a package out of any text, such as that of a folder."""
    name = re.sub(r"[^\w.-]+", "-", text).strip("-._")[:80]
    return name if is_name(name) else "cards"


class _Reader:
    def __init__(self, digests: FileDigests) -> None:
        self._digests = digests
        self._inputs = Inputs()

    def read(self, paths: Sequence[Path]) -> Workspace:
        """The project that some paths mean."""
        folders = [path for path in paths if path.is_dir()]
        if folders and len(paths) > 1:
            raise UsageError("give one folder, or files")
        if folders or not paths:
            folder = folders[0] if folders else Path.cwd()
            return self._project(ProjectLocation.around(folder.resolve()))
        files = list(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))
        found = ProjectLocation.above(files[0].parent)
        if found is not None:
            workspace = self._project(found)
            chosen = {relative(path, found.root) for path in files}
            if chosen <= workspace.sources:
                return _selection(workspace, chosen)
            if chosen & workspace.sources:
                # Built on their own, cards of the project would get other guids than those that
                # learners have.
                others = ", ".join(sorted(chosen - workspace.sources))
                project = shown_path(found.root)
                raise UsageError(
                    f"some of these files are sources of the project {project}, but not {others}"
                )
            self._inputs = _only_settings(self._inputs, found)
        return self._files(files)

    def _project(self, found: ProjectLocation) -> Workspace:
        default = Settings(name=to_name(found.root.name))
        settings, reading = default, Reading(found.root, self._inputs)
        source = reading.settings(found.file) if found.file else None
        if source:
            parsed, problems = parse_settings(source.text, source.path, name=default.name)
            settings = parsed or default
            reading.problems += problems
        files = reading.sources(settings.sources)
        workspace = self._workspace(reading, settings, files, found.root / _LOCK)
        if source:
            theme, fonts = (place_of(source.text, source.path, each) for each in ("theme", "fonts"))
            workspace.project = replace(workspace.project, theme_place=theme, fonts_place=fonts)
            workspace.settings_path = found.file
            workspace.texts[source.path] = source.text
        tombstones, text = reading.tombstones(workspace.tombstones_path)
        workspace.project = replace(workspace.project, tombstones=tombstones)
        if text:
            workspace.texts[workspace.tombstones_path.name] = text
        if not workspace.sources and not workspace.diagnostics:
            workspace.diagnostics.append(_no_sources(found, settings))
        return workspace

    def _files(self, files: Sequence[Path]) -> Workspace:
        """Some files without settings: the package is called after the file, or after the folder of
        several.
        """
        root = Path(os.path.commonpath([file.parent for file in files]))
        stem = files[0].name.removesuffix(".md") if len(files) == 1 else root.name
        # The lock has the name of the file itself: two files must never share one, and retire each
        # other's cards.
        workspace = self._workspace(
            Reading(root, self._inputs),
            Settings(name=to_name(stem)),
            files,
            root / f"{stem}.ankipress.lock",
        )
        workspace.output = Path.cwd() / workspace.project.settings.output
        workspace.project = replace(workspace.project, selected=workspace.sources)
        return workspace

    def _workspace(
        self, reading: Reading, settings: Settings, files: Sequence[Path], lock_path: Path
    ) -> Workspace:
        root = lock_path.parent
        texts: dict[str, str] = {}
        sources: list[Source] = []
        for file in files:
            source = reading.source(file)
            texts[relative(file, root)] = source.text if source else ""
            if source:
                sources.append(source)
        paths = frozenset(texts)
        note_type_files = reading.note_types() if lock_path.name == _LOCK else {}
        texts |= note_type_files
        lock, lock_text = reading.lock(lock_path)
        if lock_text:
            texts[lock_path.name] = lock_text
        project = Project(
            settings,
            sources,
            lock,
            DiskMedia(root, self._inputs, self._digests),
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
            diagnostics=reading.problems,
            sources=paths,
        )


def _only_settings(inputs: Inputs, found: ProjectLocation) -> Inputs:
    """What was read to learn that some files are not of a project: with other settings they may
    be.
    """
    path = str(found.file)
    return Inputs({path: inputs.files[path]})


def _no_sources(found: ProjectLocation, settings: Settings) -> Diagnostic:
    patterns = ", ".join(settings.sources)
    if found.file is None:
        message = f"there is no ankipress project here, and no file {patterns}"
        help = "`ankipress init` starts a deck; `ankipress build FILE.md` builds any file"
        return Diagnostic("no-sources", Location("."), message, help)
    message = f"no file matches the sources {patterns}"
    return Diagnostic(
        "no-sources",
        Location(found.file.name),
        message,
        "write cards into cards.md, or set `sources`",
    )


def _selection(workspace: Workspace, chosen: set[str]) -> Workspace:
    """The workspace with only some of its sources packed, under a name that cannot be mistaken for
    the whole deck.
    """
    project = workspace.project
    if chosen >= {source.path for source in project.sources}:
        return workspace
    workspace.project = replace(project, selected=frozenset(chosen))
    part = to_name("-".join(sorted(PurePosixPath(path).stem for path in chosen)))
    workspace.only = f"-only-{part}"
    return workspace
