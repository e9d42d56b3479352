"""`ankipress build`: write the package, and the lock where it changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ankipress.build.memo import Memo, open_memo
from ankipress.cli.main import OK, examples, paths_argument, shape_option
from ankipress.cli.printing import echo, lines_of
from ankipress.project.location import ProjectLocation, location_of_project
from ankipress.project.programs import programs_fingerprint

if TYPE_CHECKING:
    from ankipress.build.manifest import BuildManifest
    from ankipress.model import FileReading

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
@shape_option
@click.option("--locked", is_flag=True, help="Refuse to change the lock, and say what differs.")
@click.option("--retire-many", is_flag=True, help="Retire notes, however many they are.")
@click.option("-v", "--verbose", is_flag=True, help="Name all notes that are new or retired.")
@click.option(
    "--take-lock",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Go on with the lock of another file, whose cards these are.",
)
@click.option(
    "--new-lock", is_flag=True, help="Go on with no other lock: these cards are new to learners."
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes that render. Default: one for each core.",
)
def command(
    paths: tuple[Path, ...],
    output: Path | None,
    reading: FileReading | None,
    locked: bool,
    retire_many: bool,
    verbose: bool,
    take_lock: tuple[Path, ...],
    new_lock: bool,
    jobs: int | None,
) -> int:
    """Compile the cards into a package that Anki imports and updates.

    Without PATHS, builds the project around the current folder. The lock beside the settings
    remembers which note is which: commit it with the cards.
    """
    project = location_of_project(paths)
    key = build_key(project, paths, output, reading)
    with open_memo(project.root, programs_fingerprint()) as memo:
        if not take_lock and _say_again(memo, key, locked=locked):
            return OK
        # Where nothing changed, no stage is imported.
        from ankipress.cli.building import BuildRequest, build  # noqa: PLC0415
        from ankipress.project.workspace import LockChoice  # noqa: PLC0415

        choice = LockChoice(take_lock, new_lock)
        asked = BuildRequest(paths, output, jobs, locked, choice, retire_many, verbose, reading)
        return build(asked, memo, key)


def build_key(
    project: ProjectLocation,
    paths: Sequence[Path],
    output: Path | None = None,
    reading: FileReading | None = None,
) -> bytes:
    """The key under which a build is remembered that was asked for in this way."""
    # Settings that appear beside others may go first, so their file is a part of what is asked for.
    request = (os.getcwd(), output, reading, project.file, *paths)
    return "\0".join(map(str, request)).encode("utf-8", "surrogateescape")


def _say_again(
    memo: Memo,
    key: bytes,
    *,
    locked: bool,
) -> bool:
    """Say what the last build said, if nothing has changed since; False where something has."""
    from ankipress.build.manifest import current_manifest  # noqa: PLC0415

    manifest = current_manifest(memo, key, reads_all=locked)
    if manifest is None or (locked and _is_refused(manifest)):
        return False
    if manifest.problems:
        from ankipress.cli.diagnostics_text import show_again  # noqa: PLC0415

        show_again(manifest.problems)
    echo(lines_of(manifest.summary))
    return True


def _is_refused(manifest: BuildManifest) -> bool:
    """Whether a build warned of what one with --locked refuses."""
    return any(each.diagnostic.code == "old-version" for each in manifest.problems)
