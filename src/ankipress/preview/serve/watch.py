"""What of a project is watched: the folders that its files lie in, none of which a tool fills with
files of its own.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import Change, awatch

if TYPE_CHECKING:
    from ankipress.project.workspace import Workspace  # imports every stage

_IGNORED = frozenset({"venv", "node_modules", "__pycache__", "build", "dist", "site-packages"})
_ASIDE = ("~", ".swp", ".swx", ".tmp", ".part")
_MOST = 2_000  # folders: a file may lie in somebody's home
_QUIET = 8  # milliseconds without a change, after which a file is written
_LONGEST = 100  # milliseconds until changes are told that go on
# Milliseconds without a change, after which there is time to look whether the system forgot to tell
# of one.
_PAUSE = 1_000


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
            if await asyncio.to_thread(_any_folder, (Path(path) for _, path in found), folders):
                break  # there are other folders to watch


def _any_folder(changed: Iterable[Path], known: Collection[Path]) -> bool:
    return any(path in known or path.is_dir() for path in changed)


class _Filter:
    """Leaves out the output of ankipress, and the temporary files of editors."""

    def __init__(self, workspace: Workspace) -> None:
        self._output = workspace.output

    def __call__(self, change: Change, path: str) -> bool:
        file = Path(path)
        is_aside = (
            file.name.startswith((".", "#")) or file.name.endswith(_ASIDE) or file.name == "4913"
        )
        return not is_aside and not file.is_relative_to(self._output)


def _folders(workspace: Workspace) -> list[Path]:
    found = dict.fromkeys((workspace.root / source).parent for source in workspace.sources)
    found[workspace.root] = None
    for folder, names, _ in os.walk(workspace.root):
        names[:] = sorted(
            each for each in names if each not in _IGNORED and not each.startswith(".")
        )
        found[Path(folder)] = None
        if len(found) >= _MOST:
            break
    return [folder for folder in found if folder.is_dir() and folder != workspace.output]
