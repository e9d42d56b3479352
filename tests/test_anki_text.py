"""Notes as Anki's text format. `tests/anki/test_text_export.py` imports it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ankipress.importing.readers.anki_text import read_text_export
from ankipress.importing.readers.foreign_text import ForeignText
from ankipress.model import PackedNote
from ankipress.package.notes_text import RETIRED, make_text
from packages import NOTE_TYPE, PACKAGE

_QUOTED = PackedNote("g", 1, 1, "basic", "D", ('a"b\t\n"', ""), (), (0,))
HEAD = """\
#separator:tab
#html:true
#columns:guid\tnote type\tdeck\tfield 1\tfield 2\ttags
#guid column:1
#notetype column:2
#deck column:3
#tags column:6
"""


def test_tags_are_written_for_the_notes_that_are_named() -> None:
    export = make_text(PACKAGE, {"one"})
    assert (export.notes, export.left_out) == (2, {})
    assert export.text == HEAD + (
        '"one"\t"deck Basic"\t"Deck::Größe"\t"Q"\t"A"\t"a b"\n'
        '"two"\t"deck Cloze"\t"Deck"\t"{{c1::x}} {{c3::y}}"\n'
    )


def test_without_guids_all_else_is_the_same() -> None:
    text = make_text(PACKAGE, {"one"}, has_guids=False).text
    with_guids = make_text(PACKAGE, {"one"}).text
    assert text == with_guids.replace('"one"', '""').replace('"two"', '""')


def test_tags_stand_in_one_column_for_all_note_types() -> None:
    lines = make_text(PACKAGE, {"one", "two"}).text.splitlines()
    assert [line.count("\t") for line in lines[-2:]] == [5, 5]


def test_a_note_whose_tags_are_gone_loses_them() -> None:
    note = replace(PACKAGE.notes[0], tags=())
    text = make_text(replace(PACKAGE, notes=(note,)), {note.guid}).text
    assert text.endswith('\t"A"\t""\n')


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        pytest.param({}, "", id="a note"),
        pytest.param({"deck": "2024::May"}, "", id="a number in a deck's name"),
        pytest.param({"fields": ("<br>", "A")}, "", id="a first field of nothing but markup"),
        pytest.param({"ords": ()}, RETIRED, id="retired"),
        pytest.param({"fields": ("", "A")}, "empty first field", id="an empty first field"),
        pytest.param({"deck": "2024"}, "named by a number", id="a number as deck"),
        pytest.param({"deck": "-1"}, "named by a number", id="a negative number as deck"),
    ],
)
def test_what_anki_would_take_amiss_is_left_out(note: dict[str, Any], reason: str) -> None:
    notes = (replace(PACKAGE.notes[0], **note), PACKAGE.notes[1])
    export = make_text(replace(PACKAGE, notes=notes), ())
    assert export.notes == 1 + (not reason)
    assert ('"one"' in export.text) is not bool(reason)
    assert [reason in found and number for found, number in export.left_out.items()] == (
        [1] if reason else []
    )


def test_a_note_type_that_is_called_by_a_number_is_left_out() -> None:
    package = replace(PACKAGE, note_types=(replace(NOTE_TYPE, name="1984"), PACKAGE.note_types[1]))
    assert sum(make_text(package, ()).left_out.values()) == 1


def test_it_is_read_as_what_was_packed() -> None:
    """By what reads texts that Anki wrote."""
    package = replace(PACKAGE, notes=(*PACKAGE.notes, _QUOTED))
    deck = read_text_export(ForeignText(make_text(package, {"one", "g"}).text), "deck")
    names = [each.name for each in deck.note_types]
    # A text does not tell how many fields a note type has.
    read = [
        (note.guid, names[note.note_type], note.deck, tuple(filter(None, note.fields)), note.tags)
        for note in deck.notes
    ]
    assert read == [
        ("one", "deck Basic", "Deck::Größe", ("Q", "A"), ("a", "b")),
        ("two", "deck Cloze", "Deck", ("{{c1::x}} {{c3::y}}",), ()),
        ("g", "deck Basic", "D", _QUOTED.fields[:1], ()),
    ]


def test_of_nothing_there_is_a_head_alone() -> None:
    export = make_text(replace(PACKAGE, notes=()), ())
    assert (export.notes, len(export.text.splitlines())) == (0, 7)


def test_a_cell_ends_where_it_ends() -> None:
    text = make_text(replace(PACKAGE, notes=(_QUOTED,)), ()).text
    assert text.removeprefix(HEAD) == '"g"\t"deck Basic"\t"D"\t"a""b\t\n"""\t""\n'
