"""`ankipress list`: list the notes with their identities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ankipress.build.pipeline import Compiled
from ankipress.cli.compiling import compiled
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples, format_option, paths_argument
from ankipress.diagnostics import has_errors, one_line
from ankipress.model import Note, Record, State
from ankipress.project.workspace import Workspace

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
def command(paths: tuple[Path, ...], retired: bool, form: str) -> int:
    """List the notes with their identities.

    They are those that the next build would give; nothing is written.
    """
    workspace, result, diagnostics = compiled(paths)
    if has_errors(diagnostics):
        show(diagnostics, workspace)
        return PROBLEMS
    rows = list(_rows(workspace, result, retired=retired))
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(map(_line, rows)))
    return OK


def _rows(workspace: Workspace, result: Compiled, *, retired: bool) -> Iterator[dict[str, Any]]:
    """A row for each note that is packed; with `retired`, also for each that the lock remembers."""
    records = {record.guid: record for record in result.stamped.lock.records}
    packed = {note.guid for note in result.package.notes}
    for note in result.notes:
        if note.guid in packed:
            row = _row(workspace, records[note.guid])
            yield row | _of_card(note, row["digest"])
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


def _of_card(note: Note, digest: str) -> dict[str, Any]:
    """What its card says of a note."""
    row: dict[str, Any] = {"line": note.entry.location.line, "tags": note.entry.tags}
    before = note.record
    if before is None:
        return row | {"mod": None, "state": "new"}
    if before.question != note.question:
        row["was"] = before.question
    if before.digest != digest:
        row["mod"] = None  # the next build stamps it
    return row


def _line(row: dict[str, Any]) -> str:
    place = row["path"]
    if row["line"] is not None:
        place += f":{row['line']}"
    question = one_line(row["question"], 70)
    line = f"{row['guid']}  {row['state']:<7}  {row['kind']:<5}  {place}  {question}"
    if row["was"] is not None:
        line += f"\n{' ' * 34}was: {one_line(row['was'], 70)}"
    return line
