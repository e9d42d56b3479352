"""A text without its code and comments: where a deletion counts as one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

_OPENING = re.compile(
    r"(?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t]))*[ \t]*(`{3,}(?=[^`]*$)|~{3,})"
)
_MARK = re.compile(r"(?<!\\)`+|<!--")


def without_code(text: str) -> str:
    """A text without fenced code, code spans and comments."""
    return _without_spans(without_fences(text))


def without_fences(text: str) -> str:
    """A text without fenced code."""
    lines = text.split("\n")
    fenced = fenced_lines(lines)
    return (
        "\n".join(line for number, line in enumerate(lines) if number not in fenced)
        if fenced
        else text
    )


def fenced_lines(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines of fenced code, marks and all."""
    found, fence = set(), ""
    for number, line in enumerate(lines):
        if fence:
            found.add(number)
            marks = line.strip(" \t>")
            fence = "" if marks.startswith(fence) and not marks.strip(fence[0]) else fence
        elif opening := _OPENING.match(line):
            found.add(number)
            fence = opening[1]
    return found


def _without_spans(text: str) -> str:
    marks = list(_MARK.finditer(text))
    starts: dict[str, list[int]] = {}  # of the runs of ticks of each length
    for mark in marks:
        starts.setdefault(mark[0], []).append(mark.start())
    kept, position = [], 0
    for mark in marks:
        if mark.start() < position:
            continue
        end = _end_of_span(text, mark, starts[mark[0]])
        if end is not None:
            kept.append(text[position : mark.start()])
            position = end
    return "".join(kept) + text[position:]


def _end_of_span(text: str, mark: re.Match[str], starts: list[int]) -> int | None:
    """Where the code or comment ends that a mark begins, None where ticks begin none."""
    if mark[0] == "<!--":
        end = text.find("-->", mark.end())
        return len(text) if end < 0 else end + 3
    following = bisect_left(starts, mark.end())
    return starts[following] + len(mark[0]) if following < len(starts) else None
