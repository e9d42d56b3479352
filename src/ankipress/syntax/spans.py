"""Spans of a text: replacing them, and finding their line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable


def replace_spans(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """Replace spans, given as start, end and new text, sorted and without overlaps."""
    pieces: list[str] = []
    position = 0
    for start, end, new in spans:
        pieces += (text[position:start], new)
        position = end
    return "".join(pieces) + text[position:]


def change_between(
    pattern: re.Pattern[str],
    text: str,
    change: Callable[[str], str],
    change_match: Callable[[str], str] = str,
) -> str:
    """Apply one function to what is between the matches of a pattern, another to the matches."""
    pieces: list[str] = []
    position = 0
    for found in pattern.finditer(text):
        pieces += (change(text[position : found.start()]), change_match(found[0]))
        position = found.end()
    return "".join(pieces) + change(text[position:])


def lines_of(text: str, start: int, end: int) -> range:
    """The lines, from 0, on which a span of a text stands."""
    first = text.count("\n", 0, start)
    return range(first, first + text.count("\n", start, end) + 1)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The line and the column, both from 0, of an offset in a text."""
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, line_start), offset - line_start
