"""Cards of flashcards-obsidian: headings and paragraphs with `#card`."""

from __future__ import annotations

import pytest

from ankipress.model import Separators
from vault import cards


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Question #card\n\nAnswer\n", ["Question | Answer"]),
        ("###### Question #card\nAnswer\n\nmore\n", ["Question | Answer\n\nmore"]),
        ("# Question\n#card\nAnswer\n", ["Question | Answer"]),
        ("Question #card\nAnswer\n", ["Question | Answer"]),
        ("Question\n#card\nAnswer\n", ["Question | Answer"]),
        ("Question #CARD\nAnswer\n", ["Question | Answer"]),
        ("Question #card\n\n\nAnswer\nmore\n\nText\n", ["Question | Answer\nmore"]),
        ("Over two\nlines #card\nAnswer\n", ["Over two lines | Answer"]),
        ("Question #card #a/b #c\nAnswer\n", ["Question #a/b #c {.a::b .c} | Answer"]),
        ("Question #a #card\nAnswer\n", ["Question #a {.a} | Answer"]),
        ("## Question #card-reverse\nAnswer\n", ["Question {reverse} | Answer"]),
        ("Question #card/reverse\nAnswer\n", ["Question {reverse} | Answer"]),
        ("Think of it #card-spaced\nText\n", ["Think of it"]),
        ("A #card\nb\n\nC #card\nd\n", ["A | b", "C | d"]),
        ("A #card\nb\n%%%%\nC #card\nd\n", ["A | b", "C | d"]),
        ("A #card\nb\nC #card\nd\n", ["A | b", "C | d"]),
        ("# A #card\nb\n# C #card\nd\n", ["A | b", "C | d"]),
        ("# A #card\nb\n## Below\nc\n# Next\nd\n", ["A | b\n## Below\nc"]),
        ("# A #card\nb\n\n---\n\n# Next\n", ["A | b"]),
        ("# A #card\n\nText\n\n_B?_ #card\nc\n", ["A | Text", "_B?_ | c"]),
        ("A #card\n```\nb\n\nc\n```\nText\n", ["A | ```\nb\n\nc\n```\nText"]),
        ("A #card\nb\n^1665131487417\n", ["A {#1665131487417} | b\n^1665131487417"]),
        ("# A #card\nb\n^1665131487417\n\nText\n", ["A {#1665131487417} | b\n^1665131487417"]),
        ("A #card\nb\n\n<!--ID: 16-->\n", ["A {#16} | b\n\n<!--ID: 16-->"]),
        ("A #card\n### b\n", []),
        ("#card\nAnswer\n", []),
        ("Question #card\n", []),
        ("Question #cards\nAnswer\n", []),
        ("Question #card in the middle\nAnswer\n", []),
        ("```\nQuestion #card\nAnswer\n```\n", []),
        ("<!--\nQuestion #card\nAnswer\n-->\n", []),
        ("%%\n## Question #card\nAnswer\n%%\n", []),
        ("> Question #card\n> Answer\n", []),
        ("    Question #card\n    Answer\n", []),
    ],
)
def test_a_tag_behind_a_question_makes_a_card(text: str, expected: list[str]) -> None:
    assert cards(text) == expected


def test_the_tag_is_that_of_the_vault() -> None:
    own = Separators(card_tags=("flashcard",))
    assert cards("A #flashcard\nb\n\nC #card\nd\n", own) == ["A | b"]
    assert cards("A #card\nb\n", Separators(card_tags=())) == []


def test_a_line_is_on_one_card_only() -> None:
    text = (
        "---\ncards-deck: Cars\n---\n\n# A #card\n- q :: a\n\nSTART\nBasic\nx :: y\n"
        "Back: z\nEND\n\nr :: s\n"
    )
    assert cards(text) == ["A | - q :: a", "x :: y | z", "r | s"]
    text = "START\nBasic\nQ #card\nA\n\n## R #card\nBack: B\nEND\n"
    assert len(cards(text)) == 1
