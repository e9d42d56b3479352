"""What a card cannot hold of its author's HTML: found where it is written, so that a diagnostic can
show the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ankipress.render.allowed import TAGS, URLS, is_lost, lost_styles, unsafe_scheme
from ankipress.render.tags import Tag, tags

_ACTS = "a card holds nothing that acts, loads or hides other things: delete it"
_WAYS_OUT = {
    "style": "a card needs no style sheet of its own: delete it",
    "svg": "save the drawing as an SVG file and show it as a picture, `![…](drawing.svg)`",
    "math": "write it as `$…$`",
    "font": 'write `<span style="color: …">`',
    "script": _ACTS,
    "iframe": "link to the page instead",
}


@dataclass(frozen=True, slots=True)
class Drop:
    """Something that is left out: what it is, the way out, and its place: line and column in a
    text, from 0, or None.
    """

    what: str
    way_out: str
    line: int | None = None
    column: int = 0
    width: int = 1


class Lost(NamedTuple):
    """Something that is left out of some HTML, the way out, and where it stands in it."""

    what: str
    way_out: str
    start: int
    width: int


class Drops:
    """Gathers what is left out while a text is read."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._known: set[tuple[str, int]] = set()
        self.found: list[Drop] = []
        self.saw_html = False

    def begin(self, text: str) -> None:
        """Forget what was found, and read another text."""
        self._lines, self._known, self.found, self.saw_html = text.split("\n"), set(), [], False

    def see_html(self, html: str, source: str, line: int | None, at: int = 0) -> None:
        """Look at HTML that stands in a text that begins on a line, from a position on."""
        self.saw_html = True
        for each in lost(html):
            self._add(each._replace(start=at + each.start), source, line)

    def see_link(self, url: str, source: str, line: int | None, at: int) -> None:
        """Look at the target of a link or picture of Markdown."""
        if scheme := unsafe_scheme(url):
            inside = source.find(url, at)
            self._add(
                _address(scheme, max(at, inside), len(url) if inside >= 0 else 1), source, line
            )

    def see_output(self, html: str) -> None:
        """Look at what an extension has made, for what is not found yet."""
        known = {drop.what for drop in self.found}
        self.found += [
            Drop(each.what, each.way_out) for each in lost(html) if each.what not in known
        ]

    def _add(self, found: Lost, source: str, line: int | None) -> None:
        if line is None:
            self.found.append(Drop(found.what, found.way_out))
            return
        begin = source.rfind("\n", 0, found.start) + 1
        line += source.count("\n", 0, begin)
        if (found.what, line) in self._known:
            return  # once a line is enough
        self._known.add((found.what, line))
        end = source.find("\n", begin)
        context = source[begin : end if end >= 0 else len(source)]
        column = found.start - begin - (len(context) - len(context.lstrip()))
        if line < len(self._lines):
            # In a list or a quote, other marks stand before the text.
            column += max(0, self._lines[line].find(context.strip()))
        self.found.append(
            Drop(
                found.what,
                found.way_out,
                line,
                max(0, column),
                max(1, min(found.width, len(context))),
            )
        )


def lost(html: str) -> Iterator[Lost]:
    """What is left out of some HTML."""
    for tag in tags(html):
        if tag.is_end:
            continue
        if tag.name in TAGS:
            yield from _lost_attributes(tag)
        else:
            way_out = _WAYS_OUT.get(tag.name, "write it with other tags, or in Markdown")
            yield Lost(f"the tag <{tag.name}>", way_out, tag.start, tag.end - tag.start)


def _lost_attributes(tag: Tag) -> Iterator[Lost]:
    start, width = tag.start, tag.end - tag.start
    for name, value in tag.attributes:
        if is_lost(tag.name, name):
            way_out = _ACTS if name.startswith("on") else "delete it, or write it in Markdown"
            yield Lost(f"the attribute {name} of <{tag.name}>", way_out, start, width)
        elif name in URLS and (scheme := unsafe_scheme(value)):
            yield _address(scheme, start, width)
        elif name == "style":
            for style in lost_styles(value):
                yield Lost(
                    f"the style {style}",
                    "a card keeps colour, weight, slant, alignment and size",
                    start,
                    width,
                )


def _address(scheme: str, start: int, width: int) -> Lost:
    way_out = (
        "save the picture as a file"
        if scheme == "data"
        else "a card links to http, https, ftp, mailto and tel"
    )
    return Lost(f"the address, since it begins with {scheme}:", way_out, start, width)
