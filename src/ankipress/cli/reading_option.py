"""What is said of how a file is read."""

from __future__ import annotations

from ankipress.build.file_reading import name_of_reading
from ankipress.cli.printing import echo
from ankipress.diagnostics import counted
from ankipress.project.workspace import Workspace


def say_reading(workspace: Workspace, cards: int) -> None:
    """Say how files are read, where nobody had said it and it is not the usual way."""
    reading = workspace.found_reading
    if reading is not None:
        echo(f"read as {name_of_reading(reading)}, {counted(cards, 'card')}; `--shape` changes it")
