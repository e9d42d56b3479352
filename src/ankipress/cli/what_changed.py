"""What a build says of single notes: which are new, reworded and retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ankipress.build.compilation import CompiledProject
from ankipress.cli.columns import columns, wrapped
from ankipress.cli.printing import OwnText, echo, joined, lines_of, style
from ankipress.cli.terminal import Terminal, of_output
from ankipress.diagnostics import counted
from ankipress.model import Note, Record
from ankipress.project.places import command_line, place
from ankipress.visible_text import on_one_line, one_line

_SHOWN = 10  # notes of each list
_GAP = 2  # columns between a place and a question, and before the place


@dataclass(frozen=True, slots=True)
class _Mention:
    """A place, and what stands there: a line, or several."""

    place: str
    lines: Sequence[str]


def show_what_changed(built: CompiledProject, *, shows_all: bool) -> None:
    """Name the notes that a build made new, took for reworded, and retired.

    All notes of a first build are new, so they are named only where all are shown.
    """
    _show_new(built, shows_all=shows_all)
    _show_reworded(built, shows_all=shows_all)
    _show_retired(built, shows_all=shows_all)


def _show_new(built: CompiledProject, *, shows_all: bool) -> None:
    new = built.compiled.stamped.new
    is_first = not built.workspace.project.lock.packed
    if is_first and not shows_all:
        return
    rows = [
        _Mention(place(note, built.workspace), [one_line(note.question)])
        for note in built.compiled.notes
        if note.guid in new
    ]
    _show(f"{counted(len(rows), 'new note')}:", rows, shows_all=shows_all)


def _show_reworded(built: CompiledProject, *, shows_all: bool) -> None:
    """The questions that were reworded, since they were taken for the same cards without asking."""
    workspace = built.workspace
    reworded = [
        (note, note.record)
        for note in built.compiled.notes
        if note.record and note.record.question != note.question
    ]
    if not reworded:
        return
    rows = [_Mention(place(note, workspace), _change(note, before)) for note, before in reworded]
    _show(f"{counted(len(rows), 'question')} reworded, reviews kept:", rows, shows_all=shows_all)
    line = command_line("ids", "--new", rows[0].place, workspace=workspace)
    echo(f"If one of them is another card now, say so: {line}")


def _change(note: Note, before: Record) -> Sequence[str]:
    return (f"was: {one_line(before.question)}", f"now: {one_line(note.question)}")


def _show_retired(built: CompiledProject, *, shows_all: bool) -> None:
    retired = built.compiled.stamped.retired
    records = [each for each in built.workspace.project.lock.packed if each.guid in retired]
    records.sort(key=lambda record: (record.path, record.section, record.question))
    rows = [_Mention(_where(record, built), [one_line(record.question)]) for record in records]
    title = f"{counted(len(rows), 'note')} retired, which learners keep:"
    _show(title, rows, shows_all=shows_all)


def _where(record: Record, built: CompiledProject) -> str:
    """Where a card stood: the lock knows its file and section."""
    path = built.workspace.display(record.path)
    if record.section:
        return f"{path} ({one_line(record.section, 30)})"
    return path


def _show(title: str, rows: Sequence[_Mention], *, shows_all: bool) -> None:
    """A list with its title; nothing where it is empty."""
    if not rows:
        return
    shown = rows
    if not shows_all:
        shown = rows[:_SHOWN]
    terminal = of_output()
    width = max(columns(on_one_line(row.place)) for row in shown)
    echo(style(title, bold=True))
    for row in shown:
        echo(_text(row, width, terminal))
    if len(rows) > len(shown):
        echo(f"  … and {len(rows) - len(shown)} more (--verbose shows all)")


def _text(row: _Mention, width: int, terminal: Terminal) -> OwnText:
    """A row with its lines in one column, or below its place where a terminal is too narrow."""
    where = on_one_line(row.place)
    indent = " " * (width + 2 * _GAP)
    lead = " " * (width - columns(where) + _GAP)
    if terminal.width is not None and 2 * len(indent) > terminal.width:
        indent = " " * (2 * _GAP)
        lead = f"\n{indent}"
    lines = [wrapped(line, terminal.width, len(indent), indent) for line in row.lines]
    text = f"\n{indent}".join(lines)
    place_shown = style(where, fg="cyan")
    return joined([" " * _GAP, place_shown, lines_of(f"{lead}{text}")])
