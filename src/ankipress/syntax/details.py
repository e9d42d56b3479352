"""The `<details>` elements of a file: their content belongs to the card in which they open."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAG = re.compile(r"<(/?)details(?=[\s>/]|$)", re.IGNORECASE)
_CODE_OR_COMMENT = re.compile(r"(?<!`)(`++)[^`]+\1(?!`)|<!--.*?(?:-->|$)")

Tag = tuple[int, bool]
"""The 0-based line of a tag, and whether it is a closing tag."""


def details_tags(number: int, line: str) -> list[Tag]:
    """The tags in a line, given its number."""
    if "details" not in line.lower():
        return []
    found = _TAG.finditer(_CODE_OR_COMMENT.sub("", line))
    return [(number, bool(tag[1])) for tag in found]


def matched_details(tags: Sequence[Tag]) -> tuple[list[tuple[int, int]], list[int]]:
    """The outermost ranges of lines between matching tags, and the lines of unclosed tags."""
    ranges: list[tuple[int, int]] = []
    unclosed: list[int] = []
    for number, closes in tags:
        if not closes:
            unclosed.append(number)
        elif unclosed:
            start = unclosed.pop()
            while ranges and ranges[-1][0] >= start:
                ranges.pop()
            ranges.append((start, number))
    return ranges, unclosed
