"""Canonical HTML, tag by tag: where an element begins and ends, and what its attributes say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Canonical HTML: attributes are double-quoted, and all in tags of lower case.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^>"]*(?:"[^"]*"[^>"]*)*)?)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of canonical HTML and the stretch of the text that it takes."""

    name: str
    source: str
    start: int
    end: int
    closes: bool = False

    def attribute(self, name: str) -> str | None:
        """The value of an attribute, references resolved; None where it is not there."""
        return next(
            (html.unescape(value) for key, value in _ATTRIBUTE.findall(self.source) if key == name),
            None,
        )

    def with_attribute(self, name: str, value: str) -> str:
        """The text of the tag with another value for an attribute that it has."""
        escaped = value.replace("&", "&amp;").replace('"', "&quot;")
        return _ATTRIBUTE.sub(
            lambda found: f' {name}="{escaped}"' if found[1] == name else found[0], self.source
        )

    def without_attribute(self, name: str) -> str:
        """The text of the tag without an attribute."""
        return _ATTRIBUTE.sub(lambda found: "" if found[1] == name else found[0], self.source)


def tags_of(text: str) -> Iterator[Tag]:
    """Every tag of canonical HTML, in order."""
    for found in _TAG.finditer(text):
        yield Tag(found[2], found[0], *found.span(), closes=found[1] == "/")


def inside(tags: list[Tag], number: int) -> int:
    """The number of the tag that closes the element of the tag with this number; the last one where
    none does.
    """
    depth = 0
    for other in range(number, len(tags)):
        if tags[other].name == tags[number].name:
            depth += -1 if tags[other].closes else 1
            if not depth:
                return other
    return len(tags) - 1
