"""Packages as CrowdAnki's `deck.json`.

CrowdAnki's own importer needs Anki's windows. Its code for decks was run on what is made here: two
imports in turn make no note, deck or preset twice, and open no dialog.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ankipress.identity.ids import make_crowdanki_uuid
from ankipress.importing.readers.crowdanki_source import read_crowdanki
from ankipress.model import Adopted, Package, PackedNote
from ankipress.package.collection_template import make_template
from ankipress.package.crowdanki_export import KnownDeck, make_deck_json, read_known
from packages import CLOZE, NOTE_TYPE, PACKAGE

MODELS = make_template((NOTE_TYPE, CLOZE)).models


def deck_of(package: Package, known: KnownDeck | None = None) -> dict[str, Any]:
    deck: dict[str, Any] = json.loads(make_deck_json(package, MODELS, "some-uid", known))
    return deck


def package_of(*decks: str) -> Package:
    notes = [
        PackedNote(f"guid{number}", number, 1, "basic", deck, ("Q", "A"), (), (0,))
        for number, deck in enumerate(decks, 1)
    ]
    return replace(PACKAGE, notes=notes)


def before(**changes: object) -> KnownDeck:
    """A `deck.json` from before, as CrowdAnki wrote it."""
    child = {"name": "größe", "crowdanki_uuid": "child", "deck_config_uuid": "other preset"}
    deck = {
        "__type__": "Deck",
        "name": "Deck",
        "crowdanki_uuid": "deck",
        "deck_config_uuid": "preset",
        "children": [child],
        "deck_configurations": [{"crowdanki_uuid": "preset", "name": "Theirs", "new": {}}],
        "note_models": [{"name": "deck Basic", "crowdanki_uuid": "basic", "flds": []}],
        "desc": "",
        **changes,
    }
    return read_known(json.dumps(deck).encode())


def shape(deck: Mapping[str, Any]) -> Any:
    """A deck by its name, the guids of its notes, and those below it."""
    guids = [note["guid"] for note in deck["notes"]]
    return [deck["name"], guids, *map(shape, deck["children"])]


def objects(value: Any) -> Sequence[dict[str, Any]]:
    """All objects of CrowdAnki's in a value."""
    if isinstance(value, list):
        return [one for each in value for one in objects(each)]
    if not isinstance(value, dict):
        return []
    return [*([value] if "__type__" in value else []), *objects(list(value.values()))]


def test_a_deck_holds_all_that_crowdanki_reads() -> None:
    deck = deck_of(PACKAGE)
    keys = {
        "Deck": {"name", "crowdanki_uuid", "deck_config_uuid", "children", "notes", "media_files"},
        "DeckConfig": {"name", "crowdanki_uuid"},
        "NoteModel": {"name", "crowdanki_uuid", "flds", "tmpls", "css", "type", "req", "sortf"},
        "Note": {"fields", "guid", "note_model_uuid", "tags"},
    }
    found = objects(deck)
    assert [each["__type__"] for each in found if not keys[each["__type__"]] <= each.keys()] == []
    assert {each["__type__"] for each in found} == keys.keys()
    assert deck["media_files"] == ["größe-4567.svg", "heart-0123.png"]
    assert deck["desc"] == PACKAGE.description
    presets = {each["crowdanki_uuid"] for each in deck["deck_configurations"]}
    assert {each["deck_config_uuid"] for each in found if each["__type__"] == "Deck"} <= presets
    assert [each for each in found if {"id", "mod", "usn", "did"} & each.keys()] == []


def test_notes_are_as_packed() -> None:
    deck = deck_of(PACKAGE)
    uuids = {each["name"]: each["crowdanki_uuid"] for each in deck["note_models"]}
    [child] = deck["children"]
    assert child["notes"] == [
        {
            "__type__": "Note",
            "fields": ["Q", "A"],
            "guid": "one",
            "note_model_uuid": uuids["deck Basic"],
            "tags": ["a", "b"],
        }
    ]
    assert [note["guid"] for note in deck["notes"]] == ["two"]


def test_fields_and_templates_have_every_key_that_anki_gives_them() -> None:
    """Else CrowdAnki asks each learner at each import what became of the note type."""
    [basic, _] = deck_of(PACKAGE)["note_models"]
    for each in basic["flds"]:
        assert each.keys() == {
            *("name", "ord", "sticky", "rtl", "font", "size", "description", "plainText"),
            *("collapsed", "excludeFromSearch", "id", "tag", "preventDeletion", "media"),
        }
    for each in basic["tmpls"]:
        assert each.keys() == {
            *("name", "ord", "qfmt", "afmt", "bqfmt", "bafmt", "did", "bfont", "bsize", "id"),
        }


@pytest.mark.parametrize(
    ("decks", "expected"),
    [
        pytest.param(["A"], ["A", ["guid1"]], id="one"),
        pytest.param(["A", "a"], ["A", ["guid1", "guid2"]], id="one in two cases"),
        pytest.param(["A::B"], ["A::B", ["guid1"]], id="one below another"),
        pytest.param(
            ["A::B", "A::C", "a::b"],
            ["A", [], ["B", ["guid1", "guid3"]], ["C", ["guid2"]]],
            id="two below one that is empty",
        ),
        pytest.param(
            ["A", "A::B::C", "A"],
            ["A", ["guid1", "guid3"], ["B", [], ["C", ["guid2"]]]],
            id="one between that is empty",
        ),
        pytest.param(
            ["A::B", "A::Bc"], ["A", [], ["B", ["guid1"]], ["Bc", ["guid2"]]], id="likenesses"
        ),
    ],
)
def test_decks_stand_in_each_other(decks: Sequence[str], expected: object) -> None:
    assert shape(deck_of(package_of(*decks))) == expected


