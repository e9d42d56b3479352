"""`ankipress list`: list the notes with their identities."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ankipress.build.pipeline import Compiled
from ankipress.cli.compiling import compiled
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples, format_option, paths_argument, shape_option
from ankipress.cli.printing import echo, lines_of
from ankipress.diagnostics import has_errors
from ankipress.model import FileReading, Note, Record, State
from ankipress.project.workspace import Workspace
from ankipress.visible_text import json_text, one_line

_EXAMPLES = examples(
    "ankipress list                  # the notes in the order of their files",
    "ankipress list --all            # retired ones too",
    "ankipress list --format json    # for other programs",
)


@click.command("list", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "--all", "retired", is_flag=True, help="Also list retired notes, which the lock remembers."
)
@format_option(["text", "json"])
@shape_option
def command(
    paths: tuple[Path, ...],
    retired: bool,
    form: str,
    reading: FileReading | None,
) -> int:
    """List the notes with their identities.

    They are those that the next build would give; nothing is written.
    """
    workspace, result, diagnostics = compiled(paths, reading=reading)
    if has_errors(diagnostics):
        show(diagnostics, workspace)
        return PROBLEMS
    rows = list(_rows(workspace, result, retired=retired))
    if form == "json":
        echo(lines_of(json_text(rows)))
    else:
        for row in rows:
            _show(row)
    return OK


def _rows(
    workspace: Workspace,
    result: Compiled,
    *,
    retired: bool,
) -> Iterator[dict[str, Any]]:
    """A row for each note that is packed; with `retired`, also for each that the lock remembers."""
    records = {record.guid: record for record in result.stamped.lock.records}
    packed = {note.guid for note in result.package.notes}
    for note in result.notes:
        if note.guid in packed:
            row = _row(workspace, records[note.guid])
            yield row | _of_card(workspace, note, row["digest"])
    for record in records.values():
        if retired and record.state is State.RETIRED:
            yield _row(workspace, record)


def _row(workspace: Workspace, record: Record) -> dict[str, Any]:
    """What the lock says of a note."""
    return {
        "guid": record.guid,
        "note_id": record.note_id,
        "id": record.id,
        "kind": record.kind,
        "deck": record.deck,
        "path": record.path and workspace.display(record.path),
        "line": None,
        "question": record.question,
        "was": None,
        "tags": [],
        "mod": record.mod,
        "digest": record.digest,
        "state": record.state,
    }


def _of_card(
    workspace: Workspace,
    note: Note,
    digest: str,
) -> dict[str, Any]:
    """What its card says of a note."""
    line = workspace.located(note.entry.location).line
    row: dict[str, Any] = {"line": line, "tags": note.entry.tags}
    before = note.record
    if before is None:
        return row | {"mod": None, "state": "new"}
    if before.question != note.question:
        row["was"] = before.question
    if before.digest != digest:
        row["mod"] = None  # the next build stamps it
    return row


def _show(row: dict[str, Any]) -> None:
    place = row["path"]
    if row["line"] is not None:
        place += f":{row['line']}"
    question = one_line(row["question"], 70)
    echo(f"{row['guid']}  {row['state']:<7}  {row['kind']:<5}  {place}  {question}")
    if row["was"] is not None:
        echo(f"{' ' * 34}was: {one_line(row['was'], 70)}")
