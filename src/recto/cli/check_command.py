"""`recto check`: the same diagnostics as a build, and nothing written."""

from __future__ import annotations

from pathlib import Path

import click

from recto.cli.common import compiled, paths_argument
from recto.cli.main import OK, PROBLEMS, examples
from recto.cli.report import show
from recto.diagnostics import has_errors

_EXAMPLES = examples("recto check                 # the project around this folder", "recto check notes.md")


@click.command("check", epilog=_EXAMPLES)
@paths_argument
def command(paths: tuple[Path, ...]) -> int:
    """Show every problem in the cards, and write nothing."""
    workspace, result, diagnostics = compiled(paths)
    show(diagnostics, workspace, err=False)
    if not diagnostics:
        notes = len(result.package.notes)
        click.echo(f"{result.package.name} {result.package.version}: {notes} note{'s' * (notes != 1)}, no problems")
    return PROBLEMS if has_errors(diagnostics) else OK
