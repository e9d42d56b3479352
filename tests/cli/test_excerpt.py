"""A line around a place: what is shown always fits, and carets stand below what is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankipress.cli import excerpt as excerpt_module
from ankipress.cli.columns import columns
from ankipress.cli.excerpt import Excerpt, excerpt


@pytest.mark.parametrize(
    ("line", "start", "width", "limit", "expected"),
    [
        pytest.param("abc", 0, 3, 3, Excerpt("abc", "^^^"), id="a line that just fits"),
        pytest.param("abcdef", 0, 1, 4, Excerpt("abc…", "^"), id="cut behind"),
        pytest.param("abcdef", 5, 1, 4, Excerpt("…def", "   ^"), id="cut before"),
        pytest.param("abcdefghijkl", 6, 1, 7, Excerpt("…efghi…", "   ^"), id="cut on both sides"),
        pytest.param("abcdef", 0, 6, 4, Excerpt("abc…", "^^^"), id="a span beyond the cut"),
        pytest.param(
            "中文中文", 1, 1, 6, Excerpt("中文…", "  ^^"), id="half of a wide one is none"
        ),
        pytest.param("中文中文", 3, 1, 6, Excerpt("…中文", "   ^^"), id="wide ones, cut before"),
        pytest.param("", 0, 1, 5, Excerpt("", "^"), id="an empty line"),
    ],
)
def test_an_excerpt(line: str, start: int, width: int, limit: int, expected: Excerpt) -> None:
    assert excerpt(line, start, width, limit) == expected


_TEXTS = st.text(
    st.sampled_from("ab \t中e\u0301\U0001f468\u200d\u2764\ufe0f\x1b\u202e"), max_size=90
)


@given(_TEXTS, st.integers(0, 90), st.integers(1, 90), st.integers(20, 60))
def test_what_is_shown_fits_and_commands_nothing(
    line: str, start: int, width: int, limit: int
) -> None:
    shown = excerpt(line, start, width, limit)
    assert columns(shown.text) <= limit
    assert "\x1b" not in shown.text
    assert "\u202e" not in shown.text
    assert set(shown.carets) <= {" ", "^"}
    assert shown.carets.endswith("^")


@given(st.text("abcdefgh ", max_size=300), st.data(), st.integers(20, 60))
def test_the_carets_are_below_the_text_of_the_span(
    line: str, data: st.DataObject, limit: int
) -> None:
    line = f"X{line}X"
    start = data.draw(st.integers(0, len(line) - 1))
    word = data.draw(st.integers(1, 10))
    meant = line[start : start + word]
    shown = excerpt(line, start, word, limit)
    begin = shown.carets.index("^")
    below = shown.text[begin : len(shown.carets)]
    assert meant == below


def test_an_endless_line_is_not_looked_at_as_a_whole() -> None:
    shown = excerpt("é" * 3_000_000, 1_500_000, 5, 40)
    assert shown.text.startswith("…é")
    assert shown.text.endswith("é…")
    assert columns(shown.text) == 40


def test_many_places_on_a_line_look_at_each_part_of_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thousands of problems on one line took as long as their number times all that is shown."""
    looked_at = []

    def counted(text: str) -> list[str]:
        looked_at.append(len(text))
        return list(text)

    monkeypatch.setattr(excerpt_module, "clusters", counted)
    line = "![](é.png) " * 4_000
    for start in range(0, len(line), 11):
        assert excerpt(line, start, 5, 110).carets.endswith("^")
    assert sum(looked_at) < 4 * len(line)
