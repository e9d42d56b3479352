"""`ankipress list`: the notes with their identities."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ankipress.build.pipeline import Compiled
from ankipress.cli.arguments import paths_argument
from ankipress.cli.compiling import compiled
from ankipress.cli.diagnostics_text import one_line, show
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.diagnostics import has_errors
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
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text."
)
def command(paths: tuple[Path, ...], retired: bool, form: str) -> int:  # noqa: FBT001
    """List the notes with their identities.

    They are those that the next build would give; nothing is written.
    """
    workspace, result, diagnostics = compiled(paths)
    if has_errors(diagnostics):
        show(diagnostics, workspace)
        return PROBLEMS
    rows = list(_rows(workspace, result, retired=retired))
    click.echo(
        json.dumps(rows, ensure_ascii=False, indent=2)
        if form == "json"
        else "\n".join(map(_line, rows))
    )
    return OK


def _rows(workspace: Workspace, result: Compiled, *, retired: bool) -> Iterable[dict[str, Any]]:
    records = {record.guid: record for record in result.stamped.lock.records}
    packed = {note.guid for note in result.package.notes}
    for note in result.notes:
        if note.guid in packed:
            yield _row(workspace, records[note.guid], note)
    for record in result.stamped.lock.records if retired else ():
        if record.state is State.RETIRED:
            yield _row(workspace, record, None)


def _row(workspace: Workspace, record: Record, note: Note | None) -> dict[str, Any]:
    """A note as the listing shows it. What is not stamped before the next build has a mod of null."""
    stamped = note is None or (note.record is not None and note.record.digest == record.digest)
    return {
        "guid": record.guid,
        "note_id": record.note_id,
        "id": record.id,
        "kind": record.kind,
        "deck": record.deck,
        "path": workspace.display(record.path) if record.path else "",
        "line": note.entry.location.line if note else None,
        "question": record.question,
        "was": note.record.question
        if note and note.record and note.record.question != note.question
        else None,
        "tags": list(note.entry.tags) if note else [],
        "mod": record.mod if stamped else None,
        "digest": record.digest,
        "state": "new" if note and note.record is None else record.state.value,
    }


def _line(row: dict[str, Any]) -> str:
    place = row["path"] if row["line"] is None else f"{row['path']}:{row['line']}"
    before = f"\n{' ' * 34}was: {one_line(row['was'], 70)}" if row["was"] is not None else ""
    return f"{row['guid']}  {row['state']:<7}  {row['kind']:<5}  {place}  {one_line(row['question'], 70)}{before}"
