"""Media have the names in a project that the real Anki gives them, and fields name those."""

from __future__ import annotations

import html
import zipfile
from pathlib import Path

import genanki
import pytest
from anki.collection import Collection, ImportAnkiPackageRequest

from ankipress.importing.accepted_notes import with_accepted_notes
from ankipress.importing.anki_media import anki_media_name
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote
from ankipress.importing.readers.sources import read_source
from ankipress.model import LoadedContent
from packages import listing

NAMES = (
    *("CON", "con.png", "aux.tar.png", "com1.mp3", "a.png", ".hidden.png", "e\u0301.png", "x.png."),
    *("q?.png", "star*.png", "pipe|.png", "lt<gt>.png", 'quo"te.png', "quo'te.png"),
    *("br]ack.png", "amp&.png", "per%20cent.png", "hash^#.png", f"{'é' * 100}.png", "n" * 200),
)


def package(folder: Path) -> Path:
    """A package in which a note for each name has a picture of that name."""
    deck = genanki.Deck(1_600_000_000_001, "Pictures")
    for number, name in enumerate(NAMES):
        field = f'<img src="{html.escape(name)}">'
        deck.add_note(genanki.Note(genanki.BASIC_MODEL, [str(number), field], guid=f"g{number}"))
    path = folder / "a.apkg"
    genanki.Package(deck).write_to_file(path)
    with zipfile.ZipFile(path) as archive:
        database = archive.read("collection.anki2")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("collection.anki2", database)
        archive.writestr("media", listing(*NAMES))
        for number, _ in enumerate(NAMES):
            archive.writestr(str(number), f"content {number}")
    return path


def test_names_are_those_that_learners_have(tmp_path: Path) -> None:
    path = package(tmp_path)
    imported = with_accepted_notes(read_source(path), "Pictures")
    collection = Collection(str(tmp_path / "learner.anki2"))
    try:
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))
        files = {each.name for each in Path(collection.media.dir()).iterdir()}
        rows = collection.db.all("SELECT guid, flds FROM notes") if collection.db else []
    finally:
        collection.close()
    assert set(imported.media) == files
    assert {note.guid: "\x1f".join(note.fields) for note in imported.notes} == dict(rows)


@pytest.mark.parametrize("name", ["?", "[]", "\x00"])
def test_a_name_may_lose_all_of_its_characters(name: str) -> None:
    assert anki_media_name(name) == ""


def test_two_files_that_come_to_have_one_name_are_told() -> None:
    note = ImportedNote("g", 1, 1, 0, ("[sound:a?.mp3] [sound:a.mp3]",), (), "D")
    media = {"a?.mp3": LoadedContent(b"1"), "a.mp3": LoadedContent(b"2")}
    found = with_accepted_notes(ImportedDeck("D", (), (note,), media=media), "D")
    assert set(found.media) == {"a.mp3"}
    assert found.notes[0].fields == ("[sound:a.mp3] [sound:a.mp3]",)
    assert "1 file of media with the name of another one" in found.warnings[-1]
