"""What real Anki exports and stores is read as it is, whatever the format."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import SourceOptions, read_source
from learner import Learner, StoredNote
from packages import MEDIA, NEWEST, members_of, without_log

from anki.collection import Collection, ExportAnkiPackageOptions  # isort: skip

PICTURE = MEDIA[0].read()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Exports of one collection, in all formats, and its profile, which Anki has open."""
    folder = tmp_path_factory.mktemp("sources")
    with Learner(folder / "profile") as learner:
        collection = learner.collection
        collection.media.write_data("heart.png", PICTURE)
        fill(collection)
        export(collection, folder / "old.apkg", legacy=True)
        export(collection, folder / "new.apkg", legacy=False)
        collection.export_note_csv(
            out_path=str(folder / "notes.txt"),
            limit=None,
            with_html=True,
            with_tags=True,
            with_deck=True,
            with_notetype=True,
            with_guid=True,
        )
        yield folder


def fill(collection: Collection) -> None:
    """A note of each of Anki's note types, one of which has every setting that there is."""
    basic = cast("dict[str, Any]", collection.models.by_name("Basic"))
    basic |= {"latexsvg": True, "latexPre": "é", "sortf": 1, "css": "a\r\nb", "originalId": -5}
    basic |= {"vers": [], "tags": ["x"], "mine": {"a": None}}
    basic["flds"][0] |= {"font": "Own", "size": 31, "rtl": True, "sticky": True, "mine": [1]}
    basic["flds"][0] |= {"plainText": True, "collapsed": True, "excludeFromSearch": True}
    basic["flds"][1] |= {"description": "d", "preventDeletion": True, "id": None, "tag": 3}
    basic["tmpls"][0] |= {"bqfmt": "{{Front}}x", "bafmt": "b", "bfont": "F", "bsize": 13}
    basic["tmpls"][0] |= {"did": collection.decks.id("Deck::Basic"), "mine": 2.5}
    collection.models.update_dict(cast("Any", basic))
    for number, note_type in enumerate(collection.models.all()):
        note = collection.new_note(note_type)
        note.fields = [f'{{{{c1::{number}}}}} "q"\t<br>' for _ in note.fields]
        note.fields[0] += '<img src="heart.png">[sound:gone.mp3]'
        note.tags = ["b", "a::b"]
        name = note_type["name"].split("(")[0].strip()
        collection.add_note(note, cast("Any", collection.decks.id(f"Deck::{name}")))
    deck = cast("dict[str, Any]", collection.decks.by_name("Deck::Basic"))
    deck["desc"] = "On *all*"
    collection.decks.save(cast("Any", deck))


def export(collection: Collection, path: Path, *, legacy: bool) -> None:
    """A package with all that there is."""
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
    )
    collection.export_anki_package(out_path=str(path), options=options, limit=None)


def without_media(deck: ImportedDeck) -> ImportedDeck:
    return replace(deck, media={})


def contents(deck: ImportedDeck) -> dict[str, bytes]:
    found = {}
    for name, content in deck.media.items():
        with content.open() as file:
            found[name] = file.read()
        assert content.size == len(found[name])
    return found


def test_all_formats_are_read_alike(folder: Path) -> None:
    old = read_source(folder / "old.apkg")
    new = read_source(folder / "new.apkg")
    profile = read_source(folder / "profile" / "collection.anki2")
    assert without_media(old) == without_media(new) == without_media(profile)
    assert contents(old) == contents(new) == contents(profile) == {"heart.png": PICTURE}
    assert old.missing == ("gone.mp3",)
    assert old.updates_learners
    assert old.name == "Deck"
    assert old.descriptions == {"Deck::Basic": "On *all*"}


def test_the_newest_format_is_one_of_its_own(folder: Path) -> None:
    """Else the test above would compare one format with itself."""
    assert NEWEST in members_of((folder / "new.apkg").read_bytes())
    assert NEWEST not in members_of((folder / "old.apkg").read_bytes())
    assert (folder / "profile" / "collection.anki2-wal").stat().st_size


def test_nothing_beside_an_open_collection_changes(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "profile").iterdir()}
    read_source(folder / "profile")
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "profile").iterdir()} == before


