"""How the cards of the preview compare with a running Anki."""

from __future__ import annotations

from pathlib import Path

import pytest

from anki_desktop import AnkiDesktop
from ankipress.build.compilation import CompiledProject, compile_project
from ankipress.cli.anki_board import RunningAnkiBoard
from ankipress.cli.main import run
from ankipress.preview.serve.anki_states import AnkiBoard, AnkiRefusalError, NoteState

CARDS = """# Numbers

## What is one?

The first number.

## What is two? {reverse}

Two answers.

## What is three?

It is 3.
"""
EDIT = """
note = col.get_note(col.find_notes("deck:Numbers two")[0])
note.fields[1] = "<p>Two answers there.</p>"
col.update_note(note)
"""


class Deck:
    """A project in a folder, and its preview's board."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "ankipress.toml").write_text('name = "numbers"\n', encoding="utf-8")
        self.board: AnkiBoard = RunningAnkiBoard([folder])
        self.write(CARDS)

    def write(self, text: str) -> None:
        """Save the file of the cards."""
        (self.folder / "cards.md").write_text(text, encoding="utf-8")

    def build(self) -> Path:
        """Build the package."""
        assert run(["build", str(self.folder)]) == 0
        return self.folder / "build" / "numbers-0.1.0.apkg"

    def found(self) -> CompiledProject:
        """The project as it is now."""
        return compile_project([self.folder])

    def states(self) -> list[NoteState]:
        """The states of its notes, in order."""
        found = self.found()
        states = self.board.read(found).states(found)
        return [states[note.guid] for note in found.compiled.notes]


@pytest.fixture
def deck(tmp_path: Path, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch) -> Deck:
    monkeypatch.setenv("ANKICONNECT_URL", f"http://{desktop.address}")
    return Deck(tmp_path)


def test_each_note_has_its_state(deck: Deck, desktop: AnkiDesktop) -> None:
    assert deck.states() == [NoteState.ABSENT] * 3
    deck.write(CARDS.replace("It is 3.", "It was 3."))
    desktop.anki().import_package(deck.build())
    assert deck.states() == [NoteState.SAME] * 3
    deck.write(CARDS + "\n## What is four?\n\nIt is 4.\n")
    desktop.run(EDIT)
    assert deck.states() == [
        NoteState.SAME,
        NoteState.EDITED,
        NoteState.DIFFERS,
        NoteState.ABSENT,
    ]


def test_an_edit_is_compared_without_asking_again(deck: Deck, desktop: AnkiDesktop) -> None:
    desktop.anki().import_package(deck.build())
    reading = deck.board.read(deck.found())
    assert reading.label.startswith("Anki")
    desktop.run(EDIT)
    assert set(reading.states(deck.found()).values()) == {NoteState.SAME}
    deck.write(CARDS.replace("It is 3.", "It is three."))
    assert list(reading.states(deck.found()).values()).count(NoteState.DIFFERS) == 1


def test_an_anki_that_has_gone_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANKICONNECT_URL", "http://127.0.0.1:9")
    deck = Deck(tmp_path)
    with pytest.raises(AnkiRefusalError, match="no Anki with AnkiConnect is running") as refused:
        deck.board.read(deck.found())
    assert refused.value.help.startswith("start Anki")


def test_what_the_page_sends_is_there_as_shown(deck: Deck, desktop: AnkiDesktop) -> None:
    plan = deck.board.plan(deck.found())
    assert "3 new" in [line.strip() for line in plan.lines]
    assert not any("--" in line for line in plan.lines)
    assert deck.states() == [NoteState.ABSENT] * 3, "nothing is sent by a plan"
    assert not (deck.folder / "ankipress.lock").exists()
    plan.send()
    assert deck.states() == [NoteState.SAME] * 3
    assert desktop.run("result = col.note_count()") == 3
    deck.write(CARDS.replace("It is 3.", "It is three."))
    assert deck.states() == [NoteState.SAME, NoteState.SAME, NoteState.DIFFERS]
    deck.board.plan(deck.found()).send()
    assert deck.states() == [NoteState.SAME] * 3


def test_edits_there_are_named_and_not_sent_over(deck: Deck, desktop: AnkiDesktop) -> None:
    deck.board.plan(deck.found()).send()
    desktop.run(EDIT)
    deck.write(CARDS.replace("Two answers.", "Two other answers."))
    with pytest.raises(AnkiRefusalError) as refused:
        deck.board.plan(deck.found())
    assert "`ankipress pull`" in refused.value.help
    assert any("What is two?" in line for line in refused.value.lines)
    assert deck.states()[1] is NoteState.EDITED
