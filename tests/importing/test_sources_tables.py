"""Tables of spreadsheets become notes: columns by their names, cells as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.readers import delimited, sources
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import SourceOptions, read_source
from ankipress.importing.readers.table_source import ColumnNames


def read(
    content: str | bytes, folder: Path, name: str = "words.csv", **columns: str
) -> ImportedDeck:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_source(path, SourceOptions(columns=ColumnNames(**columns)))


def fields(deck: ImportedDeck) -> list[tuple[str, ...]]:
    return [note.fields for note in deck.notes]


ONE = [("Heart", "Herz"), ("Größe", "size, length")]
TABLES = {
    "commas": 'front,back\nHeart,Herz\nGröße,"size, length"\n',
    "semicolons": "Vorderseite;Rückseite\nHeart;Herz\nGröße;size, length\n",
    "tabs": "Term\tDefinition\r\nHeart\tHerz\r\nGröße\tsize, length\r\n",
    "pipes": "q | a\nHeart | Herz\n\nGröße | size, length",
    "old line ends": 'Question,Answer\rHeart,Herz\rGröße,"size, length"\r',
    "the other order": 'Meaning,Word\nHerz,Heart\n"size, length",Größe\n',
    "a name that is known and one that is not": 'Word,Deutsch\nHeart,Herz\nGröße,"size, length"\n',
    "a header that begins as JSON does": '{Word},Answer\nHeart,Herz\nGröße,"size, length"\n',
    "and the other one": 'Suomi,Translation\nHeart,Herz\nGröße,"size, length"\n',
    "empty lines and spaces": 'front,back\n\n Heart ,Herz\n,\n"Größe","size, length"\n\n',
}


@pytest.mark.parametrize("name", TABLES)
def test_separators_and_names_are_found(name: str, tmp_path: Path) -> None:
    found = read(TABLES[name], tmp_path)
    assert fields(found) == ONE
    [note_type] = found.note_types
    assert (note_type.name, note_type.field_names) == ("Basic", ("Front", "Back"))
    assert not found.warnings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings_of_unicode_are_told_apart(encoding: str, tmp_path: Path) -> None:
    found = read(TABLES["commas"].encode(encoding), tmp_path)
    assert fields(found) == ONE
    assert not found.warnings


def test_another_encoding_is_guessed_and_said(tmp_path: Path) -> None:
    found = read(TABLES["commas"].encode("cp1252"), tmp_path)
    assert fields(found) == ONE
    [warning] = found.warnings
    assert "read as Windows-1252" in warning


def test_cells_are_text(tmp_path: Path) -> None:
    content = 'front,back\n"a < b & ""c""","one\ntwo\n#three"\n<b>x</b>,$y$\n'
    assert fields(read(content, tmp_path)) == [
        ('a &lt; b &amp; "c"', "one<br>two<br>#three"),
        ("&lt;b&gt;x&lt;/b&gt;", "$y$"),
    ]


def test_all_that_a_note_has(tmp_path: Path) -> None:
    content = (
        "guid,Word,Meaning,Example,Tags,Deck,Note: {x}\n"
        "g#1,Heart,Herz,My heart,a b::c,Body::Organs,n\n"
        ",Lung,Lunge,,,,\n"
    )
    found = read(content, tmp_path)
    one, two = found.notes
    assert one.fields == ("Heart", "Herz", "My heart", "n")
    assert (one.guid, one.tags, one.deck) == ("g#1", ("a", "b::c"), "Body::Organs")
    assert (one.note_id, one.mod, one.ords) == (None, None, None)
    assert (two.guid, two.tags, two.deck) == ("", (), "words")
    [note_type] = found.note_types
    assert note_type.id is None
    assert note_type.name == "words"
    assert note_type.field_names == ("Word", "Meaning", "Example", "Note   x")
    assert "{{Example}}" in note_type.templates[0].back
    assert (found.name, found.updates_learners) == ("words", False)


def test_tags_between_commas_have_spaces(tmp_path: Path) -> None:
    found = read('front,back,tags\na,b,"heart disease, blood;x"\n', tmp_path)
    assert found.notes[0].tags == ("heart_disease", "blood", "x")


def test_columns_that_a_user_names(tmp_path: Path) -> None:
    content = "Suomi,English,Luokka,Key\nsydän,heart,elin,k1\n"
    found = read(content, tmp_path, front="english", back="Suomi", tags="Luokka", guid="KEY")
    assert [(n.fields, n.tags, n.guid) for n in found.notes] == [
        (("heart", "sydän"), ("elin",), "k1")
    ]


