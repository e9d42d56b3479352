"""A text without its code and comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ankipress.syntax.spans import replace_spans

_OPENING = re.compile(
    r"(?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t]))*[ \t]*(`{3,}(?=[^`]*$)|~{3,})"
)
_MARK = re.compile(r"(?<!\\)`+|<!--")


def without_code(text: str) -> str:
    """A text without fenced code, code spans and comments."""
    text = without_fences(text)
    return replace_spans(text, _spans(text))


def without_fences(text: str) -> str:
    """A text without fenced code."""
    lines = text.split("\n")
    fenced = fenced_lines(lines)
    if not fenced:
        return text
    return "\n".join(line for number, line in enumerate(lines) if number not in fenced)


def fenced_lines(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines of fenced code, the fences included."""
    found: set[int] = set()
    fence = ""
    for number, line in enumerate(lines):
        if fence:
            found.add(number)
            marks = line.strip(" \t>")
            if marks.startswith(fence) and not marks.strip(fence[0]):
                fence = ""
        elif opening := _OPENING.match(line):
            found.add(number)
            fence = opening[1]
    return found


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """The code spans and comments of a text, to be replaced by nothing."""
    marks = list(_MARK.finditer(text))
    starts: dict[str, list[int]] = {}  # of the backtick strings of each length
    for mark in marks:
        starts.setdefault(mark[0], []).append(mark.start())
    position = 0
    for mark in marks:
        if mark.start() < position:
            continue
        end = _end_of_span(text, mark, starts[mark[0]])
        if end is not None:
            yield mark.start(), end, ""
            position = end


def _end_of_span(
    text: str,
    mark: re.Match[str],
    starts: list[int],
) -> int | None:
    """The end of the code span or comment that a mark opens, or None if backticks open none."""
    if mark[0] == "<!--":
        end = text.find("-->", mark.end())
        if end < 0:
            return len(text)
        return end + 3
    following = bisect_left(starts, mark.end())
    if following == len(starts):
        return None
    return starts[following] + len(mark[0])
