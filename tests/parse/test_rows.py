"""The rows of tables and definition lists are cards of their own."""

from __future__ import annotations

import pytest

from ankipress.diagnostics import Location
from ankipress.model import Entry, Part, Source
from ankipress.parse.id_insertion import insert_ids
from ankipress.parse.placing import Parsed
from ankipress.parse.rows import Row, find_rows
from ankipress.project.settings import Settings
from parsing import parse

HEAD = "## Animals {kind=rows}\n\n| German | English |\n|---|---|\n"


def parsed(text: str) -> Parsed:
    return parse([Source("cards.md", text)], Settings())


def shown(entries: tuple[Entry, ...]) -> list[tuple[str, str, int]]:
    return [(each.heading, each.part("Back"), each.location.line) for each in entries]


def codes(result: Parsed) -> list[tuple[str, int]]:
    return [(each.code, each.location.line) for each in result.diagnostics]


@pytest.mark.parametrize(
    ("text", "others"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param("text", (0,), id="a paragraph"),
        pytest.param("```\nA\n: b\n\n|a|b|\n|-|-|\n|c|d|\n```", (0,), id="in a fence"),
        pytest.param("- |a|b|\n  |-|-|\n  |c|d|", (0,), id="in a list"),
        pytest.param("|a|b|\n|c|d|", (0,), id="no line below the head"),
        pytest.param("|a|b|\n|-|-|", (), id="only a head"),
        pytest.param(": a", (0,), id="a definition of nothing"),
        pytest.param("A\n:b", (0,), id="no space behind the colon"),
        pytest.param("<!-- a -->\n\n### Birds", (), id="a comment and a heading"),
    ],
)
def test_no_rows(text: str, others: tuple[int, ...]) -> None:
    found = find_rows(Part(text, 1))
    assert (found.rows, found.others) == ((), others)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("|a|b|\n|-|-|\n|c|d|", [(2, ("c", "d"), ("a", "b"))], id="a table"),
        pytest.param(
            "a|b\n-|-\nc|d\ne",
            [(2, ("c", "d"), ("a", "b")), (3, ("e", ""), ("a", "b"))],
            id="without outer bars",
        ),
        pytest.param(
            "|a|b|\n|-|-|\n|`x\\|y`|$\\|z\\|$|",
            [(2, ("`x|y`", "$|z|$"), ("a", "b"))],
            id="bars in code and mathematics",
        ),
        pytest.param("A\n: b", [(0, ("A", "b"), ())], id="a definition"),
        pytest.param(
            "A\n\n:   b\n    c\n\n    d\n",
            [(0, ("A", "b\nc\n\nd"), ())],
            id="a definition of two paragraphs",
        ),
        pytest.param("A\n: b\n: c", [(0, ("A", "b\n\nc"), ())], id="two definitions of a term"),
        pytest.param(
            "A\n: b\ngoes on\nC\n: d",
            [(0, ("A", "b\ngoes on"), ()), (3, ("C", "d"), ())],
            id="no empty line between",
        ),
        pytest.param(
            "A\n: b\n\n|a|b|\n|-|-|\n|c|d|",
            [(0, ("A", "b"), ()), (5, ("c", "d"), ("a", "b"))],
            id="both",
        ),
    ],
)
def test_rows(text: str, rows: list[tuple[int, tuple[str, ...], tuple[str, ...]]]) -> None:
    found = find_rows(Part(text, 1))
    assert [
        (each.line, tuple(cell.text for cell in each.cells), each.names) for each in found.rows
    ] == rows
    assert found.others == ()


def test_a_row_knows_its_line() -> None:
    cells = Part("A", 8, ((0, 0, 0),)), Part("b\nc", 9, ((0, 0, 2), (2, 1, 4)))
    assert find_rows(Part("\nA \n: b\n    c", 7)).rows == (Row(1, cells),)


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        pytest.param("| a *b* | c |", "*b*", [(3, 5, 3)], id="a cell"),
        pytest.param("|`x\\|y` z| c |", "z", [(3, 9, 1)], id="behind a bar in code"),
        pytest.param(" é | c", "c", [(3, 6, 1)], id="without outer bars"),
    ],
)
def test_a_text_in_a_cell_has_its_place(
    text: str, words: str, places: list[tuple[int, int, int]]
) -> None:
    found = find_rows(Part(f"|a|b|\n|-|-|\n{text}", 1))
    told = []
    for cell in found.rows[0].cells:
        if words in cell.text:
            start = cell.text.index(words)
            told.append(cell.place("cards.md", start, start + len(words)))
    assert told == [Location("cards.md", *place) for place in places]


