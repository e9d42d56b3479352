"""What a real Anki does when AnkiConnect tells it to: docs/developing/ankiconnect.md, as tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anki_desktop import AnkiDesktop
from ankipress.importing.readers.package_source import read_package_source
from ankipress.live.anki_contents import LiveError
from ankipress.live.running.anki_search import in_deck, of_notes
from author import FIRST_RELEASE, Author

CARD = "# Tensors\n\n## What is a tensor?\n\nAn array of numbers.\n"
LATER = FIRST_RELEASE + 86_400
AFTER_THE_TEST = 4_000_000_000
Release = Callable[..., Path]

_OPTIONS = """
keys = ("mergeNotetypes", "withScheduling", "withDeckConfigs", "updateNotes", "updateNotetypes")
result = {key: col.get_config(key) for key in keys}
"""
_CARD = """
card = col.get_card(col.find_cards("deck:Tensors")[0])
result = [card.type, card.queue, card.due, card.ivl, card.reps, card.did]
"""


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    author = Author(tmp_path / "deck", monkeypatch, {"name": "tensors"})

    def make(version: str, text: str, *, at: int = FIRST_RELEASE) -> Path:
        author.write("cards.md", text)
        return author.release(version, at=at)

    return make


def note_in(desktop: AnkiDesktop) -> int:
    (note,) = desktop.anki().find_notes(in_deck("Tensors"))
    return note


def card_in(desktop: AnkiDesktop) -> list[int]:
    found: list[int] = desktop.run(_CARD)
    return found


def test_an_import_keeps_what_was_learnt(desktop: AnkiDesktop, release: Release) -> None:
    anki = desktop.anki()
    anki.import_package(release("1.0.0", CARD))
    desktop.run("col.sched.set_due_date(col.find_cards('deck:Tensors'), '5')")
    before = card_in(desktop)
    assert before[:2] == [2, 2]
    anki.import_package(release("2.0.0", CARD.replace("numbers", "figures"), at=AFTER_THE_TEST))
    (note,) = anki.notes([note_in(desktop)])
    assert "figures" in note.values["Back"]
    assert card_in(desktop) == before


def test_an_import_keeps_a_preset_and_a_suspension(desktop: AnkiDesktop, release: Release) -> None:
    anki = desktop.anki()
    package = release("1.0.0", CARD)
    anki.import_package(package)
    preset = desktop.run(
        """
        preset = col.decks.add_config_returning_id("Mine")
        deck = col.decks.by_name("Tensors")
        deck["conf"] = preset
        col.decks.save(deck)
        result = preset
    """.replace("\n        ", "\n")
    )
    anki.suspend(anki.find_cards(in_deck("Tensors")))
    assert card_in(desktop)[1] == -1
    anki.import_package(package)
    assert card_in(desktop)[1] == -1
    assert desktop.run("result = col.decks.by_name('Tensors')['conf']") == preset


def test_an_import_leaves_its_options_to_the_dialog(desktop: AnkiDesktop, release: Release) -> None:
    """Nothing of AnkiConnect can read them before, or put them back."""
    desktop.run("""for key in ("mergeNotetypes", "withScheduling", "withDeckConfigs"):
    col.set_config(key, False)
col.set_config("updateNotes", "Always")""")
    desktop.anki().import_package(release("1.0.0", CARD))
    assert desktop.run(_OPTIONS) == {
        "mergeNotetypes": True,
        "withScheduling": True,
        "withDeckConfigs": True,
        "updateNotes": "IfNewer",
        "updateNotetypes": "IfNewer",
    }


def test_an_import_empties_a_field_that_was_added_there(
    desktop: AnkiDesktop, release: Release
) -> None:
    """So push must look at the fields first."""
    anki = desktop.anki()
    first = release("1.0.0", CARD)
    anki.import_package(first)
    (note_type,) = read_package_source(first, None).note_types
    desktop.ask("modelFieldAdd", modelName=note_type.name, fieldName="My notes")
    change = {"id": note_in(desktop), "fields": {"My notes": "private"}}
    desktop.ask("updateNoteFields", note=change)
    second = release("2.0.0", CARD.replace("numbers", "figures"), at=AFTER_THE_TEST)
    anki.import_package(second)
    (note,) = anki.notes([note_in(desktop)])
    assert note.values["My notes"] == ""


def test_a_file_that_is_no_package_is_refused(desktop: AnkiDesktop, tmp_path: Path) -> None:
    anki = desktop.anki()
    with pytest.raises(LiveError, match="No such file"):
        anki.import_package(tmp_path / "none.apkg")
    (tmp_path / "text.apkg").write_text("no package")
    with pytest.raises(LiveError, match=r"Anki refuses .importPackage.: invalid Zip"):
        anki.import_package(tmp_path / "text.apkg")


def test_a_backup_holds_what_was_learnt(
    desktop: AnkiDesktop, release: Release, tmp_path: Path
) -> None:
    anki = desktop.anki()
    anki.import_package(release("1.0.0", CARD))
    desktop.run("""
