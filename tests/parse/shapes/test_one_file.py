"""`file`: a file is a card."""

from __future__ import annotations

from time import process_time

import pytest

from ankipress.model import Source
from ankipress.parse.shapes.one_file import read_file_card
from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.project.settings import Settings
from parsing import parse
from shaped import Card, assert_exact_places, cards, entries, problems, words_at

SHAPE = "file"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("a\n\nb\n", [Card("notes", "a\n\nb")], id="the name of the file"),
        pytest.param("```\nA?\n```\n", [], id="code alone"),
        pytest.param("---\ndeck: X\n---\n", [], id="front matter alone"),
        pytest.param("# A?\n\na\n", [Card("A?", "a")], id="a heading"),
        pytest.param("A?\n===\n\na\n", [Card("A?", "a")], id="an underlined heading"),
        pytest.param("## A? ##\n\na\n\n## B?\n\nb\n", [Card("A?", "a\n\n## B?\n\nb")], id="others"),
        pytest.param("# A?\n\na\n\n---\n\nb\n", [Card("A?", "a\n\n***\n\nb")], id="a rule"),
        pytest.param("# A?\n\na\n\n### Hint\n\nh\n", [Card("A?", "a", "", "h")], id="a hint"),
        pytest.param(
            "```\n# x\n```\n\n> # y\n\n<!--\n# z\n-->\n\n# A?\n\na\n",
            [Card("A?", "a")],
            id="headings in code, quotes and comments",
        ),
        pytest.param("# A?\n", [Card("A?")], id="no answer"),
        pytest.param("# Front\n\nA?\n\n# Back\n\na\n", [Card("A?", "a")], id="sides"),
        pytest.param(
            "## Question:\n\n### A?\n\n- x\n- y\n\n## Answer:\n\na\n",
            [Card("A?", "a", "- x\n- y")],
            id="sides with more",
        ),
        pytest.param(
            "# Back\n\na\n\n# Front\n\nA?\n", [Card("Back", "a\n\n# Front\n\nA?")], id="wrong"
        ),
        pytest.param("A?\n\nf\n\n---\n\na\n", [Card("A?", "a", "f")], id="a rule between sides"),
        pytest.param("A\nb?\n\na\n", [Card("A b?", "a")], id="a paragraph"),
        pytest.param("---\nquestion: A?\n---\n\na\n", [Card("A?", "a")], id="a key"),
        pytest.param(
            "---\nFront: \"A: b?\"\nBack: 'a'\n---\n\nb\n", [Card("A: b?", "a\n\nb")], id="two keys"
        ),
        pytest.param("---\ntitle: A\n---\n\na\n", [Card("A", "a")], id="a title"),
        pytest.param(
            "---\ntitle: X\n---\n\n# A?\n\na\n", [Card("A?", "a")], id="title and heading"
        ),
    ],
)
def test_a_file_is_a_card(text: str, expected: list[Card]) -> None:
    assert cards(text, SHAPE) == expected


def test_the_keys_that_hold_the_sides_are_known() -> None:
    assert problems("---\nquestion: A?\nanswer: a\n---\n", SHAPE) == []
    assert [each.code for each in problems("---\nfoo: A?\n---\n\n# A?\n\na\n", SHAPE)] == [
        "unknown-key"
    ]
    assert [
        each.code for each in problems("---\nquestion: A?\n---\n\n## A?\n\na\n", "headings")
    ] == ["unknown-key"]


@pytest.mark.parametrize(
    ("path", "text", "deck"),
    [
        ("cards/Biology/cell.md", "# A?\n\na\n", "Biology"),
        ("cell.md", "# A?\n\na\n", "mine"),
        ("Biology/cell.md", "---\ndeck: X\n---\n\n# A?\n\na\n", "X"),
    ],
)
def test_files_have_the_deck_of_their_folder(path: str, text: str, deck: str) -> None:
    found = parse([Source(path, text)], Settings(name="mine", shape=SHAPE))
    assert [each.deck for each in found.entries] == [deck]


@pytest.mark.parametrize(
    "text",
    [
        "# A? {#a kind=choice .tag}\n\n- [x] x\n- [ ] y\n",
        "---\nquestion: A? {#a kind=choice .tag}\n---\n\n- [x] x\n- [ ] y\n",
        "# Front\n\nA? {#a kind=choice .tag}\n\n- [x] x\n- [ ] y\n\n# Back\n\nx\n",
    ],
)
def test_attributes_stand_at_the_end_of_the_question(text: str) -> None:
    [entry] = entries(text, SHAPE)
    assert (entry.heading, entry.attributes.id, entry.kind) == ("A?", "a", "choice")
    assert entry.tags == ("tag",)


@pytest.mark.parametrize(
    "text",
    [
        "\n# Wäs? {#a}\n\none 😀 TWO\n\n### Hint\n\nH\n",
        "---\ndeck: X\n---\n\nWäs? {#a}\n\n---\n\none\nTWO\n\n### Hint\nH\n",
        "---\nfront: 'Wäs? {#a}'\nback: one TWO\n---\n\n### Hint\n\nH\n",
        "# Front\n\nWäs? {#a}\n\n# Back\n\none\n\nTWO\n\n### Hint\n\nH\n",
    ],
)
def test_places_are_exact(text: str) -> None:
    assert_exact_places(text, SHAPE)


def test_a_problem_of_a_question_is_placed_there() -> None:
    text = '---\nquestion: "B? {kind=chioce}"\n---\n\nb\n'
    [problem] = problems(text, SHAPE)
    assert words_at(text, problem.location) == "kind=chioce"


@pytest.mark.growth
def test_blanks_in_front_matter_are_read_once() -> None:
    def seconds(blanks: int) -> float:
        lines = ["---", f"question: a{' ' * blanks}x", "---", "", "b"]
        started = process_time()
        list(read_file_card(ShapedFile(lines, 3)))
        return process_time() - started

    few = min(seconds(1_000) for _ in range(3))
    assert seconds(40_000) < 100 * few + 0.5
