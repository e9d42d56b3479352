"""Anki's text exports, and texts that people write for its import, are read as Anki reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.readers.sources import read_source


def read(content: str, folder: Path) -> ImportedDeck:
    path = folder / "notes.txt"
    path.write_text(content, "utf-8", newline="")
    return read_source(path)


EXPORT = (
    "#separator:tab\n"
    "#html:true\n"
    "#guid column:1\n"
    "#notetype column:2\n"
    "#deck column:3\n"
    "#tags column:6\n"
    'a#1|Basic|D::E|"a ""q""|b<br>c\n'
    'x"|"#b;x"|a b::c\n'
    "b|Cloze|D|{{c1::x}}||\n"
    "#a comment\n"
    'c|Basic|D::E|"#front"|1|\n'
    'd|Mine|D|x|<img src="a.png">|\n'
).replace("|", "\t")


def test_an_export_of_anki(tmp_path: Path) -> None:
    found = read(EXPORT, tmp_path)
    assert [(n.guid, n.deck, n.fields, n.tags) for n in found.notes] == [
        ("a#1", "D::E", ('a "q"\tb<br>c\nx', "#b;x"), ("a", "b::c")),
        ("b", "D", ("{{c1::x}}", ""), ()),
        ("c", "D::E", ("#front", "1"), ()),
        ("d", "D", ("x", '<img src="a.png">'), ()),
    ]
    assert [(t.name, t.cloze, t.field_names, t.id) for t in found.note_types] == [
        ("Basic", False, ("Front", "Back"), None),
        ("Cloze", True, ("Text", "Back Extra"), None),
        ("Mine", False, ("Front", "Back"), None),
    ]
    assert [n.note_type for n in found.notes] == [0, 1, 0, 2]
    assert found.missing == ("a.png",)
    assert (found.name, found.updates_learners, found.warnings) == ("notes", False, ())


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("#separator:Comma", ","),
        ("#separator:;", ";"),
        ("#separator: pipe ", "|"),
        ("#separator:Space", " "),
        ("#separator:\t", "\t"),
        ("#html:false", ";"),
        ("# a word:of mine\n#html:false", ","),
    ],
)
def test_separators(header: str, separator: str, tmp_path: Path) -> None:
    if header.startswith("# a"):
        header = f"#html:false\n{header}"
    found = read(f"{header}\none{separator}two\nthree{separator}four\n", tmp_path)
    assert [note.fields for note in found.notes] == [("one", "two"), ("three", "four")]


def test_what_holds_for_all_notes(tmp_path: Path) -> None:
    found = read(
        "#separator:comma\n#notetype:Own\n#deck:A::B\n#tags:x y\n#columns:Word,Sense,More,Tags\n"
        "#tags column:4\na,b,c,y z\nd,e\n",
        tmp_path,
    )
    [note_type] = found.note_types
    assert (note_type.name, note_type.field_names) == ("Own", ("Word", "Sense", "More"))
    assert [(n.fields, n.tags, n.deck) for n in found.notes] == [
        (("a", "b", "c"), ("y", "z", "x"), "A::B"),
        (("d", "e", ""), ("x", "y"), "A::B"),
    ]


def test_text_is_escaped_unless_it_is_html(tmp_path: Path) -> None:
    line = "a < b;<b>c</b>\n"
    assert read(f"#html:false\n{line}", tmp_path).notes[0].fields == (
        "a &lt; b",
        "&lt;b&gt;c&lt;/b&gt;",
    )
    assert read(f"#html:true\n{line}", tmp_path).notes[0].fields == ("a < b", "<b>c</b>")
    assert read(f"#separator:;\n{line}", tmp_path).notes[0].fields == ("a < b", "<b>c</b>")
    assert read("#separator:;\na < b;c\n", tmp_path).notes[0].fields == ("a &lt; b", "c")


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", ""])
def test_a_column_that_is_none(number: str, tmp_path: Path) -> None:
    found = read(f"#separator:;\n#guid column:{number}\na;b\n", tmp_path)
    assert [(n.guid, n.fields) for n in found.notes] == [("", ("a", "b"))]
