"""`summary`: the `<summary>` of a `<details>` asks, and what it hides answers."""

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

SHAPE = "summary"


def details(summary: str, answer: str) -> str:
    """An element that asks."""
    return f"<details>\n<summary>{summary}</summary>\n\n{answer}\n\n</details>\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("<details>\n\na\n\n</details>\n", [], id="no summary"),
        pytest.param(details("", "a"), [], id="an empty summary"),
        pytest.param(details("Answer", "a"), [], id="a summary that names the answer"),
        pytest.param(details("Click me", "a") * 3, [], id="a summary that repeats"),
        pytest.param(details("A?", "a"), [Card("A?", "a")], id="a card"),
        pytest.param(
            "<details><summary>A?</summary>a</details>\n<details><summary>B?</summary>b</details>\n",
            [Card("A?", "a"), Card("B?", "b")],
            id="on one line",
        ),
        pytest.param(
            "<details open>\n<summary class='x'>\nA\nb?\n</summary>\na\n</details>\n",
            [Card("A b?", "a")],
            id="tags with attributes, a question of two lines",
        ),
        pytest.param("<DETAILS><SUMMARY>A?</SUMMARY>a</DETAILS>", [Card("A?", "a")], id="capitals"),
        pytest.param(details("<b>A?</b>", "a"), [Card("A?", "a")], id="bold"),
        pytest.param(details("<h3> <b>A?</b> </h3>", "a"), [Card("A?", "a")], id="two tags"),
        pytest.param(
            details("<b>A</b> or <b>B?</b>", "a"), [Card("<b>A</b> or <b>B?</b>", "a")], id="words"
        ),
        pytest.param(details("\n\n### A?\n\n", "a"), [Card("A?", "a")], id="a heading"),
        pytest.param(details("A ` b?", "x ` y"), [Card("A ` b?", "x ` y")], id="a stray backtick"),
        pytest.param(details("A?<br>", "<br><br>\n\na"), [Card("A?<br>", "a")], id="breaks"),
        pytest.param(
            "- <details>\n  <summary>A?</summary>\n\n  - x\n  - y\n\n  </details>\n",
            [Card("A?", "- x\n- y")],
            id="in an item",
        ),
        pytest.param(
            "1. <details><summary>A?</summary>\n\n   ```\n   x\n   ```\n\n   </details>\n",
            [Card("A?", "```\nx\n```")],
            id="in a numbered item",
        ),
        pytest.param(
            details("A?", "1. x\n2. y\n\n```\n## B?\nQ: x\n```\n\n## C?\n\nc::d"),
            [Card("A?", "1. x\n2. y\n\n```\n## B?\nQ: x\n```\n\n## C?\n\nc::d")],
            id="other marks in an answer",
        ),
        pytest.param(details("A?", "a\n\n---\n\nb"), [Card("A?", "a\n\n***\n\nb")], id="a rule"),
        pytest.param(details("A?", "a\n\n### Hint\n\nh"), [Card("A?", "a", "", "h")], id="a hint"),
        pytest.param(
            details("Topic", details("A?", "a") + details("B?", "b")),
            [Card("A?", "a", section="Topic"), Card("B?", "b", section="Topic")],
            id="cards in a topic",
        ),
        pytest.param(
            details("A?", details("Hint", "h") + "a"),
            [Card("A?", details("Hint", "h") + "a")],
            id="details in an answer",
        ),
        pytest.param(
            "<details>\n<summary>A?</summary>\n\nlost\n\n" + details("B?", "b"),
            [Card("B?", "b")],
            id="one that never ends",
        ),
        pytest.param(
            "</details>\n\n" + details("B?", "b"), [Card("B?", "b")], id="one that never begins"
        ),
        pytest.param(details("A?", ""), [Card("A?")], id="no answer"),
        pytest.param(
            "# Deck\n\n## X\n\n" + details("A?", "## Y\n\na") + "\n" + details("B?", "b"),
            [Card("A?", "## Y\n\na", section="X"), Card("B?", "b", section="X")],
            id="headings",
        ),
    ],
)
def test_an_element_is_a_card(text: str, expected: list[Card]) -> None:
    found = cards(text, SHAPE)
    assert [each._replace(back=each.back.strip()) for each in found] == [
        each._replace(back=each.back.strip()) for each in expected
    ]


@pytest.mark.parametrize("depth", [5, 30, 3000])
def test_elements_may_be_nested_deeply(depth: int) -> None:
    text = "<details>\n<summary>A?</summary>\n\n" * depth + "</details>\n\n" * depth
    assert len(questions(text, SHAPE)) <= 1


def test_many_closing_tags_are_read_at_once() -> None:
    text = details("<b>A?" + "</b> " * 2000 + "x", "a")
    assert len(questions(text, SHAPE)) == 1


def test_attributes_stand_at_the_end_of_the_question() -> None:
    [entry] = entries(details("<b>A? {#a kind=choice .tag}</b>", "- [x] x\n- [ ] y"), SHAPE)
    assert (entry.attributes.id, entry.kind, entry.tags) == ("a", "choice", ("tag",))


@pytest.mark.parametrize(
    "text",
    [
        "---\ndeck: X\n---\n\n" + details("Wäs? {#a}", "one 😀 TWO\n\n### Hint\n\nH"),
        details("<b>Wäs? {#a}</b>", "one\nTWO\n\n### Hint\n\nH"),
        "<details><summary>Wäs? {#a}</summary>TWO\n\n### Hint\n\nH</details>\n",
        "-\t<details>\n\t<summary>\n\tWäs? {#a}</summary>\n\tTWO\n\n\t### Hint\n\n\tH</details>",
    ],
)
def test_places_are_exact(text: str) -> None:
    assert_exact_places(text, SHAPE)


def test_a_problem_of_a_question_is_placed_there() -> None:
    text = details("A?", "a") + "\n" + details("<b>B? {kind=chioce}</b>", "b")
    [problem] = problems(text, SHAPE)
    assert words_at(text, problem.location) == "kind=chioce"