def test_uuids_are_made_of_the_uid_and_never_change() -> None:
    """Those of decks and note types are published."""
    deck = deck_of(PACKAGE)
    assert make_crowdanki_uuid("some-uid", "deck", "Deck") == deck["crowdanki_uuid"]
    assert deck["crowdanki_uuid"] == "f3a5a503-3785-3860-4563-2dd6806f089f"
    assert deck["note_models"][0]["crowdanki_uuid"] == "f9abb179-5574-19b5-1c12-d5691728b279"
    again = deck_of(package_of("Deck::Größe", "Deck"))
    assert again["children"][0]["crowdanki_uuid"] == deck["children"][0]["crowdanki_uuid"]


def test_what_has_a_uuid_keeps_it() -> None:
    deck = deck_of(PACKAGE, before())
    assert (deck["crowdanki_uuid"], deck["deck_config_uuid"]) == ("deck", "preset")
    [child] = deck["children"]
    assert (child["crowdanki_uuid"], child["deck_config_uuid"]) == ("child", "other preset")
    assert deck["deck_configurations"] == [
        {"crowdanki_uuid": "preset", "name": "Theirs", "new": {}}
    ]
    uuids = {each["name"]: each["crowdanki_uuid"] for each in deck["note_models"]}
    assert uuids["deck Basic"] == "basic"
    assert uuids["deck Cloze"] == make_crowdanki_uuid("some-uid", "note type", "cloze")
    assert {note["note_model_uuid"] for note in child["notes"]} == {"basic"}


def test_the_deck_from_before_stays_the_first_one() -> None:
    deck = deck_of(package_of("Deck::Größe::Left"), before())
    assert shape(deck) == ["Deck", [], ["Größe", [], ["Left", ["guid1"]]]]
    elsewhere = deck_of(package_of("Other"), before())
    assert elsewhere["name"] == "Other"
    assert elsewhere["crowdanki_uuid"] != "deck"


def test_decks_below_may_be_written_with_their_full_names() -> None:
    child = {"name": "Deck::größe", "crowdanki_uuid": "child", "deck_config_uuid": "preset"}
    [below] = deck_of(PACKAGE, before(children=[child]))["children"]
    assert (below["name"], below["crowdanki_uuid"]) == ("Größe", "child")


def test_it_is_read_as_what_was_packed(tmp_path: Path) -> None:
    """By what reads decks that CrowdAnki wrote."""
    text = make_deck_json(PACKAGE, MODELS, "some-uid")
    deck = read_crowdanki(text.encode(), tmp_path)
    names = [each.name for each in deck.note_types]
    assert {
        note.guid: (names[note.note_type], note.deck, note.fields, note.tags) for note in deck.notes
    } == {
        "one": ("deck Basic", "Deck::Größe", ("Q", "A"), ("a", "b")),
        "two": ("deck Cloze", "Deck", ("{{c1::x}} {{c3::y}}",), ()),
    }


def test_an_adopted_note_type_has_what_anki_demands_of_one() -> None:
    """That of an old deck lacks keys without which Anki refuses it."""
    adopted = Adopted(NOTE_TYPE.id, {"sortf": 0}, ({}, {"font": "Mono"}), ({},), ())
    note_type = replace(NOTE_TYPE, adopted=adopted)
    models = make_template((note_type, CLOZE)).note_types
    package = replace(PACKAGE, note_types=(note_type, CLOZE))
    deck = json.loads(make_deck_json(package, models, "some-uid"))
    [model, _] = deck["note_models"]
    assert [each["font"] for each in model["flds"]] == ["Arial", "Mono"]
    assert [each["sticky"] for each in model["flds"]] == [False, False]
    assert [each["bqfmt"] for each in model["tmpls"]] == [""]


def test_an_adopted_note_type_keeps_the_uuid_that_learners_have() -> None:
    adopted = Adopted(NOTE_TYPE.id, {"crowdanki_uuid": "theirs"}, ({}, {}), ({},), ())
    package = replace(PACKAGE, note_types=(replace(NOTE_TYPE, adopted=adopted), CLOZE))
    uuids = [each["crowdanki_uuid"] for each in deck_of(package, before())["note_models"]]
    assert uuids[0] == "theirs"


def test_retired_notes_are_not_in_it() -> None:
    notes = (replace(PACKAGE.notes[0], ords=()), PACKAGE.notes[1])
    deck = deck_of(replace(PACKAGE, notes=notes))
    assert shape(deck) == ["Deck", ["two"]]
    assert [each["name"] for each in deck["note_models"]] == ["deck Cloze"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"name": "Deck"}', id="no uuid"),
        pytest.param(b'{"children":[' * 100_000, id="too deep"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
def test_another_file_is_told_from_it(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_known(content)
