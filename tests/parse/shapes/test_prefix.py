"""`prefix`: lines that begin with `Q:` and `A:`, or with `C:`."""

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
    words_of,
)

SHAPE = "prefix"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("A: a\n", [], id="an answer alone"),
        pytest.param("Quiz: what?\nAll: that.\n", [], id="other words"),
        pytest.param("q::b\na::b\n", [], id="two colons"),
        pytest.param("Q: A?\nA: a\n", [Card("A?", "a")], id="two lines"),
        pytest.param("Q: A?\n\nA: a\n\nb\n", [Card("A?", "a\n\nb")], id="apart"),
        pytest.param("Q:\nA?\nA:\na\n", [Card("A?", "a")], id="marks alone on their lines"),
        pytest.param("**Q:** A?\n**A:** a\n", [Card("A?", "a")], id="bold"),
        pytest.param("**Q**: A?\n\n**A**: a\n", [Card("A?", "a")], id="bold before the colon"),
        pytest.param("__Question 1:__ A?\nAnswer: a\n", [Card("A?", "a")], id="words"),
        pytest.param("Q1. A?\nA1: a\n", [Card("A?", "a")], id="numbers"),
        pytest.param("Q 1: A?\nA 1: a\n", [Card("A?", "a")], id="numbers apart"),
        pytest.param("问：A?\n答：a\n", [Card("A?", "a")], id="Chinese"),
        pytest.param("Frage: A?\nAntwort: a\n", [Card("A?", "a")], id="German"),
        pytest.param("P: A?\nS: a\n", [Card("A?", "a")], id="problem and solution"),
        pytest.param("- Q: A?\n  A: a\n\n  b\n", [Card("A?", "a\n\nb")], id="an item"),
        pytest.param("- Q: A?\n    - A: a\n", [Card("A?", "a")], id="an answer in an item"),
        pytest.param("1. Q: A?\n   A: a\n", [Card("A?", "a")], id="a numbered item"),
        pytest.param("Q: A\nb?\nA: a\n", [Card("A b?", "a")], id="a question of two lines"),
        pytest.param(
            "Q: A?\n\n| f |\n|---|\n| g |\n\nA: a\n",
            [Card("A?", "a", "| f |\n|---|\n| g |")],
            id="more of the question",
        ),
        pytest.param("Q: A\n- x\n- y\nA: a\n", [Card("A", "a", "- x\n- y")], id="a list below"),
        pytest.param(
            "Q: A?\n- A: x\n- B: y\n- C: z\nA: B\n",
            [Card("A?", "B", "- A: x\n- B: y\n- C: z")],
            id="options in a list",
        ),
        pytest.param(
            "Q: A?\n\nA: x\n\nB: y\n\nC: z\n\nAnswer: B\n",
            [Card("A?", "B", "A: x\n\nB: y\n\nC: z")],
            id="options",
        ),
        pytest.param(
            "Q: A?\nA: x\nB: y\nC: z [w]\n", [Card("A?", "x\nB: y\nC: z [w]")], id="a dialogue"
        ),
        pytest.param(
            "Q: A?\nA: The drives are\n\nC: the disk\n",
            [Card("A?", "The drives are\n\nC: the disk")],
            id="no gap",
        ),
        pytest.param(
            "Q: A?\nA: a\nR: red\nP: purple\n", [Card("A?", "a\nR: red\nP: purple")], id="letters"
        ),
        pytest.param(
            "Q: A?\nA: a\na:hover\n\nq:x\n", [Card("A?", "a\na:hover\n\nq:x")], id="no space"
        ),
        pytest.param(
            "Q: A?\nA: a\n\n```\nQ: x\nA: y\n```\n\n> Q: x\n\n<!--\nQ: x\n-->\n\nb `Q: x`\n",
            [Card("A?", "a\n\n```\nQ: x\nA: y\n```\n\n> Q: x\n\n<!--\nQ: x\n-->\n\nb `Q: x`")],
            id="marks in code, a quote and a comment",
        ),
        pytest.param(
            "Q: A?\nA: 1. x\n   2. y\n\n   - z\nQ: B?\nA: b\n",
            [Card("A?", "1. x\n   2. y\n\n   - z"), Card("B?", "b")],
            id="behind a list",
        ),
        pytest.param("Q: A?\nQ: B?\nA: b\n", [Card("A?"), Card("B?", "b")], id="no answer"),
        pytest.param("Q: A?\nA:\n\nQ: B?\n", [Card("A?"), Card("B?")], id="empty answers"),
        pytest.param(
            "Q: A?\nA: a\n\n---\nQ: B?\nA: b\n\n---\n\nc\n",
            [Card("A?", "a"), Card("B?", "b")],
            id="rules",
        ),
        pytest.param(
            "Q: A?\nA: a\n\n### Hint\n\nh\n\n## X\n\nabout\n\nQ: B?\nA: b\n",
            [Card("A?", "a", "", "h"), Card("B?", "b", section="X")],
            id="a hint, and a heading that ends the card",
        ),
        pytest.param("Q: A?\r\nA: a\n", [Card("A?", "a")], id="a stray carriage return"),
    ],
)
def test_a_line_with_a_mark_is_a_card(text: str, expected: list[Card]) -> None:
    assert cards(text.replace("\r\n", "\n"), SHAPE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("C: Nothing is left out.\n", [], id="no gap"),
        pytest.param("C: An [a] b.\n", ["An {{c1::a}} b."], id="a gap"),
        pytest.param("C: [a] [b]\n", ["{{c1::a}} {{c2::b}}"], id="two gaps"),
        pytest.param(
            "C: [a] `[b]` $[c]$ [d](e) ![f](g) [^h] \\[i]\n",
            ["{{c1::a}} `[b]` $[c]$ [d](e) ![f](g) [^h] \\[i]"],
            id="brackets that are no gaps",
        ),
        pytest.param("C: a\n\nb [c]\n", ["a"], id="a gap further down"),
        pytest.param("C: [$x$]\n", ["{{c1::$x$}}"], id="mathematics"),
    ],
)
def test_a_text_with_gaps_is_a_cloze(text: str, expected: list[str]) -> None:
    assert questions(text, SHAPE) == expected
    assert {each.kind for each in entries(text, SHAPE)} <= {"cloze"}


