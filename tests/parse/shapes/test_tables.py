"""`table`: the rows of every table are cards."""

from __future__ import annotations

import pytest

from shaped import Card, cards, entries, questions, words_at, words_of

SHAPE = "table"
HEAD = "| a | b |\n|---|---|\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("| a |\n|---|\n| x |\n", [], id="one column"),
        pytest.param(HEAD, [], id="no rows"),
        pytest.param(f"```\n{HEAD}| x | y |\n```\n", [], id="code"),
        pytest.param("> | a | b |\n> |---|---|\n> | x | y |\n", [], id="a quote"),
        pytest.param(f"<!--\n{HEAD}| x | y |\n-->\n", [], id="a comment"),
        pytest.param(f"{HEAD}| x | y |\n| z | w |\n", [Card("x", "y"), Card("z", "w")], id="rows"),
        pytest.param(
            f"# Deck\n\n## X\n\n### Words {{.t}}\n\n{HEAD}| x | y |\n",
            [Card("x", "y", section="X / Words")],
            id="below a heading",
        ),
    ],
)
def test_a_row_is_a_card(text: str, expected: list[Card]) -> None:
    found = cards(text, SHAPE)
    if "##" not in text:
        found = [each._replace(section="") for each in found]
    assert found == expected


def test_a_table_is_that_of_headings_with_rows() -> None:
    table = f"# Deck\n\n## X\n\n### Words {{}}\n\n{HEAD}| x {{#x}} | y |\n| z | w |\n"
    headings = table.replace("{}", "{kind=rows}")
    assert cards(table.replace(" {}", ""), SHAPE) == cards(headings, "headings", card_level=3)


def test_attributes_of_the_heading_are_those_of_the_rows() -> None:
    [entry] = entries(f"## Words {{.t lang=de}}\n\n{HEAD}| x {{#x}} | y |\n", SHAPE)
    assert (entry.tags, entry.attributes.lang, entry.attributes.id) == (("t",), "de", "x")


def test_places_are_exact() -> None:
    text = f"---\ndeck: X\n---\n\n## Wörter\n\n{HEAD}| Wäs? {{#x}} | one TWO |\n"
    [entry] = entries(text, SHAPE)
    assert words_at(text, entry.location) == "| Wäs? {#x} | one TWO |"
    assert words_of(text, entry.question, "Wäs?") == "Wäs?"
    assert words_of(text, entry.parts["Back"], "TWO") == "TWO"


def test_several_tables_are_below_one_heading() -> None:
    text = f"## Words\n\n{HEAD}| x | y |\n\nand\n\n{HEAD}| z | w |\n"
    assert questions(text, SHAPE) == ["x", "z"]
