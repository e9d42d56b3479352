"""`ankipress artifacts`: the files of a release, built from the lock as it is."""

from __future__ import annotations

from pathlib import Path

import click

from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.cli.printing import echo
from ankipress.cli.publishable import publishable
from ankipress.cli.saying import say_cannot_write
from ankipress.project.atomic import write_files
from ankipress.project.location import shown_path
from ankipress.release.artifacts import make_artifacts

_EXAMPLES = examples(
    "ankipress artifacts             # packages, notes, manifest and checksums of this version",
    "ankipress artifacts -o dist     # write them into dist/",
)


@click.command("artifacts", epilog=_EXAMPLES)
@click.argument(
    "folder",
    required=False,
    metavar="[DIR]",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder for the files."
)
def command(folder: Path | None, output: Path | None) -> int:
    """Build the files of a release from the lock as it is: packages, notes, checksums.

    On a clean checkout of a release's tag, this makes the same files as that release. The lock must
    be up to date, as with `ankipress build --locked`, and is not written.
    """
    paths = [folder] if folder else []
    ready = publishable(paths, is_release=True)
    if ready is None:
        return PROBLEMS
    workspace = ready.workspace
    target = output or workspace.output
    artifacts = make_artifacts(
        workspace, ready.compiled, workspace.project.settings, ready.changelog
    )
    files = {target / name: content for name, content in artifacts.items()}
    try:
        write_files(files, workspace.as_read, workspace.folders_written(output))
    except OSError as error:
        return say_cannot_write(error, target)
    for path in files:
        echo(shown_path(path))
    return OK
