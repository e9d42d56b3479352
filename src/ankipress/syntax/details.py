"""The `<details>` elements of a file: their content belongs to the card in which they open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_TAG = re.compile(r"<(?P<slash>/?)details(?=[\s>/]|$)[^<>]*>?", re.IGNORECASE)
_CODE_OR_COMMENT = re.compile(r"(?<!`)(`++)[^`]+\1(?!`)|<!--.*?(?:-->|$)")


class DetailsTag(NamedTuple):
    """A tag: its 0-based line, its columns there, and whether it is a closing tag."""

    line: int
    start: int
    end: int
    closes: bool


def details_tags(number: int, line: str) -> list[DetailsTag]:
    """The tags in a line, given its number."""
    if "details" not in line.lower():
        return []
    tags = []
    for found in _TAG.finditer(_CODE_OR_COMMENT.sub(_blank, line)):
        start, end = found.span()
        tags.append(DetailsTag(number, start, end, closes=bool(found["slash"])))
    return tags


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def matched_details(tags: Sequence[DetailsTag]) -> tuple[list[tuple[int, int]], list[DetailsTag]]:
    """The outermost ranges of lines between matching tags, and the unclosed tags."""
    ranges: list[tuple[int, int]] = []
    unclosed: list[DetailsTag] = []
    for tag in tags:
        if not tag.closes:
            unclosed.append(tag)
        elif unclosed:
            start = unclosed.pop().line
            while ranges and ranges[-1][0] >= start:
                ranges.pop()
            ranges.append((start, tag.line))
    return ranges, unclosed
