"""An Anki for the preview that has what a test says.

Run with a file and words for `ankipress serve`, it serves with an Anki that has what the file says.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ankipress.build.compilation import CompiledProject
from ankipress.cli import serve_command
from ankipress.cli.main import run
from ankipress.preview.serve.anki_states import AnkiRefusalError, NoteState

SILENT = AnkiRefusalError("Anki does not answer", "start it, and press the button again")


@dataclass(frozen=True)
class Read:
    """The texts of the fields that notes have there, by guid, and the guids of those that were
    edited there.
    """

    notes: Mapping[str, Sequence[str]]
    edited: frozenset[str] = frozenset()
    label: str = "Anki"

    def states(self, found: CompiledProject) -> Mapping[str, NoteState]:
        """The state of each note of a project."""
        return {
            each.guid: self._state(each.guid, each.fields) for each in found.compiled.package.notes
        }

    def _state(self, guid: str, fields: Sequence[str]) -> NoteState:
        if guid not in self.notes:
            return NoteState.ABSENT
        if guid in self.edited:
            return NoteState.EDITED
        return NoteState.SAME if list(self.notes[guid]) == list(fields) else NoteState.DIFFERS


@dataclass
class Board:
    """An Anki that holds texts of notes, and counts what it is asked. It is silent until
    `answers`.
    """

    notes: dict[str, list[str]] = field(default_factory=dict)
    edited: frozenset[str] = frozenset()
    answers: bool = True
    asked: list[str] = field(default_factory=list)
    is_asked: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event | None = None

    def read(self, found: CompiledProject) -> Read:
        """What it has."""
        self.asked.append("read")
        self.is_asked.set()
        if self.gate:
            assert self.gate.wait(60)
        self._answer()
        return Read(dict(self.notes), self.edited)

    def plan(self, found: CompiledProject) -> Plan:
        """What sending a project would change; edits there are not lost."""
        self.asked.append("plan")
        self._answer()
        if self.edited:
            help = "bring it back: ankipress pull"
            edited = [each for each in found.compiled.notes if each.guid in self.edited]
            lines = [each.question for each in edited]
            raise AnkiRefusalError("1 note was edited in Anki", help, lines)
        return Plan(self, found)

    def _answer(self) -> None:
        if not self.answers:
            raise SILENT


@dataclass
class Plan:
    """Sends a project to the board."""

    board: Board
    found: CompiledProject

    @property
    def lines(self) -> list[str]:
        """One line for each sort of note that would change."""
        states = list(Read(self.board.notes).states(self.found).values())
        told = {NoteState.ABSENT: "new", NoteState.DIFFERS: "updated"}
        found = {word: states.count(state) for state, word in told.items()}
        return [f"{count} {word}" for word, count in found.items() if count]

    def send(self) -> list[str]:
        """Send it."""
        self.board.asked.append("send")
        lines = self.lines
        for each in self.found.compiled.package.notes:
            self.board.notes[each.guid] = list(each.fields)
        return [*lines, "No review was lost."]


class FileBoard(Board):
    """A board whose contents are in a file, where a test in another process can change them. It
    notes there what it was asked.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def _answer(self) -> None:
        held: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        self.answers = held.get("answers", True)
        self.edited = frozenset(held.get("edited", ()))
        self.notes = held.get("notes", self.notes)
        asked = "\n".join(self.asked)
        self._file.with_name("asked.txt").write_text(asked, encoding="utf-8")
        super()._answer()


if __name__ == "__main__":
    file_of_board = Path(sys.argv[1])
    serve_command._open_board = lambda *_: FileBoard(file_of_board)
    sys.exit(run(["serve", *sys.argv[2:]]))