def test_attributes_stand_at_the_end_of_the_question() -> None:
    [entry] = entries("Q: A? {#a kind=choice .tag}\n- [x] x\n- [ ] y\nA: a\n", SHAPE)
    assert (entry.attributes.id, entry.kind, entry.tags) == ("a", "choice", ("tag",))


@pytest.mark.parametrize(
    "text",
    [
        "---\ndeck: X\n---\n\nQ: Wäs? {#a}\nA: one 😀 TWO\n\n### Hint\n\nH\n",
        "- x\n- Q: Wäs? {#a}\n  A: one\n\n  TWO\n\n  ### Hint\n\n  H\n",
        "**Q:** Wäs? {#a}\n**A:**\none\nTWO\n\n### Hint\nH\n",
    ],
)
def test_places_are_exact(text: str) -> None:
    assert_exact_places(text, SHAPE)


def test_words_of_a_text_with_gaps_stand_where_they_are_written() -> None:
    text = "C: An [apple] is a\n[fruit] of trees\n"
    [entry] = entries(text, SHAPE)
    for word in ("An", "apple", "fruit", "trees"):
        assert words_of(text, entry.question, word) == word


def test_a_problem_of_a_question_is_placed_there() -> None:
    text = "Q: A?\nA: a\n\nQ: B? {kind=chioce}\nA: b\n"
    [problem] = problems(text, SHAPE)
    assert words_at(text, problem.location) == "kind=chioce"


@pytest.mark.parametrize("text", ["Q: A?\nA: a\n---\nQ: B?\nA: b\n", "Q: A?\n\nA: a\n---\n"])
def test_a_rule_right_below_a_mark_is_a_warning(text: str) -> None:
    [problem] = [each for each in problems(text, SHAPE) if each.code == "underlined-heading"]
    assert words_at(text, problem.location) == "---"
    assert problems("Part one\n---\n\nQ: A?\nA: a\n\n---\n", SHAPE) == []
