"""`numbered`: the items of a numbered list ask."""

from __future__ import annotations

import pytest

from shaped import (
    Card,
    assert_exact_places,
    cards,
    entries,
    problems,
    questions,
    words_at,
)

SHAPE = "numbered"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("- A?\n\n  a\n", [], id="bullets"),
        pytest.param("1.\n2.\n", [], id="empty items"),
        pytest.param("1. A?\n\n   a\n", [Card("A?", "a")], id="an indented answer"),
        pytest.param("1. A?\n   a\n", [Card("A?", "a")], id="an answer on the next line"),
        pytest.param("1. A?\na\n", [Card("A?", "a")], id="a lazy answer"),
        pytest.param("1. A?\n\na\n\nb\n", [Card("A?", "a\n\nb")], id="an answer at the margin"),
        pytest.param("1) A?\n\n   a\n", [Card("A?", "a")], id="with a bracket"),
        pytest.param("1. A\n   b?\n\n   a\n", [Card("A b?", "a")], id="a question of two lines"),
        pytest.param("1. A?\n   B?\n\n   a\n", [Card("A? B?", "a")], id="two questions"),
        pytest.param("1. A  \n   a\n", [Card("A", "a")], id="a hard break"),
        pytest.param("1. A,\n   e.g. b\n\n   a\n", [Card("A, e.g. b", "a")], id="no option"),
        pytest.param(
            "1. Which\n   A. x\n   B. y\n", [Card("Which", "A. x\nB. y")], id="options in lines"
        ),
        pytest.param("1. A?\n   - x\n   - y\n", [Card("A?", "- x\n- y")], id="a list below"),
        pytest.param("10. A?\n    - x\n    - y\n", [Card("A?", "- x\n- y")], id="two digits"),
        pytest.param("1.\tA?\n\n\ta\n\n\t\tcode\n", [Card("A?", "a\n\n\tcode")], id="tabs"),
        pytest.param(" 1.  A?\n\n     a\n", [Card("A?", "a")], id="blanks around the number"),
        pytest.param("1.\n   A?\n\n   a\n", [Card("A?", "a")], id="a number alone on its line"),
        pytest.param("1. ### A? ###\n\n   a\n", [Card("A?", "a")], id="a heading in an item"),
        pytest.param("1. A?\n\n   1. x\n   2. y\n", [Card("A?", "1. x\n2. y")], id="nested"),
        pytest.param(
            "1. A?\n\n   > 2. x\n\n   ```\n   2. Q: y\n   ```\n\n   a::b\n",
            [Card("A?", "> 2. x\n\n```\n2. Q: y\n```\n\na::b")],
            id="marks in code and in a quote",
        ),
        pytest.param(
            "1. A?\n\n   <details>\n   <summary>Answer</summary>\n\n   a\n\n   </details>\n",
            [Card("A?", "<details>\n<summary>Answer</summary>\n\na\n\n</details>")],
            id="an answer in details",
        ),
        pytest.param(
            "1. A?\n\n   ```\n   x\n\n     y\n   ```\n",
            [Card("A?", "```\nx\n\n  y\n```")],
            id="code keeps its own indent",
        ),
        pytest.param("1. A?\n\n       code\n", [Card("A?", "    code")], id="indented code"),
        pytest.param("1. A?\n\n   ### Hint\n\n   h\n", [Card("A?", "", "", "h")], id="a hint"),
        pytest.param(
            "1. A?\n\na\n\n### Hint\n\nh\n\n2. B?\n\nb\n",
            [Card("A?", "a", "", "h"), Card("B?", "b")],
            id="a hint at the margin",
        ),
        pytest.param("1. A?\n\n   f\n\n   ---\n\n   a\n", [Card("A?", "a", "f")], id="a rule"),
        pytest.param(
            "1. A?\n\na\n\n---\n\n2. B?\n\nb\n\n---\n",
            [Card("A?", "a"), Card("B?", "b")],
            id="rules between cards",
        ),
        pytest.param("1. A?\n\n   {x}\n\x00\n", [Card("A?", "{x}\n\x00")], id="NUL"),
    ],
)
def test_an_item_is_a_card(text: str, expected: list[Card]) -> None:
    assert cards(text, SHAPE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1. A?\n2. B?\n3. C?\n", ["A?", "B?", "C?"], id="no answers"),
        pytest.param("1. A?\n1. B?\n1. C?\n", ["A?", "B?", "C?"], id="always 1"),
        pytest.param("1. A?\n\na\n\n1. B?\n\nb\n\n1. C?\n\nc\n", ["A?", "B?", "C?"], id="1 anew"),
        pytest.param("1. A?\n\na\n\n3. C?\n\nc\n", ["A?", "C?"], id="a number is missing"),
        pytest.param("7. A?\n\na\n\n8. B?\n\nb\n", ["A?", "B?"], id="from another number"),
        pytest.param(
            "1. A?\n\nSteps:\n\n1. x\n2. y\n3. z\n\n2. B?\n\nb\n", ["A?", "B?"], id="steps"
        ),
        pytest.param("1. A?\n\na\n\n99. luft\n\n2. B?\n\nb\n", ["A?", "B?"], id="a stray number"),
        pytest.param("1. A?\n\na\n\n1984. It was.\n", ["A?"], id="a year"),
        pytest.param(
            "1. [A?](#a)\n2. [B?](#b)\n\n## Go\n\n1. A?\n\na\n\n2. B?\n\nb\n",
            ["A?", "B?"],
            id="a list of contents",
        ),
        pytest.param(
            "1. ### A?\n\n1. x\n2. y\n\n2. ### B?\n\nb\n\n3. ### C?\n\nc\n",
            ["A?", "B?", "C?"],
            id="headings in items, and others",
        ),
        pytest.param(
            "## X\n\n1. A?\n\na\n\n2. B?\n\nb\n\n## Y\n\n1. C?\n\nc\n",
            ["A?", "B?", "C?"],
            id="again at 1 below a heading",
        ),
        pytest.param("> 1. A?\n>\n>    a\n", [], id="a quote"),
        pytest.param("<details>\n\n1. A?\n\n   a\n\n</details>\n", [], id="in details"),
        pytest.param("<!--\n1. A?\n\n   a\n-->\n", [], id="a comment"),
    ],
)
def test_numbers_that_count_on_ask(text: str, expected: list[str]) -> None:
    assert questions(text, SHAPE) == expected


