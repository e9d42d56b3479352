"""Names of cards on the command line: `PATH:LINE`, as seen from the current folder."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ankipress.diagnostics import Diagnostic
from ankipress.model import Note, UnresolvedMatch
from ankipress.project.location import UsageError
from ankipress.project.workspace import Workspace


def place(note: Note, workspace: Workspace) -> str:
    """Where a card stands, such as `cards.md:12`: what `note_at` reads, and diagnostics print."""
    line = workspace.located(note.entry.location).line
    return f"{workspace.display(note.entry.path)}:{line}"


def note_at(
    word: str,
    notes: Sequence[Note],
    workspace: Workspace,
) -> Note:
    """The card at a place, which a user has typed.

    The path is one from the current folder, as ankipress prints it, or one from the top of the
    project, as a report from another machine has it. It may be missing where there is one source.
    Raises UsageError where no card stands there.
    """
    path, _, line = word.rpartition(":")
    source = _source(path, workspace)
    for note in notes:
        if note.entry.path != source:
            continue
        if str(workspace.located(note.entry.location).line) == line:
            return note
    raise UsageError(
        f"there is no card at {word!r}: name the line of its heading, such as cards.md:12"
    )


def _source(path: str, workspace: Workspace) -> str | None:
    """The path of a source in the project, None where a path means none."""
    sources = [source.path for source in workspace.project.sources]
    if not path and len(sources) == 1:
        return sources[0]
    real_paths = {_real(workspace.root / source): source for source in sources}
    for spelling in (path, path.replace("\\", "/")):
        real_path = _real(Path(spelling))
        if real_path in real_paths:
            return real_paths[real_path]
        if spelling in sources:
            return spelling
    return None


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def with_commands(
    diagnostics: Iterable[Diagnostic],
    matches: Iterable[UnresolvedMatch],
    workspace: Workspace,
) -> list[Diagnostic]:
    """The diagnostics. Those of unresolved matches tell the commands that resolve them."""
    by_location = {match.note.entry.location: match for match in matches}
    completed = []
    for each in diagnostics:
        match = by_location.get(each.location)
        if match is not None and each.code == "ambiguous-identity":
            help = _commands(match, workspace)
            completed.append(replace(each, help=help))
        else:
            completed.append(each)
    return completed


def _commands(match: UnresolvedMatch, workspace: Workspace) -> str:
    asking = command_line("ids", workspace=workspace)
    lines = [f"`{asking}` asks you; or say which it is:"]
    where = place(match.note, workspace)
    for record in match.candidates:
        decision = f"{where}={record.guid}"
        lines.append(command_line("ids", "--same", decision, workspace=workspace))
    lines.append(command_line("ids", "--new", where, workspace=workspace))
    return "\n    ".join(lines)


def command_line(name: str, *words: str, workspace: Workspace) -> str:
    """A command of ankipress for the project of a workspace, ready to be typed in the current
    folder.
    """
    typed = map(quoted, (*words, *workspace.arguments))
    return " ".join(["ankipress", name, *typed])


def quoted(word: str) -> str:
    """A word as it is typed into the shell of this system."""
    if os.name != "nt":
        return shlex.quote(word)
    if re.fullmatch(r"[\w.:/\\=-]+", word):
        return word
    return f'"{word}"'
