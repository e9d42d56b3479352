"""Canonical HTML, tag by tag: where an element begins and ends, and what its attributes say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Canonical HTML: attributes are double-quoted, and all in tags of lower case.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^>"]*(?:"[^"]*"[^>"]*)*)?)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class HtmlTag:
    """A tag of canonical HTML and the span of the text that it takes."""

    name: str
    source: str
    start: int
    end: int
    closes: bool = False

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, references resolved; None where it is not there."""
        for key, value in _ATTRIBUTE.findall(self.source):
            if key == name:
                return html.unescape(value)
        return None

    def with_attribute(self, name: str, value: str) -> str:
        """The text of the tag with another value for an attribute that it has."""
        escaped = html.escape(value, quote=False).replace('"', "&quot;")
        return self._replaced(name, f' {name}="{escaped}"')

    def without_attribute(self, name: str) -> str:
        """The text of the tag without an attribute."""
        return self._replaced(name, "")

    def _replaced(self, name: str, attribute: str) -> str:
        pattern = rf' {re.escape(name)}="[^"]*"'
        return re.sub(pattern, lambda _: attribute, self.source)


def html_tags(text: str) -> Iterator[HtmlTag]:
    """Every tag of canonical HTML, in order."""
    for match in _TAG.finditer(text):
        start, end = match.span()
        yield HtmlTag(match[2], match[0], start, end, closes=bool(match[1]))


def closing_tag(tags: Sequence[HtmlTag], number: int) -> int:
    """The number of the tag that closes the element of another; the last one where none does."""
    depth = 0
    for other in range(number, len(tags)):
        if tags[other].name != tags[number].name:
            continue
        if tags[other].closes:
            depth -= 1
        else:
            depth += 1
        if depth == 0:
            return other
    return len(tags) - 1
