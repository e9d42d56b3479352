"""Watches the folders of a project, but not those that tools fill with files of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import Change, awatch

from ankipress.project.door import folders_below, leads_out

if TYPE_CHECKING:
    from ankipress.project.workspace import Workspace  # imports every stage

_IGNORED = frozenset({"venv", "node_modules", "__pycache__", "build", "dist", "site-packages"})
_TEMPORARY = ("~", ".swp", ".swx", ".tmp", ".part")
_VIM_TEST = "4913"  # which Vim creates to learn whether it may write
_MOST = 2_000  # folders: a file may lie in somebody's home
_QUIET = 8  # milliseconds without a change, after which a file is written
_LONGEST = 100  # milliseconds until changes are told that go on
_PAUSE = 1_000  # milliseconds without a change, after which missed changes are looked for


async def changes(workspace: Workspace, stop: asyncio.Event) -> AsyncIterator[bool]:
    """True whenever a file of the project was written, False now and then when none was, until
    `stop` is set.
    """
    while not stop.is_set():
        folders = await asyncio.to_thread(_folders, workspace)
        watch = awatch(
            *folders,
            watch_filter=_Filter(workspace),
            step=_QUIET,
            debounce=_LONGEST,
            rust_timeout=_PAUSE,
            yield_on_timeout=True,
            stop_event=stop,
            recursive=False,
        )
        async for found in watch:
            yield bool(found)
            changed = [Path(path) for _, path in found]
            if await asyncio.to_thread(_any_folder, changed, folders):
                break  # there are other folders to watch


def _any_folder(changed: Iterable[Path], known: Collection[Path]) -> bool:
    """Whether a folder is among the changed paths, or was before it was deleted."""
    return any(path in known or path.is_dir() for path in changed)


class _Filter:
    """Leaves out the output of ankipress, and the temporary files of editors."""

    def __init__(self, workspace: Workspace) -> None:
        self._output = workspace.output

    def __call__(self, change: Change, path: str) -> bool:
        file = Path(path)
        if file.name.startswith((".", "#")) or file.name.endswith(_TEMPORARY):
            return False
        return file.name != _VIM_TEST and not file.is_relative_to(self._output)


def _folders(workspace: Workspace) -> list[Path]:
    """The folders to watch: those of sources, and those below the top of the project."""
    of_sources = {(workspace.root / source).parent for source in workspace.sources}
    inside = [each for each in of_sources if not leads_out(each, workspace.root)]
    folders = dict[Path, None].fromkeys(inside)
    folders[workspace.root] = None
    for folder, names, _ in folders_below(workspace.root):
        visible = [each for each in names if not each.startswith(".")]
        names[:] = sorted(each for each in visible if each not in _IGNORED)
        folders[folder] = None
        if len(folders) >= _MOST:
            break
    return [each for each in folders if each.is_dir() and each != workspace.output]
