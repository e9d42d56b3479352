"""`ankipress build`: write the package, and the lock where it changed."""

from __future__ import annotations

from pathlib import Path

import click

from ankipress.cli.last_build import look_around
from ankipress.cli.main import OK, examples, paths_argument

_EXAMPLES = examples(
    "ankipress build                 # the project around this folder",
    "ankipress build notes.md        # a single file, no settings needed",
    "ankipress build -o dist         # write the package into dist/",
    "ankipress build --locked        # for CI: fail if ankipress.lock is not up to date",
)


@click.command("build", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the package.",
)
@click.option("--locked", is_flag=True, help="Refuse to change the lock, and say what differs.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes that render. Default: one for each core.",
)
def command(paths: tuple[Path, ...], output: Path | None, locked: bool, jobs: int | None) -> int:
    """Compile the cards into a package that Anki imports and updates.

    Without PATHS, builds the project around the current folder. The lock beside the settings
    remembers which note is which: commit it with the cards.
    """
    if not paths and (line := _quickly(output, locked=locked)):
        click.echo(line)
        return OK
    # Where little changed, little is imported.
    from ankipress.cli.building import Request, build  # noqa: PLC0415

    return build(Request(paths, output, jobs, locked=locked))


def _quickly(output: Path | None, *, locked: bool) -> str | None:
    """What to say of a build that has little to do or nothing, once that is done; None where
    everything must be built.
    """
    seen = look_around(output)
    if seen is None:
        return None
    if not seen.changed:
        return seen.last.summary.text()
    if locked or not seen.is_edited:
        return None
    # Where nothing changed, no stage is imported.
    from ankipress.cli.edited import build_edited  # noqa: PLC0415

    return build_edited(seen)
