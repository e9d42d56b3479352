"""What is read of a real Anki: every note with its own guid, home deck, tags and time of change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from anki_desktop import AnkiDesktop
from ankipress.importing.imported_deck import ImportedNote
from ankipress.importing.readers.package_source import read_package_source
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.running.connected_contents import AnkiScope, read_running_anki
from ankipress.live.running.running_anki import RunningAnki
from author import Author

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
SETTINGS = {"name": "tensors", "sources": ["*.md"]}
CARDS = """---
deck: Über*alles
---

## What is a tensor?

A regular array of numbers. ![A line](media/line.svg)

## What is {{c1::a scalar}}?

A tensor without axes.
"""
MORE = """---
deck: Über*alles::Part_two
---

## What is a vector? {.first}

A tensor with an axis.
"""
_COPY = """
old = col.get_note(note)
new = col.new_note(old.note_type())
new.fields = list(old.fields)
col.add_note(new, old.cards()[0].did)
result = new.id
"""
_ADD = """
new = col.new_note(col.models.by_name("Basic"))
new.fields = [front, "back"]
col.add_note(new, col.decks.id(deck))
result = new.id
"""
_FILTER = """
deck = col.sched.get_or_create_filtered_deck(0)
deck.name = "Cram"
del deck.config.search_terms[1:]
deck.config.search_terms[0].search = f"nid:{note}"
col.sched.add_or_update_filtered_deck(deck)
result = col.db.scalar("select count() from cards where odid")
"""
# Newer versions of AnkiConnect tell the time of change, and the commit that is tested does not.
_TELL_MOD = """
import AnkiConnectDev
cls = AnkiConnectDev.AnkiConnect
old = cls.notesInfo

def notesInfo(self, notes):
    found = old(self, notes)
    for each in filter(None, found):
        each["mod"] = col.get_note(each["noteId"]).mod
    return found

