"""`ankipress export`: the notes for learners whom no package can update."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from ankipress.build.crowdanki_folders import NotCrowdAnkiError, crowdanki_files, media_contents
from ankipress.build.pipeline import Compiled
from ankipress.cli.main import OK, PROBLEMS, examples, paths_argument
from ankipress.cli.printing import echo
from ankipress.cli.publishable import publishable
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diagnostics import counted
from ankipress.package.notes_text import RETIRED, TextExport, make_text
from ankipress.project.atomic import Writer, write_files
from ankipress.project.door import help_with
from ankipress.project.location import shown_path
from ankipress.project.workspace import Workspace

_EXAMPLES = examples(
    "ankipress export --text                    # for Anki's import of text files",
    "ankipress export --text --media pictures   # with the media in a folder beside it",
    "ankipress export --crowdanki -o my-deck    # a folder for the CrowdAnki add-on",
)


@click.command("export", epilog=_EXAMPLES)
@paths_argument
@click.option("--text", is_flag=True, help="Write a text that Anki imports, by guids.")
@click.option("--crowdanki", is_flag=True, help="Write a folder for the CrowdAnki add-on.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="The file of the text, or the folder for CrowdAnki.",
)
@click.option(
    "--media",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Also copy the media into a folder; with --text only.",
)
@click.option(
    "--all-tags",
    is_flag=True,
    help="Write the tags of notes that this version did not change, too; with --text only.",
)
@click.option(
    "--by-first-field",
    is_flag=True,
    help="Let Anki find notes by their first fields, not by guids; with --text only.",
)
def command(
    paths: tuple[Path, ...],
    text: bool,
    crowdanki: bool,
    output: Path | None,
    media: Path | None,
    all_tags: bool,
    by_first_field: bool,
) -> int:
    """Write the notes for learners whom no package can update.

    Those who got the deck from a text file or from CrowdAnki have note types with ids of their own.
    The lock must be up to date, as with `ankipress build --locked`, and is not written.
    """
    if text == crowdanki:
        raise click.UsageError("say either --text or --crowdanki")
    if crowdanki and (media is not None or all_tags or by_first_field):
        raise click.UsageError("--media, --all-tags and --by-first-field are for --text")
    ready = publishable(paths)
    if ready is None:
        return PROBLEMS
    if crowdanki:
        return _export_crowdanki(ready.workspace, ready.compiled, output)
    tagged = _tagged(ready.compiled, has_all=all_tags)
    export = make_text(ready.compiled.package, tagged, has_guids=not by_first_field)
    return _write_text(export, ready.workspace, ready.compiled, output, media)


def _tagged(compiled: Compiled, *, has_all: bool) -> frozenset[str]:
    """The guids of the notes whose tags are written."""
    version = compiled.package.version
    records = compiled.stamped.lock.records
    return frozenset(each.guid for each in records if has_all or each.changed == version)


def _write_text(
    export: TextExport,
    workspace: Workspace,
    compiled: Compiled,
    output: Path | None,
    media: Path | None,
) -> int:
    package = compiled.package
    stem = workspace.package_name(package).removesuffix(".apkg")
    path = output or workspace.output / f"{stem}.txt"
    contents: dict[Path, bytes | Writer] = {}
    if media is not None:
        contents |= media_contents(media, package.media)
    contents[path] = export.text.encode()
    try:
        write_files(contents, workspace.as_read, workspace.folders_written(output))
    except OSError as error:
        return say_cannot_write(error, path)
    _say_text(export, path)
    if package.media:
        _say_media(len(package.media), media)
    return OK


def _say_text(export: TextExport, path: Path) -> None:
    notes = counted(export.notes, "note")
    echo(f"{shown_path(path)}: {notes}")
    _say_left_out(export.left_out)


def _say_media(number: int, folder: Path | None) -> None:
    files = counted(number, "media file")
    if folder is None:
        echo(f"not in it: {files}; `--media FOLDER` copies them into a folder")
        return
    echo(f"{shown_path(folder)}: {files}, which learners put into their folder collection.media")


def _export_crowdanki(
    workspace: Workspace,
    compiled: Compiled,
    output: Path | None,
) -> int:
    folder = output or workspace.output / f"{compiled.package.name}{workspace.only}-crowdanki"
    try:
        files = crowdanki_files(workspace, compiled, folder)
    except NotCrowdAnkiError as error:
        message = f"{shown_path(error.path)} is no deck of CrowdAnki's: {error}"
        return say("cannot-read", message, "name another folder with `-o`")
    except OSError as error:
        message = f"cannot read {shown_path(folder / 'deck.json')}: {error.strerror or error}"
        return say("cannot-read", message, help_with(error))
    as_read = {**workspace.as_read, **files.as_read}
    try:
        write_files(files.contents, as_read, workspace.folders_written(output))
    except OSError as error:
        return say_cannot_write(error, folder)
    for each, number in files.notes.items():
        notes = counted(number, "note")
        echo(f"{shown_path(each)}: {notes}")
    retired = sum(not note.ords for note in compiled.package.notes)
    _say_left_out({RETIRED: retired})
    return OK


def _say_left_out(reasons: Mapping[str, int]) -> None:
    for reason, number in reasons.items():
        if number:
            notes = counted(number, "note")
            echo(f"not in it: {notes} {reason}")
