"""How the command line names a card: `PATH:LINE`, as seen from where the command was started."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from ankipress.diagnostics import Diagnostic
from ankipress.model import Note, UnresolvedMatch
from ankipress.project.workspace import Workspace


def place(note: Note, workspace: Workspace) -> str:
    """Where a card stands, such as `cards.md:12`: what `note_at` takes, and what diagnostics print."""
    return f"{workspace.display(note.entry.path)}:{note.entry.location.line}"


def note_at(word: str, notes: Sequence[Note], workspace: Workspace) -> Note:
    """The card that a word of the command line means.

    The path is one from the current folder, as ankipress prints it; else one from the top of the
    project, as a report from elsewhere has it. It may be left out where there is one source. Raises
    `click.UsageError` where no card is meant.
    """
    path, _, line = word.rpartition(":")
    source = _source(path, workspace)
    for note in notes:
        if note.entry.path == source and line == str(note.entry.location.line):
            return note
    raise click.UsageError(
        f"there is no card at {word!r}: name the line of its heading, such as cards.md:12"
    )


def _source(path: str, workspace: Workspace) -> str | None:
    """The source that is meant, as the project calls it."""
    sources = [source.path for source in workspace.project.sources]
    if not path:
        return sources[0] if len(sources) == 1 else None
    for spelled in dict.fromkeys((path, path.replace("\\", "/"))):
        meant = _real(Path(spelled))
        here = (source for source in sources if _real(workspace.root / source) == meant)
        from_the_top = (source for source in sources if source == spelled)
        if source := next(here, None) or next(from_the_top, None):
            return source
    return None


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def with_commands(
    diagnostics: Iterable[Diagnostic], cases: Iterable[UnresolvedMatch], workspace: Workspace
) -> list[Diagnostic]:
    """The diagnostics, those of open cases with the commands that settle them, ready to be typed
    where ankipress was called.
    """
    of_place = {case.note.entry.location: case for case in cases}
    return [
        replace(each, help=_commands(of_place[each.location], workspace))
        if each.code == "ambiguous-identity" and each.location in of_place
        else each
        for each in diagnostics
    ]


def _commands(case: UnresolvedMatch, workspace: Workspace) -> str:
    where = place(case.note, workspace)
    ways = [*(("--same", f"{where}={record.guid}") for record in case.candidates), ("--new", where)]
    lines = (command_line("ids", *way, workspace=workspace) for way in ways)
    return "\n    ".join(
        (f"`{command_line('ids', workspace=workspace)}` asks you; or say which it is:", *lines)
    )


def command_line(name: str, *words: str, workspace: Workspace) -> str:
    """A command of ankipress for the project of a workspace, as it can be typed in the current
    folder.
    """
    return " ".join(["ankipress", name, *map(_quoted, (*words, *workspace.arguments))])


def _quoted(word: str) -> str:
    if os.name == "nt":
        return word if re.fullmatch(r"[\w.:/\\=-]+", word) else f'"{word}"'
    return shlex.quote(word)
