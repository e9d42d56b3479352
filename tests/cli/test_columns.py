"""Texts are wrapped at the width of a terminal, between words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli.columns import columns, wrapped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("one two", "one two", id="what fits"),
        pytest.param("one two three four five", "one two three four\n  five", id="two lines"),
        pytest.param(
            "a " + "x" * 30, "a\n  " + "x" * 30, id="a word that fits nowhere stays whole"
        ),
        pytest.param("say `one two three four`", "say\n  `one two three four`", id="code"),
        pytest.param(
            "中文 中文 中文 中文 中文", "中文 中文 中文 中文\n  中文", id="wide characters"
        ),
        pytest.param(
            "or:\n    ankipress ids --same a.md:7=g",
            "or:\n    ankipress ids --same a.md:7=g",
            id="a line to be typed",
        ),
        pytest.param("one\ntwo", "one\n  two", id="lines of the text"),
        pytest.param("one\n\ntwo", "one\n\n  two", id="an empty line"),
        pytest.param(
            "say `one two three four five`", "say `one two three\n  four five`", id="longer code"
        ),
    ],
)
def test_wrapping(text: str, expected: str) -> None:
    assert wrapped(text, 22, 0, "  ") == expected


def test_without_a_width_lines_stay_whole() -> None:
    text = "word  " * 100
    assert wrapped(text, None, 9, "    ") == text
    assert wrapped("one\ntwo\n  three", None, 0, "    ") == "one\n    two\n  three"


def test_the_first_line_leaves_room_for_what_is_before_it() -> None:
    assert wrapped("one two three", 30, 22, "    ") == "one two\n    three"
    assert wrapped("one two three", 30, 26, "    ") == "one\n    two three"
    assert wrapped("one two three", 30, 28, "    ") == "\n    one two three"
    assert wrapped("one two three", 30, 40, "    ") == "\n    one two three"


def test_colours_and_links_take_no_columns() -> None:
    assert columns("\x1b[1mone\x1b[0m \x1b]8;;https://a.b\x1b\\two\x1b]8;;\x1b\\") == 7


_WORDS = st.lists(st.text("abé中\u0301", min_size=1, max_size=12), max_size=30)


@given(_WORDS, st.integers(30, 60), st.integers(0, 20))
def test_no_word_is_lost_and_no_line_is_too_long(words: list[str], width: int, first: int) -> None:
    lines = wrapped(" ".join(words), width, first, "  ").split("\n")
    assert " ".join(lines).split() == words
    lengths = [columns(line) for line in lines]
    lengths[0] += first
    assert max(lengths) <= width
