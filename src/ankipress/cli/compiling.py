"""What the commands share: a project compiled while a terminal shows how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ankipress.build.compilation import compile_project
from ankipress.build.pipeline import Compiled
from ankipress.cli.progress import run_with_progress
from ankipress.diagnostics import Diagnostic
from ankipress.model import FileReading
from ankipress.project.workspace import Workspace


def compiled(
    paths: Sequence[Path],
    *,
    locked: bool = False,
    reading: FileReading | None = None,
) -> tuple[Workspace, Compiled, tuple[Diagnostic, ...]]:
    """The project that the paths mean, compiled on all cores, and every problem in order.

    With `locked`, it is a problem of cards without errors that the lock does not say all that they
    would have it say.
    """
    found = compile_project(paths, run_with_progress(), locked=locked, reading=reading)
    return found.workspace, found.compiled, found.diagnostics
