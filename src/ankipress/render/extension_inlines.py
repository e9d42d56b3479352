"""The inline patterns of Python-Markdown extensions, as one rule among CommonMark's.

Python-Markdown tries each pattern on a whole text. Here the text is read once, and a pattern is
tried where its match begins, before CommonMark's own rules. So no pattern sees into code, and none
can break a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor, Pattern
from markdown.util import AtomicString

ReadTexts = Callable[[Element, Sequence[str], int], None]
"""Reads the texts of an element as Markdown, given its ancestors and the first pattern to try."""
Made = tuple[Element | str, int]
"""What a pattern made, and where its match ends."""


class ExtensionPatterns:
    """The patterns that extensions have registered, in the order of their priorities."""

    def __init__(self, md: Markdown, read_texts: ReadTexts) -> None:
        self._md = md
        self._own = set(map(id, md.inlinePatterns))
        self._patterns: list[tuple[int, Pattern]] = []
        self._read_texts = read_texts

    def collect(self) -> None:
        """Collect the patterns registered since this was made."""
        added = [each for each in self._md.inlinePatterns if id(each) not in self._own]
        self._patterns = list(enumerate(added))

    def scan(
        self,
        text: str,
        ancestors: Sequence[str],
        first: int,
    ) -> PatternScan | None:
        """The patterns from the first that counts, applied to a text; None if there are none."""
        wanted: list[tuple[int, Pattern]] = []
        for number, pattern in self._patterns[first:]:
            if not set(pattern.ANCESTOR_EXCLUDES) & set(ancestors):
                wanted.append((number, pattern))
        if not wanted:
            return None
        return PatternScan(
            text,
            ancestors,
            wanted,
            self._read_texts,
        )


class PatternScan:
    """Patterns that are applied to a text."""

    def __init__(
        self,
        text: str,
        ancestors: Sequence[str],
        patterns: Sequence[tuple[int, Pattern]],
        read_texts: ReadTexts,
    ) -> None:
        self._text = text
        self._ancestors = ancestors
        self._read_texts = read_texts
        self._patterns = patterns
        self._next = [_search(pattern, text, 0) for _, pattern in patterns]
        self._known: dict[int, Made | None] = {}

    def next_from(self, position: int) -> int:
        """Where the next match begins, or the end of the text."""
        nearest = len(self._text)
        for number, (_, pattern) in enumerate(self._patterns):
            found = self._next[number]
            if found and found.start < position:
                found = self._next[number] = _search(pattern, self._text, position)
            if found:
                nearest = min(nearest, found.start)
        return nearest

    def node_at(self, position: int, *, in_link: bool) -> Made | None:
        """What a pattern makes of the text from here on."""
        if position not in self._known:
            self._known[position] = self._make(position, in_link=in_link)
        return self._known[position]

    def _make(self, position: int, *, in_link: bool) -> Made | None:
        if self.next_from(position) != position:
            return None
        for found, (number, pattern) in zip(self._next, self._patterns, strict=True):
            if found is None or found.start != position:
                continue
            if in_link and "a" in pattern.ANCESTOR_EXCLUDES:
                continue
            node, end = self._handle(pattern, found)
            if node is not None and end > position:
                if not isinstance(node, str):
                    self._read_inside(node, number + 1)
                return node, end
        return None

    def _handle(self, pattern: Pattern, match: _Match) -> tuple[Element | str | None, int]:
        if not isinstance(pattern, InlineProcessor):
            return pattern.handleMatch(match.found), match.end
        node, start, end = pattern.handleMatch(match.found, self._text)
        # A pattern that looks back begins before the current place, in text that is read already.
        if start != match.start or end is None:
            return None, match.end
        return node, end

    def _read_inside(self, node: Element, first: int) -> None:
        """Read the texts of a node by the patterns that follow its own, as Python-Markdown does."""
        waiting = [(node, tuple(self._ancestors))]
        while waiting:
            element, ancestors = waiting.pop()
            ancestors = (*ancestors, str(element.tag).lower())
            waiting += [(child, ancestors) for child in element]
            if not isinstance(element.text, AtomicString):
                self._read_texts(element, ancestors, first)


class _Match(NamedTuple):
    """A match of a pattern, with its place in the whole text."""

    found: re.Match[str]
    start: int
    end: int


def _search(
    pattern: Pattern,
    text: str,
    position: int,
) -> _Match | None:
    compiled = pattern.getCompiledRegExp()
    if isinstance(pattern, InlineProcessor):
        found = compiled.search(text, position)
        if found is None:
            return None
        return _Match(found, found.start(), found.end())
    # A pattern of the old style matches all of a text; its first and last groups are around it.
    found = compiled.match(text[position:])
    if found is None:
        return None
    before, *_, after = found.groups()
    return _Match(found, position + len(before), len(text) - len(after))
