"""Edits of a file keep all other bytes."""

from __future__ import annotations

import pytest

from ankipress.live.text_edits import OverlapError, TextEdit, with_edits


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param("a\nb\n", [], "a\nb\n", id="no edit"),
        pytest.param("\ufeffa\r\nb", [], "\ufeffa\r\nb", id="a byte order mark and no last end"),
        pytest.param("a b c\n", [TextEdit((0, 2), (0, 3), "x")], "a x c\n", id="a word"),
        pytest.param("a\nb\n", [TextEdit((1, 1), (1, 1), "\nc")], "a\nb\nc\n", id="a line"),
        pytest.param("a\r\nb", [TextEdit((1, 1), (1, 1), "\nc")], "a\r\nb\r\nc", id="CRLF"),
        pytest.param(
            "\ufeffa\r\nb\rc\n", [TextEdit((0, 1), (2, 0), "\n")], "\ufeffa\r\nc\n", id="mixed"
        ),
        pytest.param(
            "ab\ncd", [TextEdit((1, 0), (1, 1), "x"), TextEdit((0, 0), (0, 1), "y")], "yb\nxd"
        ),
    ],
)
def test_all_other_bytes_are_kept(text: str, edits: list[TextEdit], expected: str) -> None:
    assert with_edits(text, edits) == expected


def test_edits_of_one_place_are_refused() -> None:
    with pytest.raises(OverlapError):
        with_edits("abc", [TextEdit((0, 0), (0, 2), ""), TextEdit((0, 1), (0, 3), "x")])
