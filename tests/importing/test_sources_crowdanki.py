"""Folders of CrowdAnki are read with the decks below the first one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import SourceOptions, read_source
from ankipress.model import MediaFile

MODEL = {
    "__type__": "NoteModel",
    "crowdanki_uuid": "m1",
    "name": "Country",
    "type": 0,
    "css": '@import "_s.css";',
    "flds": [{"name": "Name", "ord": 0, "font": "Own"}, {"name": "Map", "ord": 1}],
    "tmpls": [{"name": "C", "ord": 0, "qfmt": "{{Name}}", "afmt": "{{Map}}", "bqfmt": "x"}],
    "sortf": 1,
    "latexPre": "p",
}
CLOZE = {**MODEL, "crowdanki_uuid": "m2", "name": "Gaps", "type": 1, "css": ""}


def note(guid: str, model: str, *fields: str, **more: Any) -> dict[str, Any]:
    return {"guid": guid, "note_model_uuid": model, "fields": fields, "__type__": "Note", **more}


DECK = {
    "__type__": "Deck",
    "name": "Top::Geo",
    "desc": "About",
    "crowdanki_uuid": "d1",
    "deck_configurations": [{"name": "Default"}, {"name": "Own"}],
    "note_models": [MODEL],
    "media_files": ["listed.png"],
    "notes": [note("e+/O]%*qfk", "m1", "England", '<img src="ü.png" />', tags=["a::b"])],
    "children": [
        {
            "name": "Cities",
            "note_models": [CLOZE],
            "notes": [note("g2", "m2", "{{c1::x}}", "[sound:gone.mp3]")],
            "children": [{"name": "Top::Geo::Cities::Small", "notes": [note("g3", "m1", "y", "")]}],
        }
    ],
}


def read(deck: object, folder: Path, options: SourceOptions | None = None) -> ImportedDeck:
    (folder / "deck.json").write_text(json.dumps(deck), "utf-8")
    return read_source(folder, options)


def test_a_folder_is_read_with_all_that_it_has(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    for name in ("ü.png", "listed.png", "unknown.png"):
        (media / name).write_bytes(name.encode())
    found = read(DECK, tmp_path)
    assert [(n.guid, n.deck, n.fields, n.tags, n.note_type) for n in found.notes] == [
        ("e+/O]%*qfk", "Top::Geo", ("England", '<img src="ü.png" />'), ("a::b",), 0),
        ("g2", "Top::Geo::Cities", ("{{c1::x}}", "[sound:gone.mp3]"), (), 1),
        ("g3", "Top::Geo::Cities::Small", ("y", ""), (), 0),
    ]
    assert {(n.note_id, n.mod, n.ords) for n in found.notes} == {(None, None, None)}
    country, gaps = found.note_types
    assert (country.id, country.name, country.cloze, gaps.cloze) == (None, "Country", False, True)
    assert country.settings == {"crowdanki_uuid": "m1", "sortf": 1, "latexPre": "p"}
    assert [each.settings for each in country.fields] == [{"font": "Own"}, {}]
    assert country.templates[0].settings == {"bqfmt": "x"}
    assert {name: MediaFile(name, content).read() for name, content in found.media.items()} == {
        "ü.png": "ü.png".encode(),
        "listed.png": b"listed.png",
    }
    assert found.missing == ("_s.css", "gone.mp3")
    assert found.descriptions == {"Top::Geo": "About"}
    assert found.left == ("1 deck preset",)
    assert (found.name, found.updates_learners, found.warnings) == ("Top::Geo", False, ())


def test_the_file_and_the_folder_above_it_mean_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "Geo"
    folder.mkdir()
    found = read(DECK, folder)
    assert read_source(folder / "deck.json") == found
    assert read_source(tmp_path) == found
    (folder / "deck.json").write_text(f"\n{json.dumps(DECK)}", "utf-8-sig")
    assert read_source(folder) == found
    (tmp_path / "Other").mkdir()
    read(DECK, tmp_path / "Other")
    with pytest.raises(SourceError, match="holds several decks") as raised:
        read_source(tmp_path)
    assert raised.value.help == "give one: Geo, Other"


def test_a_deck_below_is_a_part(tmp_path: Path) -> None:
    part = read(DECK, tmp_path, SourceOptions(deck="Top::Geo::Cities"))
    assert [(n.guid, part.note_types[n.note_type].name) for n in part.notes] == [
        ("g2", "Gaps"),
        ("g3", "Country"),
    ]


def test_notes_without_a_note_type_are_left_out(tmp_path: Path) -> None:
    notes = [
        note("a", "m1", "x", "y"),
        note("b", "m9", "x"),
        note("c", "m1", "x", "y", "z"),
        note("d", "m1"),
    ]
    found = read({**DECK, "notes": notes, "children": []}, tmp_path)
    assert [each.guid for each in found.notes] == ["a"]
    assert found.warnings == ("3 notes without a note type that fits: left out",)


@pytest.mark.parametrize("name", ["../secret.png", "a/b.png", "link.png", "\\x", "", ".."])
def test_media_from_elsewhere_are_not_read(name: str, tmp_path: Path) -> None:
    media = tmp_path / "media"
    (media / "a").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"secret")
    (media / "a" / "b.png").write_bytes(b"x")
    (media / "link.png").symlink_to(tmp_path / "secret.png")
    assert read({**DECK, "media_files": [name]}, tmp_path).media == {}


BAD = {
    "no JSON": "{",
    "a deck without a name": "{}",
    "no deck at all": '{"name": "x", "notes": 5}',
    "a note without fields": '{"name": "x", "notes": [{"guid": "a", "note_model_uuid": "b"}]}',
    "a note type without templates": json.dumps({**DECK, "note_models": [{"name": "x"}]}),
    "a field without a name": json.dumps({**DECK, "note_models": [{**MODEL, "flds": [{}]}]}),
    "decks that are nested too deeply": '{"name": "x", "children": [' * 5000,
    "a surrogate": '{"name": "\\ud800", "notes": []}',
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_deck_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "deck.json").write_text(BAD[name], "utf-8")
    with pytest.raises(SourceError, match=r"deck\.json is no deck of CrowdAnki: ") as raised:
        read_source(tmp_path)
    assert raised.value.help