def test_headings_end_answers_and_are_the_trail() -> None:
    text = "# Deck\n\n## X\n\n1. A?\n\na\n\n## Y\n\nAbout.\n\n### Z\n\n2. B?\n\nb\n"
    assert cards(text, SHAPE) == [
        Card("A?", "a", section="X"),
        Card("B?", "b", section="Y / Z"),
    ]


def test_attributes_stand_at_the_end_of_the_question() -> None:
    [entry] = entries("1. A? {#a kind=choice .tag}\n\n   - [x] x\n   - [ ] y\n", SHAPE)
    assert (entry.attributes.id, entry.kind, entry.tags) == ("a", "choice", ("tag",))
    assert entry.heading == "A?"


@pytest.mark.parametrize(
    "text",
    [
        "---\ndeck: X\n---\n\n1. Wäs? {#a}\n\n   one 😀 TWO\n\n   ### Hint\n\n   H\n",
        "\t\n10. Wäs? {#a}\n    one TWO\n\n    ### Hint\n\n    H\n",
        "1.\tWäs? {#a}\n\n\tone\n\n\tTWO\n\n\t### Hint\n\n\tH\n",
        "1. Wäs? {#a}\n\none\n\nTWO\n\n### Hint\n\nH\n",
    ],
)
def test_places_are_exact(text: str) -> None:
    assert_exact_places(text, SHAPE)


def test_a_missing_answer_is_placed_at_its_card() -> None:
    text = "1. A?\n\n   a\n2. B?\n3. C?\n"
    assert [each.parts["Back"].line for each in entries(text, SHAPE)] == [3, 4, 5]


def test_a_problem_of_a_question_is_placed_there() -> None:
    text = "1. A?\n\n   a\n2. B? {kind=chioce}\n\n   b\n"
    [problem] = problems(text, SHAPE)
    assert words_at(text, problem.location) == "kind=chioce"