def test_notes_and_note_types_are_as_anki_has_them(folder: Path) -> None:
    package = folder / "old.apkg"
    found = read_source(package)
    models = stored_models(package)
    assert len(found.note_types) == 6
    for each in found.note_types:
        model = models[str(each.id)]
        rebuilt = {
            "id": each.id,
            "name": each.name,
            "mod": each.mod,
            "type": int(each.cloze),
            "css": each.css,
            "usn": model["usn"],
            "flds": [
                {"name": field.name, "ord": ord, **field.settings}
                for ord, field in enumerate(each.fields)
            ],
            "tmpls": [
                {"name": t.name, "ord": ord, "qfmt": t.front, "afmt": t.back, **t.settings}
                for ord, t in enumerate(each.templates)
            ],
            **each.settings,
        }
        assert rebuilt == model


def stored_models(package: Path) -> dict[str, Any]:
    """The JSON of note types in a package for older versions of Anki."""
    with closing(sqlite3.connect(":memory:")) as database:
        content = members_of(package.read_bytes())["collection.anki21"]
        database.deserialize(without_log(content))
        [(models,)] = database.execute("SELECT models FROM col")
    return cast("dict[str, Any]", json.loads(models))


def test_a_learner_gets_the_notes_that_were_read(folder: Path, tmp_path: Path) -> None:
    found = read_source(folder / "new.apkg")
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(folder / "new.apkg")
        stored: dict[str, StoredNote] = learner.notes()
    assert {note.guid: note.fields for note in found.notes} == {
        guid: tuple(note.fields.values()) for guid, note in stored.items()
    }


def test_a_text_export_has_the_same_notes(folder: Path) -> None:
    package = {note.guid: note for note in read_source(folder / "old.apkg").notes}
    text = read_source(folder / "notes.txt")
    assert not text.updates_learners
    assert len(text.notes) == len(package)
    for note in text.notes:
        same = package[note.guid]
        assert (note.tags, note.deck) == (same.tags, same.deck)
        assert note.fields == same.fields
    assert [each.cloze for each in text.note_types if each.name == "Cloze"] == [True]


def test_one_deck_is_the_notes_with_a_card_in_it_or_below(folder: Path) -> None:
    for source in ("old.apkg", "new.apkg", "profile/collection.anki2"):
        part = read_source(folder / source, SourceOptions(deck="deck::cloze"))
        assert [note.deck for note in part.notes] == ["Deck::Cloze"]
        assert [each.name for each in part.note_types] == ["Cloze"]
        whole = read_source(folder / source, SourceOptions(deck="Deck"))
        assert len(whole.notes) == len(read_source(folder / source).notes)
        with pytest.raises(SourceError, match=r'no deck "Deck::Clze"; did you mean "Deck::Cloze"'):
            read_source(folder / source, SourceOptions(deck="Deck::Clze"))


def test_what_belongs_to_the_learner_is_counted(tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        collection = learner.collection
        fill(collection)
        notes = [collection.get_note(id) for id in collection.find_notes("deck:Deck::Basic")]
        plain, reverse, *_ = (note.guid for note in notes)
        learner.answer(plain)
        learner.suspend(plain)
        learner.flag(reverse, 2)
        filtered = collection.sched.get_or_create_filtered_deck(cast("Any", 0))
        filtered.config.search_terms[0].search = "deck:Deck::Cloze"
        collection.sched.add_or_update_filtered_deck(filtered)
        collection.decks.add_config("Own")
        own = collection.decks.all_config()[-1]
        deck = collection.decks.by_name("Deck::Basic")
        assert deck
        collection.decks.set_config_id_for_deck_dict(deck, own["id"])
        found = read_source(tmp_path / "learner")
        part = read_source(tmp_path / "learner", SourceOptions(deck="Deck::Cloze"))
    assert found.left == (
        "1 suspended card",
        "1 flagged card",
        "1 filtered deck",
        "1 deck preset",
        "1 review",
    )
    assert "Deck::Cloze" in {note.deck for note in found.notes}  # where the card came from
    assert part.left == ()
    assert [note.deck for note in part.notes] == ["Deck::Cloze"]
    # Cards that were studied have no place in the order of new ones.
    assert [note.note_id for note in found.notes] == sorted(
        cast("int", note.note_id) for note in found.notes
    )


def test_a_whole_collection_is_read(tmp_path: Path) -> None:
    with Learner(tmp_path / "learner") as learner:
        fill(learner.collection)
        learner.collection.export_collection_package(
            str(tmp_path / "whole.colpkg"), include_media=True, legacy=False
        )
    found = read_source(tmp_path / "whole.colpkg")
    assert without_media(found) == without_media(read_source(tmp_path / "learner"))
