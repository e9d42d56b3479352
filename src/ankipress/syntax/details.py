"""The `<details>` elements of a file: their content belongs to the card in which they open.

Authors forget to close them. One that was never closed must not take the cards below it, so it ends
where the next one begins, at the margin, below a heading that can be no part of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_TAG = re.compile(r"<(?P<slash>/?)details(?=[\s>/]|$)[^<>]*>?", re.IGNORECASE)
_CODE_OR_COMMENT = re.compile(r"(?<!`)(`++)[^`]+\1(?!`)|<!--.*?(?:-->|$)")
_LEVELS = 6


class DetailsTag(NamedTuple):
    """A tag: its 0-based line, its columns there, and whether it is a closing tag.

    `depth` is the number of lists and quotes that it stands in.
    """

    line: int
    start: int
    end: int
    closes: bool
    depth: int = 0


class HeadingLine(NamedTuple):
    """Where a heading stands: its 0-based line, and its level."""

    line: int
    level: int


def details_tags(
    number: int,
    line: str,
    depth: int = 0,
) -> list[DetailsTag]:
    """The tags in a line, given its number."""
    if "details" not in line.lower():
        return []
    tags = []
    for found in _TAG.finditer(_CODE_OR_COMMENT.sub(_blank, line)):
        start, end = found.span()
        tags.append(DetailsTag(number, start, end, closes=bool(found["slash"]), depth=depth))
    return tags


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


@dataclass(slots=True)
class MatchedDetails:
    """The outermost ranges of lines between matching tags, and the tags that are never closed."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    unclosed: list[DetailsTag] = field(default_factory=list)


class _Open(NamedTuple):
    """An open element: its tag, the level of the heading above it, and how many headings are above
    it.
    """

    tag: DetailsTag
    level: int
    above: int


def matched_details(
    tags: Sequence[DetailsTag],
    headings: Sequence[HeadingLine],
    lines: Sequence[str],
) -> MatchedDetails:
    """The elements of a file, given their tags and its headings, both in order."""
    reader = _DetailsReader(headings)
    for tag in tags:
        reader.read(tag, lines)
    found = reader.found
    found.unclosed += [each.tag for each in reader.open if not each.tag.depth]
    found.unclosed.sort()
    found.ranges += _first_headings(found.unclosed, headings, lines)
    return found


class _DetailsReader:
    """The state between two tags. `above` are the headings that no closed element holds."""

    def __init__(self, headings: Sequence[HeadingLine]) -> None:
        self.found = MatchedDetails()
        self.open: list[_Open] = []
        self.above: list[HeadingLine] = []
        self.headings = headings
        self.next_heading = 0
        self.compared = 0  # the headings above when the open elements were last compared with them

    def read(self, tag: DetailsTag, lines: Sequence[str]) -> None:
        """Read the next tag."""
        while self._is_heading_before(tag):
            self.above.append(self.headings[self.next_heading])
            self.next_heading += 1
        if not tag.depth:
            while self.open and self.open[-1].tag.depth:
                self.open.pop()  # it ended with its list
        if tag.closes:
            self._close(tag)
            return
        if not tag.depth and not lines[tag.line][: tag.start].strip():
            self._end_forgotten()
        level = 0
        if self.above:
            level = self.above[-1].level
        self.open.append(_Open(tag, level, len(self.above)))

    def _is_heading_before(self, tag: DetailsTag) -> bool:
        number = self.next_heading
        return number < len(self.headings) and self.headings[number].line < tag.line

    def _close(self, tag: DetailsTag) -> None:
        if not self.open:
            return
        opened = self.open.pop()
        if opened.tag.depth:
            return
        start = opened.tag.line
        ranges = self.found.ranges
        while ranges and ranges[-1][0] >= start:
            ranges.pop()
        ranges.append((start, tag.line))
        while self.above and self.above[-1].line > start:
            self.above.pop()
        self.compared = min(self.compared, len(self.above))

    def _end_forgotten(self) -> None:
        """End the open elements with headings in them that can only be those of cards."""
        if self.compared == len(self.above):
            return
        self.compared = len(self.above)
        still_open = []
        for each in self.open:
            if self._is_forgotten(each):
                self.found.unclosed.append(each.tag)
            else:
                still_open.append(each)
        self.open = still_open

    def _is_forgotten(self, opened: _Open) -> bool:
        """Whether an open element has a heading like the one above it, or two that are alike."""
        first = opened.above
        levels = [each.level for each in self.above[first : first + _LEVELS + 1]]
        return opened.level in levels or len(set(levels)) < len(levels)


def _first_headings(
    unclosed: Sequence[DetailsTag],
    headings: Sequence[HeadingLine],
    lines: Sequence[str],
) -> Iterator[tuple[int, int]]:
    """The ranges of elements that are never closed and begin with a heading, such as that of an
    answer, above the level of their card: up to the line below it.
    """
    for tag in unclosed:
        number = bisect_left(headings, (tag.line + 1,))
        if not 0 < number < len(headings):
            continue
        first = headings[number]
        between = lines[tag.line + 1 : first.line]
        if first.level < headings[number - 1].level and all(map(_is_tag_or_blank, between)):
            yield tag.line, first.line + 1


def _is_tag_or_blank(line: str) -> bool:
    text = line.strip()
    return not text or text.startswith("<")
