"""`bold`: a line in bold asks."""

from __future__ import annotations

import pytest

from shaped import Card, assert_exact_places, cards, entries, problems, words_at

SHAPE = "bold"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("- **A?**\n\n  a\n", [Card("A?", "a")], id="in a list"),
        pytest.param(
            "-   **A?**<br/>\n    a\n-   **B**\n\n        x\n",
            [Card("A?", "a"), Card("B", "    x")],
            id="in a list of questions",
        ),
        pytest.param("- **A**\n- **B**\n", [], id="in a list that asks nothing"),
        pytest.param("x **A?**\n\n**A?** x\n\n**A** **B**\n", [], id="some words"),
        pytest.param("**Answer:**\n\na\n\n**Solution**\n\nb\n", [], id="what names an answer"),
        pytest.param("****\n\n**  **\n\n** A? **\n\n**\n", [], id="stray marks"),
        pytest.param("**A?**\n\na\n", [Card("A?", "a")], id="a paragraph"),
        pytest.param("__A?__\na\n", [Card("A?", "a")], id="a first line"),
        pytest.param("**A**?\n\na\n", [Card("A?", "a")], id="a mark behind"),
        pytest.param("**A**:\n\na\n", [Card("A", "a")], id="a colon behind"),
        pytest.param("**A `b` _c_?**\\\na\n", [Card("A `b` _c_?", "a")], id="marks inside"),
        pytest.param("**1.** A?\n\na\n", [Card("A?", "a")], id="a number in bold"),
        pytest.param(
            "**A?**\n\na\n\n**B?**\n\nb\n", [Card("A?", "a"), Card("B?", "b")], id="two cards"
        ),
        pytest.param(
            "**A?**\n\n1. **x**\n\n- **y?**\n\n```\n**z?**\n```\n\n> **q?**\n\n<!--\n**c?**\n-->\n",
            [
                Card(
                    "A?",
                    "1. **x**\n\n- **y?**\n\n```\n**z?**\n```\n\n> **q?**\n\n<!--\n**c?**\n-->",
                )
            ],
            id="bold lines that ask nothing",
        ),
        pytest.param(
            "**A?**\n\nf\n\n---\n\na\n\n---\n\n**B?**\n",
            [Card("A?", "f", "a")._replace(front="f", back="a"), Card("B?")],
            id="rules",
        ),
        pytest.param(
            "# Deck\n\n## X\n\n**A?**\n\na\n\n### Hint\n\nh\n\n## Y\n\ntext\n\n**B?**\n\nb\n",
            [Card("A?", "a", "", "h", "X"), Card("B?", "b", section="Y")],
            id="headings",
        ),
    ],
)
def test_a_bold_line_is_a_card(text: str, expected: list[Card]) -> None:
    assert cards(text, SHAPE) == expected


@pytest.mark.parametrize(
    "question", ["**A? {#a kind=choice .tag}**", "**A?** {#a kind=choice .tag}"]
)
def test_attributes_stand_at_the_end_of_the_question(question: str) -> None:
    [entry] = entries(f"{question}\n\n- [x] x\n- [ ] y\n", SHAPE)
    assert (entry.heading, entry.attributes.id, entry.kind) == ("A?", "a", "choice")
    assert entry.tags == ("tag",)


@pytest.mark.parametrize(
    "text",
    [
        "---\ndeck: X\n---\n\n**Wäs? {#a}**\n\none 😀 TWO\n\n### Hint\n\nH\n",
        "**Wäs? {#a}**\none\nTWO\n\n### Hint\nH\n",
    ],
)
def test_places_are_exact(text: str) -> None:
    assert_exact_places(text, SHAPE)


@pytest.mark.parametrize("question", ["**B? {kind=chioce}**", "**B?** {kind=chioce}"])
def test_a_problem_of_a_question_is_placed_there(question: str) -> None:
    text = f"**A?**\n\na\n\n{question}\n\nb\n"
    [problem] = problems(text, SHAPE)
    assert words_at(text, problem.location) == "kind=chioce"
