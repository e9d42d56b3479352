"""What the commands share: a project compiled while a terminal shows how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ankipress.build.compilation import compile_project
from ankipress.build.pipeline import Compiled
from ankipress.cli.main import PROBLEMS
from ankipress.cli.progress import run_with_progress
from ankipress.diagnostics import Diagnostic, Location
from ankipress.project.location import shown_path
from ankipress.project.workspace import Workspace


def compiled(
    paths: Sequence[Path], *, locked: bool = False
) -> tuple[Workspace, Compiled, tuple[Diagnostic, ...]]:
    """The project that the paths mean, compiled on all cores, and every problem in order.

    With `locked`, it is a problem of cards without errors that the lock does not say all that they
    would have it say.
    """
    found = compile_project(paths, run_with_progress(), locked=locked)
    return found.workspace, found.compiled, found.diagnostics


def say(code: str, message: str, help: str = "") -> int:
    """Print a problem that has no place in a source, and give the exit status."""
    severity = Diagnostic(code, Location(""), message).severity
    lines = [f"{severity.value}[{code}]: {message}"]
    if help:
        lines.append(f"  help: {help}")
    click.echo("\n".join(lines), err=True)
    return PROBLEMS


def say_cannot_write(error: OSError, path: Path) -> int:
    """Say that a file cannot be written, and give the exit status. `path` is meant where the system
    names none.
    """
    named = Path(error.filename) if isinstance(error.filename, str) else path
    reason = error.strerror or error
    return say("cannot-write", f"cannot write {shown_path(named)}: {reason}", "nothing was changed")
