"""What the disk says of a project: its settings, sources, lock and media."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import click

from ankipress.build.pipeline import Project
from ankipress.cli.shelf import ShelvedSources, ShelvedTexts
from ankipress.diagnostics import Diagnostic, Location
from ankipress.project.files import Reading
from ankipress.project.location import Found, relative, shown_path, sources_of
from ankipress.project.media_files import DiskMedia
from ankipress.project.settings import Settings, is_name, parse_settings, place_of
from ankipress.project.tool_versions import rendering_tools
from ankipress.project.workspace import Workspace

Prepare = Callable[[int], None]
"""Told how many bytes the sources have, before one of them is read."""


def read_workspace(paths: Sequence[Path], prepare: Prepare = lambda _: None) -> Workspace:
    """The project that some paths mean.

    No path: the project around the current folder. A folder: the project in it. Files that a
    project lists as sources: that project, of which these are packed. Other files: a project of
    their own, without settings.
    """
    workspace = _Reader(prepare).of(paths)
    workspace.arguments = tuple(map(str, paths))
    return workspace


def to_name(text: str) -> str:
    """A name for a package out of any text, such as that of a folder."""
    name = re.sub(r"[^\w.-]+", "-", text).strip("-._")[:80]
    return name if is_name(name) else "cards"


class _Reader:
    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare

    def of(self, paths: Sequence[Path]) -> Workspace:
        """The project that some paths mean."""
        folders = [path for path in paths if path.is_dir()]
        if folders and len(paths) > 1:
            raise click.UsageError("give one folder, or files")
        if folders or not paths:
            return self._project(Found.around((folders or [Path.cwd()])[0].resolve()))
        files = list(dict.fromkeys(Path(os.path.abspath(path)) for path in paths))
        found = Found.above(files[0].parent)
        if found is not None:
            workspace = self._project(found)
            chosen = {relative(path, found.root) for path in files}
            if chosen <= workspace.sources:
                return _selection(workspace, chosen)
            if chosen & workspace.sources:
                # Built on their own, cards of the project would get other guids than those that
                # learners have.
                others = ", ".join(sorted(chosen - workspace.sources))
                raise click.UsageError(
                    f"some of these files are sources of the project {shown_path(found.root)}, but not {others}"
                )
        return self._files(files)

    def _project(self, found: Found) -> Workspace:
        default = Settings(name=to_name(found.root.name))
        settings, reading = default, Reading(found.root)
        source = reading.settings(found.file) if found.file else None
        if source:
            parsed, problems = parse_settings(source.text, source.path, name=default.name)
            settings = parsed or default
            reading.problems += problems
        workspace = self._workspace(
            reading,
            settings,
            sources_of(found.root, settings.sources),
            found.root / "ankipress.lock",
        )
        if source:
            theme, fonts = (place_of(source.text, source.path, each) for each in ("theme", "fonts"))
            workspace.project = replace(workspace.project, theme_place=theme, fonts_place=fonts)
            workspace.settings_path = found.file
            workspace.texts[source.path] = source.text
        tombstones, text = reading.tombstones(workspace.tombstones_path)
        workspace.project = replace(workspace.project, tombstones=tombstones)
        workspace.texts.update({workspace.tombstones_path.name: text} if text else {})
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
            Reading(root),
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
        root, texts, sources = lock_path.parent, ShelvedTexts(), list[str]()
        self._prepare(sum(map(size_of, files)))
        for file in files:
            source, path = reading.source(file), relative(file, root)
            texts[path] = source.text if source else ""
            sources += [path] if source else []
        paths = frozenset(texts)
        note_type_files = reading.note_types() if lock_path.name == "ankipress.lock" else {}
        texts.update(note_type_files)
        lock, lock_text = reading.lock(lock_path)
        texts.update({lock_path.name: lock_text} if lock_text else {})
        project = Project(
            settings,
            ShelvedSources(texts, sources),
            lock,
            DiskMedia(root),
            note_type_files=note_type_files,
            tools=rendering_tools(),
        )
        return Workspace(
            root,
            project,
            lock_path,
            root / settings.output,
            texts,
            reading.problems,
            paths,
            reading.digests,
        )


def size_of(file: Path) -> int:
    """The bytes of a file, none where it cannot be asked."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _no_sources(found: Found, settings: Settings) -> Diagnostic:
    patterns = ", ".join(settings.sources)
    if found.file is None:
        message = f"there is no ankipress project here, and no file {patterns}"
        way_out = "`ankipress init` starts a deck; `ankipress build FILE.md` builds any file"
        return Diagnostic("no-sources", Location("."), message, way_out)
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
