"""`recto artifacts`: the files of a release, built from the lock as it is."""

from __future__ import annotations

from pathlib import Path

import click

from recto.archive import write_files
from recto.cli.artifacts import make_artifacts, read_changelog
from recto.cli.build import outdated
from recto.cli.common import compiled, say, say_cannot_write
from recto.cli.found import shown_path
from recto.cli.main import OK, PROBLEMS, examples
from recto.cli.report import show
from recto.diagnostics import Severity, has_errors, in_order

_EXAMPLES = examples(
    "recto artifacts             # packages, notes, manifest and checksums of this version",
    "recto artifacts -o dist     # write them into dist/",
)


@click.command("artifacts", epilog=_EXAMPLES)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder for the files.")
def command(folder: Path | None, output: Path | None) -> int:
    """Build the files of a release from the lock as it is: packages, notes, checksums.

    On a clean checkout of a release's tag, this makes the very files of that release. The lock must be up to date, as with
    `recto build --locked`, and is not written.
    """
    workspace, result, diagnostics = compiled([folder] if folder else [])
    if not has_errors(diagnostics):
        diagnostics = in_order([*diagnostics, *outdated(workspace, result)])
    show([each for each in diagnostics if each.severity is not Severity.ADVICE], workspace)
    if has_errors(diagnostics):
        return PROBLEMS
    settings = workspace.project.settings
    try:
        changelog = read_changelog(workspace, settings)
    except (OSError, UnicodeDecodeError) as error:
        return say("cannot-read", f"{settings.changelog} cannot be read: {error}", "mend it, or set `changelog` to another file")
    files = make_artifacts(workspace, result, settings, changelog)
    target = output or workspace.output
    try:
        write_files({target / name: content for name, content in files.items()})
    except OSError as error:
        return say_cannot_write(error, target)
    for name in files:
        click.echo(shown_path(target / name))
    return OK