notesInfo.api, notesInfo.versions, notesInfo.old = True, (), old
cls.notesInfo = notesInfo
"""
_TELL_NO_MOD = (
    "import AnkiConnectDev; cls = AnkiConnectDev.AnkiConnect; cls.notesInfo = cls.notesInfo.old"
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    author = Author(tmp_path / "deck", monkeypatch, SETTINGS)
    author.write("cards.md", CARDS)
    author.write("more.md", MORE)
    author.write("media/line.svg", PICTURE)
    return author.release("1.0.0")


@pytest.fixture
def anki(desktop: AnkiDesktop, package: Path) -> RunningAnki:
    """One that has the package."""
    found = desktop.anki()
    found.import_package(package)
    return found


@pytest.fixture(params=["new add-on", "old add-on"])
def tells_mod(request: pytest.FixtureRequest, desktop: AnkiDesktop) -> Iterator[None]:
    """Both with an AnkiConnect that tells when a note was changed, and with one that does not."""
    if request.param == "old add-on":
        yield
        return
    desktop.run(_TELL_MOD)
    yield
    desktop.run(_TELL_NO_MOD)


def scope_of(package: Path) -> AnkiScope:
    deck = read_package_source(package, None)
    types = {each.id for each in deck.note_types if each.id is not None}
    note_ids = {note.guid: note.note_id for note in deck.notes if note.note_id is not None}
    return AnkiScope(types, {deck.name}, note_ids)


def contents_of(anki: RunningAnki, package: Path) -> AnkiContents:
    contents = read_running_anki(anki, scope_of(package))
    assert contents.deck.warnings == ()
    return contents


def by_id(contents: AnkiContents) -> dict[int, ImportedNote]:
    found = {note.note_id: note for note in contents.deck.notes if note.note_id is not None}
    assert len(found) == len(contents.deck.notes)
    return found


def guid_in(desktop: AnkiDesktop, note_id: int | None) -> str:
    return str(desktop.run("result = col.get_note(note).guid", note=note_id))


def question_of(package: Path, words: str) -> ImportedNote:
    """The note of the package whose question has some words."""
    deck = read_package_source(package, None)
    (found,) = (note for note in deck.notes if words in note.fields[0])
    return found


@pytest.mark.usefixtures("tells_mod")
def test_what_ankipress_packed_is_read_as_it_was_packed(anki: RunningAnki, package: Path) -> None:
    packed = read_package_source(package, None)
    contents = contents_of(anki, package)
    found = by_id(contents)
    assert len(found) == 3
    for note in packed.notes:
        there = found[note.note_id or 0]
        assert (there.guid, there.fields, there.tags) == (note.guid, note.fields, note.tags)
        assert (there.deck, there.mod) == (note.deck, note.mod)
        types = contents.deck.note_types[there.note_type], packed.note_types[note.note_type]
        assert types[0].id == types[1].id
        assert types[0].field_names == types[1].field_names


@pytest.mark.usefixtures("tells_mod")
def test_an_edit_there_is_read(anki: RunningAnki, package: Path, desktop: AnkiDesktop) -> None:
    note = question_of(package, "tensor?")
    desktop.ask("updateNoteFields", note={"id": note.note_id, "fields": {"Back": "<b>Numbers</b>"}})
    desktop.ask("addTags", notes=[note.note_id], tags="mine leech marked")
    found = by_id(contents_of(anki, package))[note.note_id or 0]
    assert found.fields == (note.fields[0], "<b>Numbers</b>", *note.fields[2:])
    assert set(found.tags) == {*note.tags, "mine", "leech", "marked"}
    assert (found.mod or 0) > (note.mod or 0)


@pytest.mark.usefixtures("tells_mod")
def test_a_note_made_there_has_the_guid_that_anki_gave_it(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop
) -> None:
    deck = question_of(package, "vector").deck
    made = desktop.run(_ADD, front="Made there", deck=deck)
    contents = contents_of(anki, package)
    found = by_id(contents)[made]
    assert found.guid == guid_in(desktop, made)
    assert (found.fields, found.deck) == (("Made there", "back"), deck)
    assert contents.deck.note_types[found.note_type].name == "Basic"
    assert len(contents.deck.notes) == 4


@pytest.mark.usefixtures("tells_mod")
def test_a_copy_has_its_own_guid_in_spite_of_its_key(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop
) -> None:
    note = question_of(package, "tensor?")
    copy = desktop.run(_COPY, note=note.note_id)
    found = by_id(contents_of(anki, package))
    assert found[copy].fields == found[note.note_id or 0].fields
    assert found[copy].guid == guid_in(desktop, copy) != note.guid
    assert found[note.note_id or 0].guid == note.guid


@pytest.mark.usefixtures("tells_mod")
def test_a_key_that_somebody_wrote_is_not_believed(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop
) -> None:
    note, other = question_of(package, "tensor?"), question_of(package, "vector")
    change = {"id": note.note_id, "fields": {"Key": other.guid}}
    desktop.ask("updateNoteFields", note=change)
    found = by_id(contents_of(anki, package))
    assert found[note.note_id or 0].guid == note.guid
    assert found[other.note_id or 0].guid == other.guid


@pytest.mark.usefixtures("tells_mod")
def test_a_note_in_a_filtered_deck_has_its_home_deck(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop
) -> None:
    note = question_of(package, "tensor?")
    assert desktop.run(_FILTER, note=note.note_id) == 1
    found = by_id(contents_of(anki, package))
    assert len(found) == 3
    assert found[note.note_id or 0].deck == note.deck
    assert found[note.note_id or 0].guid == note.guid


@pytest.mark.usefixtures("tells_mod")
def test_a_note_that_was_moved_is_found_by_its_note_type(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop
) -> None:
    note = question_of(package, "tensor?")
    cards = anki.find_cards(f"nid:{note.note_id}")
    desktop.ask("changeDeck", cards=cards, deck="Mine::hard")
    found = by_id(contents_of(anki, package))[note.note_id or 0]
    assert (found.guid, found.deck) == (note.guid, "Mine::hard")


@pytest.mark.usefixtures("tells_mod")
def test_a_note_without_cards_is_there(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop
) -> None:
    note = question_of(package, "tensor?")
    desktop.run("col.db.execute('delete from cards where nid = ?', note)", note=note.note_id)
    found = by_id(contents_of(anki, package))[note.note_id or 0]
    assert (found.guid, found.fields, found.deck) == (note.guid, note.fields, "")


def test_a_note_without_cards_and_guid_is_said(desktop: AnkiDesktop) -> None:
    anki = desktop.anki()
    made = [desktop.run(_ADD, front=front, deck="Adopted") for front in ("one", "two")]
    desktop.run("col.db.execute('delete from cards where nid = ?', note)", note=made[0])
    scope = AnkiScope({anki.note_types()["Basic"]}, {"Adopted"}, {})
    contents = read_running_anki(anki, scope)
    assert [note.note_id for note in contents.deck.notes] == made[1:]
    (warning,) = contents.deck.warnings
    assert warning.startswith("1 note in Anki without cards")


@pytest.mark.usefixtures("tells_mod")
def test_notes_of_others_are_not_read(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop
) -> None:
    """The names of the decks have signs that stand for anything in a search."""
    for deck in ("Über alles", "Über und alles", "Überall"):
        desktop.run(_ADD, front=deck, deck=deck)
    assert len(by_id(contents_of(anki, package))) == 3


@pytest.mark.usefixtures("tells_mod")
def test_notes_of_an_adopted_type_have_no_key_and_their_guids(desktop: AnkiDesktop) -> None:
    anki = desktop.anki()
    basic = anki.note_types()["Basic"]
    made = [desktop.run(_ADD, front=front, deck="Adopted") for front in ("one", "two")]
    note_ids = {guid_in(desktop, note): note for note in made}
    contents = read_running_anki(anki, AnkiScope({basic}, {"Adopted"}, note_ids))
    assert {note.guid: note.note_id for note in contents.deck.notes} == note_ids
    (note_type,) = contents.deck.note_types
    assert (note_type.id, note_type.field_names) == (basic, ("Front", "Back"))
    assert [template.front for template in note_type.templates] == ["{{Front}}"]


def test_media_are_read_when_they_are_asked_for(anki: RunningAnki, package: Path) -> None:
    packed = read_package_source(package, None)
    contents = contents_of(anki, package)
    assert contents.deck.media == {}
    (name,) = packed.media
    found = contents.read_media([name, "nowhere.png", "../collection.anki2"])
    assert {each: found[each].open().read() for each in found} == {
        name: packed.media[name].open().read()
    }


def test_a_deck_that_is_not_there_has_nothing(desktop: AnkiDesktop) -> None:
    contents = read_running_anki(desktop.anki(), AnkiScope({1}, {"Not there"}, {}))
    assert contents.deck.notes == ()
    assert contents.is_whole
    nothing = read_running_anki(desktop.anki(), AnkiScope((), (), {}))
    assert nothing.deck.notes == ()


def test_nothing_is_exported_where_anki_tells_enough(
    anki: RunningAnki, package: Path, desktop: AnkiDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("an export may be large")

    monkeypatch.setattr(RunningAnki, "export_deck", refuse)
    with pytest.raises(AssertionError, match="large"):
        contents_of(anki, package)
    desktop.run(_TELL_MOD)
    try:
        assert len(by_id(contents_of(anki, package))) == 3
    finally:
        desktop.run(_TELL_NO_MOD)
