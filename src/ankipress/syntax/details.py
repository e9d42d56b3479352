"""The `<details>` of a file: what they hold belongs to the card that opens them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAG = re.compile(r"<(/?)details(?=[\s>/]|$)", re.IGNORECASE)
_NO_TAGS = re.compile(r"(?<!`)(`++)[^`]+\1(?!`)|<!--.*?(?:-->|$)")  # code and comments

Tag = tuple[int, bool]
"""The 0-based line of a tag, and whether it closes."""


def details_tags(number: int, line: str) -> list[Tag]:
    """The tags of a line, given its number."""
    if "details" not in line.lower():
        return []
    return [(number, bool(tag[1])) for tag in _TAG.finditer(_NO_TAGS.sub("", line))]


def matched_details(tags: Sequence[Tag]) -> tuple[list[tuple[int, int]], list[int]]:
    """The outermost ranges of lines between tags that open and close, and the lines of those that
    never close.
    """
    ranges: list[tuple[int, int]] = []
    stack: list[int] = []
    for number, closes in tags:
        if not closes:
            stack.append(number)
        elif stack:
            start = stack.pop()
            while ranges and ranges[-1][0] >= start:
                ranges.pop()
            ranges.append((start, number))
    return ranges, stack
