"""Spans of a text: replacing them, and finding their line and column."""

from __future__ import annotations

from collections.abc import Iterable


def replace_spans(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Replace spans, given as start, end and new text, sorted and without overlaps."""
    pieces: list[str] = []
    position = 0
    for start, end, new in spans:
        pieces += (text[position:start], new)
        position = end
    return "".join(pieces) + text[position:]


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line and the column, both from 0, of an offset in a text."""
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, line_start), offset - line_start