def test_each_row_is_an_entry_with_the_heading_as_its_context() -> None:
    result = parsed(
        f"# Deck\n\n# Zoo\n\n{HEAD}| der Hund | dog |\n| die *Katze* | cat |\n\n### Source\n\n"
        f"A book\n"
    )
    assert codes(result) == []
    assert shown(result.entries) == [("der Hund", "dog", 9), ("die *Katze*", "cat", 10)]
    assert {
        (each.context, each.section, each.kind, each.part("Source")) for each in result.entries
    } == {("Animals", "Zoo / Animals", "rows", "A book")}


def test_more_columns_are_extra_but_for_those_named_like_fields() -> None:
    table = "## A {kind=rows}\n\n|a|b|Example|Hint|note|\n|-|-|-|-|-|\n|1|2|*3*|4|5|\n|6|7||||\n"
    first, second = parsed(table).entries
    assert {name: part.text for name, part in first.parts.items()} == {
        "Back": "2",
        "Hint": "4",
        "Extra": "**Example:** *3*\n\n**note:** 5",
    }
    assert set(second.parts) == {"Back"}


def test_attributes_of_the_heading_hold_for_each_row_and_those_of_a_cell_for_one() -> None:
    heading = HEAD.replace("kind=rows", "kind=rows .zoo reverse lang=de")
    first, second = parsed(f"{heading}| a {{#one .pet typed}} | b |\n| c | d |\n").entries
    assert (first.attributes.id, first.attributes.typed, first.attributes.reverse, first.tags) == (
        "one",
        True,
        True,
        ("pet", "zoo"),
    )
    assert (second.attributes.id, second.attributes.typed, second.attributes.lang, second.tags) == (
        None,
        False,
        "de",
        ("zoo",),
    )
    assert first.heading == "a"


def test_a_row_may_be_a_draft() -> None:
    result = parsed(f"{HEAD}| a {{draft}} | |\n| c | d |\n")
    assert (shown(result.entries), result.drafts) == ([("c", "d", 6)], 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "## A {kind=rows}\n\ntext\n", [("no-cards", 0), ("no-rows", 1)], id="no table"
        ),
        pytest.param(
            f"{HEAD}| a | b |\n\nmore\n", [("text-outside-rows", 7)], id="text below the table"
        ),
        pytest.param(
            f"{HEAD}| a | b |\n| a | c |\n", [("duplicate-row", 6)], id="two rows that ask the same"
        ),
        pytest.param(
            f"{HEAD}| a | b |\n| a | b |\n",
            [("duplicate-card", 6)],
            id="two rows that are the same",
        ),
        pytest.param(
            f"{HEAD}| a {{#x}} | b |\n| c {{#x}} | d |\n",
            [("duplicate-id", 6)],
            id="two rows of one id",
        ),
        pytest.param(
            f"{HEAD}| a {{kind=cloze}} | b |\n", [("bad-attribute", 5)], id="a kind in a row"
        ),
        pytest.param(
            f"{HEAD}| a {{#x tpyed=1}} | b |\n",
            [("unknown-attribute", 5)],
            id="an unknown attribute in a row",
        ),
        pytest.param(
            HEAD.replace("{", "{#x ") + "| a | b |\n",
            [("bad-attribute", 1)],
            id="an id of the table",
        ),
    ],
)
def test_problems_stand_at_the_line_of_the_row(text: str, expected: list[tuple[str, int]]) -> None:
    assert sorted(codes(parsed(text))) == sorted(expected)


def test_the_place_of_a_problem_in_a_cell_is_exact() -> None:
    [problem] = parsed(f"{HEAD}| a {{#x tpyed=1}} | b |\n").diagnostics
    assert problem.location == Location("cards.md", 5, 9, 7)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("| a | b |", "| a {#x} | b |", id="a row"),
        pytest.param("|a|b|", "|a {#x}|b|", id="without spaces"),
        pytest.param("a | b", "a {#x} | b", id="without outer bars"),
        pytest.param("a", "a {#x}", id="a single cell"),
        pytest.param("| `p\\|q`  | b |", "| `p\\|q` {#x}  | b |", id="a bar in code"),
        pytest.param("| a {.t} | b |", "| a {#x .t} | b |", id="braces that are there"),
    ],
)
def test_an_id_goes_into_the_first_cell(row: str, expected: str) -> None:
    text = insert_ids(f"{HEAD}{row}\n", {5: "x"})
    assert text == f"{HEAD}{expected}\n"
    [entry] = parsed(text).entries
    assert entry.attributes.id == "x"


def test_an_id_goes_behind_a_term() -> None:
    assert (
        insert_ids("## A {kind=rows}\r\n\r\nT | s\r\n: d\r\n", {3: "x"})
        == "## A {kind=rows}\r\n\r\nT | s {#x}\r\n: d\r\n"
    )