card = col.get_card(col.find_cards("deck:Tensors")[0])
card.start_timer()
col.sched.answerCard(card, 3)
""")
    anki.export_deck("Tensors", tmp_path / "backup.apkg")
    assert read_package_source(tmp_path / "backup.apkg", None).left == ("1 review",)
    with pytest.raises(LiveError, match="no deck Others"):
        anki.export_deck("Others", tmp_path / "others.apkg")


def test_cards_in_filtered_decks_are_in_no_export_of_their_home_deck(
    desktop: AnkiDesktop, release: Release, tmp_path: Path
) -> None:
    anki = desktop.anki()
    anki.import_package(release("1.0.0", CARD))
    desktop.run("""
deck = col.sched.get_or_create_filtered_deck(0)
deck.name = "Cram"
deck.config.search_terms[0].search = "deck:Tensors"
col.sched.add_or_update_filtered_deck(deck)
""")
    anki.export_deck("Tensors", tmp_path / "home.apkg")
    assert read_package_source(tmp_path / "home.apkg", None).notes == ()
    anki.export_deck("Cram", tmp_path / "filtered.apkg")
    (note,) = read_package_source(tmp_path / "filtered.apkg", None).notes
    assert note.deck == "Tensors"
    assert anki.find_cards(in_deck("Tensors")) == anki.find_cards("deck:filtered")


def test_notes_are_found_and_deleted(desktop: AnkiDesktop, release: Release) -> None:
    anki = desktop.anki()
    anki.import_package(release("1.0.0", CARD + "\n## What is a scalar?\n\nA number.\n"))
    notes = anki.find_notes(in_deck("Tensors"))
    assert len(notes) == 2
    assert len(anki.find_cards(of_notes(notes))) == 2
    anki.delete_notes(notes[:1])
    assert anki.find_notes(in_deck("Tensors")) == notes[1:]


def test_the_dialog_of_an_import_is_shown(desktop: AnkiDesktop, release: Release) -> None:
    anki = desktop.anki()
    anki.show_import(release("1.0.0", CARD))
    assert _windows(desktop) & {"ImportDialog"}
    assert anki.find_notes(in_deck("Tensors")) == []
    desktop.run("""
for each in mw.app.topLevelWidgets():
    if type(each).__name__ == "ImportDialog":
        each.reject()
""")


def _windows(desktop: AnkiDesktop) -> set[str]:
    shown: Any = desktop.run(
        "result = [type(each).__name__ for each in mw.app.topLevelWidgets() if each.isVisible()]"
    )
    return set(shown)


def test_a_note_that_is_added_has_another_deck_than_it_was_told(desktop: AnkiDesktop) -> None:
    """So new notes come by a package, with their guids."""
    desktop.ask("createDeck", deck="Tensors")
    fields = {"Front": "one", "Back": "1"}
    note = {"deckName": "Tensors", "modelName": "Basic", "fields": fields}
    added = desktop.ask("addNote", note=note)
    anki = desktop.anki()
    cards = anki.find_cards(of_notes([added]))
    assert set(anki.decks_of(cards).values()) == {"Default"}


def test_all_cards_are_suspended_or_none(desktop: AnkiDesktop, release: Release) -> None:
    anki = desktop.anki()
    anki.import_package(release("1.0.0", CARD))
    cards = anki.find_cards(in_deck("Tensors"))
    with pytest.raises(LiveError, match="Card was not found: 1"):
        anki.suspend([*cards, 1])
    assert card_in(desktop)[1] == 0
    anki.delete_notes([1])


def test_a_dialog_does_not_stop_the_answers(desktop: AnkiDesktop) -> None:
    desktop.run("""
from aqt.qt import QMessageBox
box = QMessageBox(mw)
box.setModal(True)
box.open()
""")
    assert "QMessageBox" in _windows(desktop)
    assert desktop.ask("deckNames") == ["Default"]
    assert "QMessageBox" in _windows(desktop)
    desktop.run("""
from aqt.qt import QMessageBox
for each in mw.findChildren(QMessageBox):
    each.reject()
""")
    assert "QMessageBox" not in _windows(desktop)
