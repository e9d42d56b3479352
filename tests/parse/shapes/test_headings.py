"""`headings`: a heading of the card level asks; with `"auto"`, of the level that asks in a file."""

from __future__ import annotations

import pytest

from shaped import Card, cards, problems, questions

SHAPE = "headings"


def test_a_card_goes_up_to_the_next_heading_of_its_level_or_above() -> None:
    text = "# Deck\n\n## A?\n\na\n\n### x\n\ny\n\n## B?\n\n# Part\n\n## C?\n\nc\n"
    assert cards(text, SHAPE) == [
        Card("A?", "a\n\n### x\n\ny"),
        Card("B?"),
        Card("C?", "c", section="Part"),
    ]


def test_headings_that_the_settings_name_belong_to_answers() -> None:
    text = "## A?\n\na\n\n## References\n\nr\n\n# Answer\n\nb\n\n## B?\n\nb\n"
    named = ("references",)
    assert questions(text, SHAPE, answer_headings=named) == ["A?", "B?"]
    assert cards(text, SHAPE, answer_headings=named)[0].back == "a\n\n## References\n\nr"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("## A\n\na\n", ["A"], id="nothing asks"),
        pytest.param("# X\n\n#### A?\n\na\n\n#### B?\n\nb\n", ["A?", "B?"], id="level 4"),
        pytest.param(
            "## X\n\n### Q1. Do it\n\n## Y\n\n### Q2. And it\n",
            ["Q1. Do it", "Q2. And it"],
            id="counters",
        ),
        pytest.param(
            "### Why?\n\n#### Answer\n\na\n\n### How?\n\n#### Answer\n\nb\n",
            ["Why?", "How?"],
            id="headings of answers",
        ),
        pytest.param(
            "## Contents\n\n- [A?](#a)\n- [B?](#b)\n\n## A?\n\na\n\n## B?\n\nb\n",
            ["A?", "B?"],
            id="a list of contents",
        ),
        pytest.param(
            "".join(f"## {number}. Do {number}?\n\na\n\n" for number in range(1, 9))
            + "## About us\n\nx\n",
            [f"{number}. Do {number}?" for number in range(1, 9)],
            id="a section among counted questions",
        ),
    ],
)
def test_the_level_that_asks(text: str, expected: list[str]) -> None:
    assert questions(text, SHAPE, card_level="auto") == expected


def test_headings_that_are_no_cards_are_named_in_this_shape_alone() -> None:
    text = "## X\n\n### A?\n\nQ: a?\nA: b\n\n### B?\n\nb\n"
    assert [each.code for each in problems(text, SHAPE)] == ["deeper-questions"]
    assert problems(text, "prefix") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("### 631.\n\n> What?\n\na\n", Card("What?", "a"), id="over a quote"),
        pytest.param("### Q7\n\nWhat?\n\na\n", Card("What?", "a"), id="over a paragraph"),
        pytest.param("### #3\n\n#### What?\n\na\n", Card("What?", "a"), id="over a heading"),
        pytest.param("### 1. Do it\n\na\n", Card("1. Do it", "a"), id="with a question"),
        pytest.param("### 2\n\n```\nx\n```\n", Card("2", "```\nx\n```"), id="over code"),
    ],
)
def test_a_counter_alone_takes_the_question_from_below(text: str, expected: Card) -> None:
    others = "".join(f"### What is {each}?\n\nIt.\n\n" for each in range(3))
    [found, *_] = cards(f"{text}\n{others}", SHAPE, card_level="auto")
    assert found == expected
