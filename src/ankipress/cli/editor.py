"""Opens a place in a source: by a link that the browser hands to an editor, or by a command.

Only the command line names an editor, and no shell reads the names of files, which a stranger may
have chosen.
"""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import click

from ankipress.cli.background import start_program

LINKS: Mapping[str, str] = {
    "cursor": "cursor://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "windsurf": "windsurf://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
}
"""Editors that the browser opens by a link of their own."""

_PLACEHOLDER = re.compile(r"\{(path|line|column)\}")
_SHELLS = frozenset({"bash", "cmd", "dash", "fish", "ksh", "powershell", "pwsh", "sh", "zsh"})
# Windows runs batch files by its shell, which reads these signs (subprocess, "Security
# Considerations").
_BATCH = (".bat", ".cmd")
_SIGNS = re.compile(r"[\"%&<>^|!\r\n]")


class UnsafeEditorError(ValueError):
    """A shell would take the name of a file for commands. The message says so."""


class Editor:
    """An editor: a name in `LINKS`, a link such as `my://{path}:{line}`, or a command such as
    `code -g {path}:{line}`. Raises ValueError for anything else, and UnsafeEditorError.
    """

    def __init__(self, text: str) -> None:
        self._link = LINKS.get(text)
        self._command = list[str]()
        if "://" in text.partition(" ")[0]:
            self._link = text
        elif self._link is None:
            self._command = _command(text)

    async def open(self, path: Path, line: int, column: int) -> str | None:
        """The link to follow, or None where the editor was started. Raises OSError where it cannot
        be started.
        """
        if self._link:
            place = quote(path.as_posix(), safe="/:")
            if not place.startswith("/"):  # a drive of Windows
                place = f"/{place}"
            return _fill(self._link, place, line, column)
        words = [_fill(word, str(path), line, column) for word in self._command]
        if words[0].lower().endswith(_BATCH) and _SIGNS.search(str(path)):
            raise OSError(f"a shell would read the signs in the name {str(path)!r}")
        await asyncio.to_thread(start_program, words)
        return None


def read_editor(_context: click.Context, _parameter: click.Parameter, value: str) -> Editor:
    """The editor that an option names."""
    try:
        return Editor(value)
    except UnsafeEditorError as error:
        raise click.BadParameter(str(error)) from None
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is neither one of {', '.join(LINKS)},"
            " nor a link or a command with {path} and {line}"
        ) from None


def _command(text: str) -> list[str]:
    words = shlex.split(text, posix=sys.platform != "win32")
    if not words:
        raise ValueError(text)
    has_shell = any(Path(word).stem.lower() in _SHELLS for word in words)
    if has_shell and any("{path}" in word and word != "{path}" for word in words):
        raise UnsafeEditorError(
            "a shell would take the name of a file for commands: give it as a word of its own,"
            " as in sh -c 'vi \"$1\"' sh {path}"
        )
    if re.search(_PLACEHOLDER, text):
        return words
    return [*words, "{path}"]


def _fill(text: str, path: str, line: int, column: int) -> str:
    values = {"path": path, "line": str(line), "column": str(column)}
    return re.sub(_PLACEHOLDER, lambda found: values[found[1]], text)
