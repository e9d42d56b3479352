"""The state of each note while a project is edited, by what Anki had when it was read."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ankipress.build.compilation import CompiledProject, compile_project
from ankipress.cli import anki_reading
from ankipress.cli.anki_reading import AnkiAsRead
from ankipress.cli.main import run
from ankipress.importing.imported_deck import ImportedNote
from ankipress.importing.readers.package_source import read_package_source
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.anki_comparison import compare_with_anki
from ankipress.live.note_differences import AnkiDifferences
from ankipress.preview.serve.anki_states import NoteState

SAME, DIFFERS, EDITED, ABSENT = NoteState
CARDS = "# Deck\n\n" + "".join(f"## What is {n}?\n\nIt is {n}.\n\n" for n in range(5))


class Edited:
    """A project that was built, and the notes that an Anki has of its package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "ankipress.toml").write_text('name = "deck"\n', encoding="utf-8")
        self.write(CARDS)
        self.build()
        self.deck = read_package_source(folder / "build" / "deck-0.1.0.apkg", None)
        self.reading = AnkiAsRead(self.contents(self.deck.notes))

    def write(self, text: str) -> None:
        """Save the file of the cards."""
        (self.folder / "cards.md").write_text(text, encoding="utf-8")

    def build(self) -> None:
        """Write the package and the lock."""
        assert run(["build", str(self.folder)]) == 0

    def commit(self) -> None:
        """Commit all, so that git remembers the lock."""
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "all"]):
            subprocess.run(["git", *words], cwd=self.folder, check=True)

    def contents(self, notes: Sequence[ImportedNote]) -> AnkiContents:
        """What an Anki has that has these notes."""
        return AnkiContents("Anki", replace(self.deck, notes=tuple(notes)), lambda _: {}, True)

    def found(self) -> CompiledProject:
        """The project as it is now."""
        return compile_project([self.folder])

    def states(self) -> list[NoteState]:
        """The states of all notes, in order, which are those that a new reading has."""
        found = self.found()
        states = self.reading.states(found)
        fresh = AnkiAsRead(self.reading._contents).states(found)
        assert states == fresh
        return [states[note.guid] for note in found.compiled.notes]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


def test_what_was_built_is_there_as_shown(edited: Edited) -> None:
    assert edited.states() == [SAME] * 5


def test_edits_here_there_and_in_both(edited: Edited) -> None:
    first, second, third, *rest = edited.deck.notes
    there = [
        replace(note, mod=(note.mod or 0) + 9, fields=("Edited", *note.fields[1:]))
        for note in (second, third)
    ]
    edited.reading = AnkiAsRead(edited.contents([first, *there, *rest[:1]]))
    assert edited.states() == [SAME, EDITED, EDITED, SAME, ABSENT]
    edited.write(CARDS.replace("It is 0.", "It is nil.").replace("It is 2.", "It is two."))
    assert edited.states() == [DIFFERS, EDITED, EDITED, SAME, ABSENT]
    edited.write(CARDS + "## What is new?\n\nThis.\n")
    assert edited.states() == [SAME, EDITED, EDITED, SAME, ABSENT, ABSENT]


def test_a_build_after_the_reading_is_no_edit_there(edited: Edited) -> None:
    nil = CARDS.replace("It is 0.", "It is nil.")
    edited.write(nil)
    assert edited.states() == [DIFFERS, SAME, SAME, SAME, SAME]
    edited.commit()
    edited.build()
    edited.write(nil.replace("It is 1.", "It is one."))
    assert edited.states() == [DIFFERS, DIFFERS, SAME, SAME, SAME]


def test_only_what_changed_is_compared(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    edited.states()
    compared: list[int] = []

    def count(contents: AnkiContents, *given: Any) -> AnkiDifferences:
        compared.append(len(contents.deck.notes))
        return compare_with_anki(contents, *given)

    monkeypatch.setattr(anki_reading, "compare_with_anki", count)
    edited.reading.states(edited.found())
    edited.write("\n" + CARDS.replace("It is 3.", "It is three."))
    edited.reading.states(edited.found())
    assert compared == [1]


def test_a_note_that_is_there_twice_differs(edited: Edited) -> None:
    notes = edited.deck.notes
    edited.reading = AnkiAsRead(edited.contents([*notes, replace(notes[0], note_id=1)]))
    assert edited.states() == [DIFFERS, SAME, SAME, SAME, SAME]
