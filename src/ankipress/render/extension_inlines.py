"""The inline patterns of other Python-Markdown extensions, as one rule among CommonMark's.

Python-Markdown tries pattern after pattern on a whole text. Here the text is read once, and a
pattern takes its turn where its match begins, before CommonMark's own rules; so no pattern sees
into code, and none can take a link apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor, Pattern
from markdown.util import AtomicString
from markdown_it.rules_inline import StateInline


class Reader(Protocol):
    """What reads a text that a pattern left as Markdown."""

    def graft(self, element: Element, ancestors: Sequence[str], first_pattern: int = 0) -> None:
        """Read the text of an element and the tails of its children, and put in what they say."""


class Foreign:
    """The patterns that extensions have registered beside Python-Markdown's own, in the order of
    their priorities.
    """

    def __init__(self, md: Markdown) -> None:
        self._md, self._own = md, set(map(id, md.inlinePatterns))
        self._patterns: tuple[Pattern, ...] = ()

    def collect(self) -> None:
        """Take note of the patterns registered since this was made."""
        self._patterns = tuple(
            each for each in self._md.inlinePatterns if id(each) not in self._own
        )

    def reading(
        self, text: str, ancestors: Sequence[str], first: int, reader: Reader
    ) -> Reading | None:
        """The patterns from the first that counts, on their way through a text; None where there
        are none.
        """
        wanted = [
            (number, pattern)
            for number, pattern in enumerate(self._patterns)
            if number >= first and not set(pattern.ANCESTOR_EXCLUDES) & set(ancestors)
        ]
        return Reading(text, ancestors, wanted, reader) if wanted else None


class Reading:
    """Some patterns on their way through a text."""

    def __init__(
        self,
        text: str,
        ancestors: Sequence[str],
        patterns: Iterable[tuple[int, Pattern]],
        reader: Reader,
    ) -> None:
        self.text, self.ancestors, self.reader = text, ancestors, reader
        self._patterns = list(patterns)
        self._next: list[_Match | None] = [
            _search(pattern, text, 0) for _, pattern in self._patterns
        ]
        self._known: dict[int, tuple[Element | str, int] | None] = {}

    def next_from(self, position: int) -> int:
        """Where the next match begins, or the end of the text."""
        nearest = len(self.text)
        for number, (_, pattern) in enumerate(self._patterns):
            found = self._next[number]
            if found and found.start < position:
                found = self._next[number] = _search(pattern, self.text, position)
            if found:
                nearest = min(nearest, found.start)
        return nearest

    def node_at(self, position: int, *, in_link: bool) -> tuple[Element | str, int] | None:
        """What a pattern makes of the text from here on, and where that ends."""
        if position not in self._known:
            self._known[position] = self._node_at(position, in_link=in_link)
        return self._known[position]

    def _node_at(self, position: int, *, in_link: bool) -> tuple[Element | str, int] | None:
        if self.next_from(position) != position:
            return None
        for number, (order, pattern) in enumerate(self._patterns):
            found = self._next[number]
            if (
                found is None
                or found.start != position
                or (in_link and "a" in pattern.ANCESTOR_EXCLUDES)
            ):
                continue
            node, end = found.handle()
            if node is not None and end > position:
                return self._finished(node, order), end
        return None

    def _finished(self, node: Element | str, order: int) -> Element | str:
        """A node whose texts are read too, by the patterns that come behind its own, as
        Python-Markdown does.
        """
        if not isinstance(node, str):
            waiting = [(node, (*self.ancestors, str(node.tag).lower()))]
            while waiting:
                element, ancestors = waiting.pop()
                waiting += [(child, (*ancestors, str(child.tag).lower())) for child in element]
                if not isinstance(element.text, AtomicString):
                    self.reader.graft(element, ancestors, order + 1)
        return node


class _Match:
    """A match of a pattern of either style, with its place in the whole text."""

    def __init__(self, pattern: Pattern, found: re.Match[str], text: str, offset: int) -> None:
        self._pattern, self._found, self._text = pattern, found, text
        self._is_new = isinstance(pattern, InlineProcessor)
        self.start = found.start() if self._is_new else offset + len(found[1])
        self.end = found.end() if self._is_new else len(text) - len(found.groups()[-1])

    def handle(self) -> tuple[Element | str | None, int]:
        if not isinstance(self._pattern, InlineProcessor):
            return self._pattern.handleMatch(self._found), self.end
        node, start, end = self._pattern.handleMatch(self._found, self._text)
        # A pattern that looks back begins before the place that is read; what stands there is read
        # already.
        return (node, end) if start == self.start and end is not None else (None, self.end)


def _search(pattern: Pattern, text: str, position: int) -> _Match | None:
    compiled = pattern.getCompiledRegExp()
    if isinstance(pattern, InlineProcessor):
        found, offset = compiled.search(text, position), 0
    else:
        found, offset = compiled.match(text[position:]), position
    return _Match(pattern, found, text, offset) if found else None


# Markdown-it's signature.
def foreign_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """A rule of markdown-it: the pattern of an extension that matches here."""
    reading = getattr(state, "reading", None)
    made = reading.node_at(state.pos, in_link=bool(state.linkLevel)) if reading else None
    if made is None or made[1] > state.posMax:
        return False
    if not silent:
        node, state.pos = made
        if isinstance(node, str):
            state.push("text_special", "", 0).content = node
        else:
            state.push("foreign", "", 0).meta = {"element": node}
        return True
    state.pos = made[1]
    return True
