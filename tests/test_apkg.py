"""The database of a package, read back with SQLite: the rows that Anki will import."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from ankipress.model import Field, NoteType, Package, PackedNote, Template
from stages import database_of

BASIC = NoteType(
    key="basic",
    id=1_300_000_000_001,
    name="deck Basic",
    fields=(Field("Front", 11), Field("Back", 12)),
    templates=(
        Template("Card 1", 21, "{{Front}}", "{{Back}}"),
        Template("Card 2", 22, "{{Back}}", "{{Front}}"),
    ),
    css=".card {}",
    mod=1_600_000_000,
)
CLOZE = replace(
    BASIC,
    key="cloze",
    id=1_300_000_000_002,
    name="deck Cloze",
    templates=BASIC.templates[:1],
    cloze=True,
    mod=7,
)
NOTE = PackedNote(
    "guid-1", 1_200_000_000_000, 1_700_000_000, "basic", "Deck", ("Front", "Back"), ("a", "b"), (0,)
)


def packed(*notes: PackedNote, description: str = "") -> Package:
    return Package("deck", "1.0.0", description, (BASIC, CLOZE), notes, ())


class Rows:
    """A database, opened from its bytes."""

    def __init__(self, *notes: PackedNote, description: str = "") -> None:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(database_of(packed(*notes, description=description)))
            connection.row_factory = sqlite3.Row
            self.notes, self.cards, [self.collection] = (
                [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
                for table in ("notes", "cards ORDER BY due, ord", "col")
            )

    def json(self, column: str) -> dict[str, Any]:
        values = json.loads(self.collection[column])
        assert isinstance(values, dict)
        return values

    def deck_names(self) -> dict[int, str]:
        return {int(key): value["name"] for key, value in self.json("decks").items()}


def notes(number: int) -> Iterator[PackedNote]:
    for each in range(1, number + 1):
        yield replace(NOTE, guid=f"guid-{each}", note_id=each, fields=(f"Question {each}", ""))


def test_a_package_without_notes_is_a_database() -> None:
    rows = Rows()
    assert (rows.notes, rows.cards) == ([], [])


def test_a_note_is_one_row() -> None:
    [row] = Rows(NOTE).notes
    assert row == {
        "id": NOTE.note_id,
        "guid": "guid-1",
        "mid": BASIC.id,
        "mod": 1_700_000_000,
        "usn": -1,
        "tags": " a b ",
        "flds": "Front\x1fBack",
        "sfld": "Front",
        "csum": 0xDD19F988,
        "flags": 0,
        "data": "",
    }


def test_a_note_without_tags_has_no_spaces_for_them() -> None:
    assert Rows(replace(NOTE, tags=())).notes[0]["tags"] == ""


def test_cards_are_exactly_those_that_were_generated_in_the_order_of_the_notes() -> None:
    several = [
        replace(NOTE, guid="one", note_id=5, ords=(0, 1)),
        replace(NOTE, guid="two", note_id=4, mod=3, ords=(1,)),
    ]
    cards = Rows(*several).cards
    assert [(card["nid"], card["ord"], card["due"], card["mod"]) for card in cards] == [
        (5, 0, 1, 1_700_000_000),
        (5, 1, 1, 1_700_000_000),
        (4, 1, 2, 3),
    ]
    assert len({card["id"] for card in cards}) == 3
    assert {card["type"] + card["queue"] + card["ivl"] + card["reps"] for card in cards} == {0}


def test_ids_of_cards_depend_on_their_note_alone() -> None:
    alone = Rows(NOTE).cards[0]["id"]
    among = Rows(*(replace(each, guid=f"other-{each.guid}") for each in notes(50)), NOTE).cards
    assert among[-1]["id"] == alone


def test_note_types_keep_their_ids_their_mod_and_those_of_fields_and_templates() -> None:
    models = Rows(NOTE, replace(NOTE, guid="2", note_id=2, note_type="cloze")).json("models")
    basic, cloze = models[str(BASIC.id)], models[str(CLOZE.id)]
    assert (basic["mod"], basic["type"], basic["name"], basic["css"]) == (
        1_600_000_000,
        0,
        "deck Basic",
        ".card {}",
    )
    assert (cloze["mod"], cloze["type"]) == (7, 1)
    assert [(each["name"], each["id"], each["ord"]) for each in basic["flds"]] == [
        ("Front", 11, 0),
        ("Back", 12, 1),
    ]
    assert [(each["name"], each["id"], each["ord"]) for each in basic["tmpls"]] == [
        ("Card 1", 21, 0),
        ("Card 2", 22, 1),
    ]
    assert [(each["qfmt"], each["afmt"]) for each in basic["tmpls"]][1] == ("{{Back}}", "{{Front}}")


def test_a_note_type_without_notes_is_not_packed() -> None:
    assert str(CLOZE.id) not in Rows(NOTE).json("models")


def test_cards_lie_in_the_deck_of_their_note() -> None:
    rows = Rows(NOTE, replace(NOTE, guid="2", note_id=2, deck="Deck::Größe"))
    names = rows.deck_names()
    assert [names[card["did"]] for card in rows.cards] == ["Deck", "Deck::Größe"]
    assert 1 not in {card["did"] for card in rows.cards}  # Anki's own deck


@pytest.mark.parametrize(
    ("decks", "described"),
    [
        pytest.param(["A", "B"], ["A", "B"], id="on each deck"),
        pytest.param(["A", "A::B", "a::c"], ["A"], id="on the deck above alone"),
        pytest.param(
            ["A::B", "A::C"], ["A::B", "A::C"], id="on both where the one above has no notes"
        ),
        pytest.param(["A", "AB"], ["A", "AB"], id="a name that only begins alike"),
        pytest.param(["A", "A::B::C"], ["A"], id="on one two levels above"),
        pytest.param(
            ["A::B", "A::B::C", "A::B::C::D", "A::B::E"], ["A::B"], id="once for all below it"
        ),
        pytest.param(["A::B", "A::B"], ["A::B"], id="once where two notes share a deck"),
    ],
)
def test_the_description_is_markdown_and_stands(decks: list[str], described: list[str]) -> None:
    several = (replace(each, deck=deck) for each, deck in zip(notes(9), decks, strict=False))
    stored = Rows(*several, description="**deck**").json("decks").values()
    assert (
        sorted(deck["name"] for deck in stored if deck["desc"] == "**deck**" and deck["md"])
        == described
    )


@pytest.mark.parametrize(
    ("front", "sorted_by"),
    [
        ("<p>a <b>b</b></p>", "a b"),
        ("a &lt; b &amp; c&nbsp;", "a < b & c "),
        ('<img alt="x" src="a-1.png">', " a-1.png "),  # Anki keeps the spaces too
        ("&amp;lt;", "&lt;"),
    ],
)
def test_a_note_is_sorted_by_the_text_of_its_front(front: str, sorted_by: str) -> None:
    assert Rows(replace(NOTE, fields=(front, ""))).notes[0]["sfld"] == sorted_by


def test_the_same_package_is_the_same_bytes() -> None:
    assert database_of(packed(*notes(100))) == database_of(packed(*notes(100)))