def test_texts_with_gaps_have_a_note_type_of_their_own(tmp_path: Path) -> None:
    found = read("front,back\n{{c1::Paris}} is in France,x\nWhat?,that\n", tmp_path)
    assert [found.note_types[note.note_type].name for note in found.notes] == ["Cloze", "Basic"]
    assert [each.cloze for each in found.note_types] == [False, True]
    further = read("text,extra,more\n{{c1::a}},b,c\n", tmp_path, back="extra")
    assert [each.name for each in further.note_types] == ["words Cloze"]
    assert further.note_types[0].field_names == ("text", "extra", "more")


def test_columns_of_one_name_and_without_names_are_told_apart(tmp_path: Path) -> None:
    [note_type] = read("front,back,x,X,,#y\na,b,c,d,e,f\n", tmp_path).note_types
    assert note_type.field_names == ("front", "back", "x", "X 2", "Field 5", "y")


def test_a_cell_of_any_length_is_read(tmp_path: Path) -> None:
    assert len(read(f"front,back\na,{'x' * 3_000_000}\n", tmp_path).notes[0].fields[1]) == 3_000_000


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('front\tback\n"Yes" she said\t5" long\n"No\tx\n', ('"Yes" she said', '5" long')),
        ('front,back\n"Yes" she said,x\n', ("Yes she said", "x")),
    ],
)
def test_quotes_that_are_none_of_a_table_are_said(
    content: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    found = read(content, tmp_path)
    assert found.notes[0].fields == expected
    assert len(found.notes) == content.count("\n") - 1
    [warning] = found.warnings
    assert "quotes" in warning


def test_cells_without_a_column_are_said(tmp_path: Path) -> None:
    found = read("front,back\na,b,c\nd,e,\n", tmp_path)
    assert fields(found) == [("a", "b"), ("d", "e")]
    [warning] = found.warnings
    assert warning.startswith("1 row with more cells")


@pytest.mark.parametrize(
    ("content", "columns", "said"),
    [
        ("Heart,Herz\nLung,Lunge\n", {}, 'no column that is surely the question: "Heart", "Herz"'),
        ("front,x,y\na,b,c\n", {}, "no column that is surely the answer"),
        ("just a text\nwith lines\n", {}, "no column that is surely the question"),
        ("front,back\n", {}, "has no rows below its first line"),
        ("front,back\na,b\n", {"front": "frnt"}, 'has no column "frnt"; did you mean "front"'),
        ("front,back\na,b\n", {"tags": "Topic"}, 'has no column "Topic"'),
        ("  \n\n", {}, "words.csv is empty"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(
    content: str, columns: dict[str, str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as raised:
        read(content, tmp_path, **columns)
    assert said in str(raised.value)
    assert raised.value.help


def test_a_column_is_one_thing_only(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match='the column "front" is named twice'):
        read("front,back\na,b\n", tmp_path, front="front", back="front")
    found = read("Answer,More\na,b\n", tmp_path, front="Answer")
    assert fields(found) == [("a", "b")]


def test_a_table_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_TEXT", 100)
    with pytest.raises(SourceError, match="cannot be read: it is larger than"):
        read("front,back\n" + "a,b\n" * 30, tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("front,back" + ",x" * 499 + "\na,b\n", "2 rows and 501 columns"),
        ("front,back" + ",x" * 98 + "\n" + "a,b\n" * 100, "101 rows and 100 columns"),
        ("front,back\n" + "a,b\n" * 6_000, "12002 cells"),
        ("front,back" + "," * 20_000, "20001 cells"),
        ("#separator:,\nx" + "," * 501, "1 row and 502 columns"),
    ],
)
def test_a_table_of_too_many_cells_is_refused(
    content: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "MOST_CELLS", 10_000)
    with pytest.raises(SourceError, match=said):
        read(content, tmp_path)


def test_an_export_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("Word\t Meaning \na\tb\n\nc\td\ne\tf\ng\th\n", "utf-8")
    assert read_source(path).is_table
    path.write_text("#separator:tab\na\tb\n", "utf-8")
    assert not read_source(path).is_table


def test_a_deck_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("front,back,deck\na,b,One::Two\n{{c1::c}},d,Three\n", "utf-8")
    part = read_source(path, SourceOptions(deck="one"))
    assert fields(part) == [("a", "b")]
    assert [each.name for each in part.note_types] == ["Basic"]
    with pytest.raises(SourceError, match='has no deck "Tree"; did you mean "Three"'):
        read_source(path, SourceOptions(deck="Tree"))
