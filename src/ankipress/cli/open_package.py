"""Hands packages to Anki as a double click does, where nothing else reaches it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from ankipress.cli.background import start_program
from ankipress.cli.printing import can_ask, confirm, echo
from ankipress.project.location import shown_path

_BUTTON = "Press Import in the window that Anki shows, with its options as they are at first:"
_OPTIONS = (
    "learning progress and deck presets off, merging of note types off, both updates “If newer”"
)


def open_packages(paths: Sequence[Path], *, agrees: bool) -> None:
    """Open packages with Anki if the user wants it, and say what is to be done there."""
    names = ", ".join(map(shown_path, paths))
    command = _command()
    opens = command is not None and (agrees or (can_ask() and confirm("Open it with Anki?")))
    if command is not None and opens:
        for path in paths:
            start_program([*command, str(path.resolve())])
    else:
        echo(f"Open it with Anki, by a double click or File > Import: {names}")
    echo(f"{_BUTTON} {_OPTIONS}.")


def _command() -> list[str] | None:
    """What opens a package with Anki; None where that is not known."""
    if program := shutil.which("anki"):
        return [program]
    if sys.platform == "darwin":
        return ["open", "-a", "Anki"]
    if sys.platform == "win32":
        return ["explorer"]
    return None
