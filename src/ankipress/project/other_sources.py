"""Markdown files and notebooks of a folder that are no sources of its project, and the setting that
helps.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ankipress.diagnostics import Diagnostic
from ankipress.project.door import folders_below
from ankipress.project.location import relative
from ankipress.project.workspace import Workspace

_MOST_FOLDERS = 200  # that are looked into
_ENDINGS = (".md", ".ipynb")
_SHOWN = 3  # files that are named
_NOT_CARDS = frozenset({"readme.md", "changelog.md", "contributing.md", "license.md", "agents.md"})
_NOT_OURS = frozenset({"node_modules", "build", "dist", "site-packages"})


def other_sources(root: Path, sources: Collection[str]) -> list[str]:
    """The Markdown files and notebooks below a folder that are no sources, by path; hidden ones,
    those that describe a project, and those with names that cannot be shown are left out.
    """
    found = (path for path in _markdown_files(root) if path not in sources)
    # A name with control characters could command the terminal that it is shown on.
    return sorted(path for path in found if path.isprintable())


def _markdown_files(root: Path) -> Iterator[str]:
    for number, (folder, folders, files) in enumerate(folders_below(root)):
        if number == _MOST_FOLDERS:
            return
        folders[:] = [
            each for each in sorted(folders) if not each.startswith(".") and each not in _NOT_OURS
        ]
        for name in files:
            is_source = name.endswith(_ENDINGS) and not name.startswith(".")
            if is_source and name.lower() not in _NOT_CARDS:
                yield relative(folder / name, root)


def with_other_files(diagnostics: Iterable[Diagnostic], workspace: Workspace) -> list[Diagnostic]:
    """The diagnostics. Where a project has no cards, its other files are named."""
    completed = []
    for each in diagnostics:
        if each.code == "no-cards" and workspace.project.selected is None:
            completed.append(_with_others(each, workspace))
        else:
            completed.append(each)
    return completed


def _with_others(diagnostic: Diagnostic, workspace: Workspace) -> Diagnostic:
    others = other_sources(workspace.root, workspace.sources)
    if not others:
        return diagnostic
    pattern = setting_for(others)
    help = f"{diagnostic.help}\nother files are no sources: {named(others)}; `{pattern}` takes them"
    return replace(diagnostic, help=help)


def named(paths: Sequence[str]) -> str:
    """The first few of some files."""
    words = ", ".join(paths[:_SHOWN])
    if len(paths) > _SHOWN:
        words += f" and {len(paths) - _SHOWN} more"
    return words


def setting_for(paths: Sequence[str]) -> str:
    """The setting that makes some files the sources."""
    if len(paths) == 1:
        return f'sources = ["{paths[0]}"]'
    folders = {PurePosixPath(path).parent.as_posix() for path in paths}
    beginning = "**/*"
    if len(folders) == 1:
        [folder] = folders
        beginning = f"{folder}/*".removeprefix("./")
    patterns = [
        f'"{beginning}{ending}"'
        for ending in _ENDINGS
        if any(path.endswith(ending) for path in paths)
    ]
    return f"sources = [{', '.join(patterns)}]"
