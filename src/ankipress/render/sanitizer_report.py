"""What the sanitizer drops of an author's HTML, found in the source so that it has a place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ankipress.render.allowed import TAGS, URLS, is_lost, lost_styles, unsafe_scheme
from ankipress.render.findings import Finding
from ankipress.render.tags import Tag, tags
from ankipress.syntax.fences import Mistake

_ACTS = "a card holds nothing that acts, loads or hides other things: delete it"
_HELP = {
    "style": "a card needs no style sheet of its own: delete it",
    "svg": "save the drawing as an SVG file and show it as a picture, `![…](drawing.svg)`",
    "math": "write it as `$…$`",
    "font": 'write `<span style="color: …">`',
    "script": _ACTS,
    "iframe": "link to the page instead",
}


class Lost(NamedTuple):
    """Something that is dropped of some HTML, with its offset there."""

    what: str
    help: str
    start: int
    width: int

    @property
    def mistake(self) -> Mistake:
        """What a finding says of it."""
        return Mistake("", f"{self.what} is left out of the card", self.help)

    def at(
        self,
        line: int | None,
        column: int = 0,
        width: int = 1,
    ) -> Finding:
        """The finding at a place."""
        return Finding("dropped-html", self.mistake, line, column, width)


class SourceText(NamedTuple):
    """A part of the text that is read, and the line on which it begins, None if unknown."""

    text: str
    line: int | None


class SanitizerReport:
    """Gathers what is dropped while a text is read."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, text: str) -> None:
        """Forget what was found, and read another text."""
        self._lines = text.split("\n")
        self._known: set[tuple[str, int]] = set()
        self.found: list[Finding] = []
        self.saw_html = False

    def check_html(
        self,
        html: str,
        source: SourceText,
        offset: int = 0,
    ) -> None:
        """Check HTML at an offset of a source."""
        self.saw_html = True
        for each in lost(html):
            self._add(each._replace(start=offset + each.start), source)

    def check_link(
        self,
        url: str,
        source: SourceText,
        offset: int,
    ) -> None:
        """Check the target of a link or picture that starts at an offset of a source."""
        scheme = unsafe_scheme(url)
        if scheme is None:
            return
        place = source.text.find(url, offset)
        if place < 0:
            self._add(_unsafe_address(scheme, offset, 1), source)
        else:
            self._add(_unsafe_address(scheme, place, len(url)), source)

    def check_output(self, html: str) -> None:
        """Check what an extension has made, for what is not found yet."""
        known = {each.mistake for each in self.found}
        for each in lost(html):
            if each.mistake not in known:
                self.found.append(each.at(None))

    def _add(self, lost: Lost, source: SourceText) -> None:
        text, line = source
        if line is None:
            self.found.append(lost.at(None))
            return
        begin = text.rfind("\n", 0, lost.start) + 1
        line += text.count("\n", 0, begin)
        if (lost.what, line) in self._known:
            return  # once a line is enough
        self._known.add((lost.what, line))
        end = text.find("\n", begin)
        if end < 0:
            end = len(text)
        context = text[begin:end]
        indent = len(context) - len(context.lstrip())
        column = lost.start - begin - indent
        if line < len(self._lines):
            # In a list or a quote, other marks stand before the text.
            column += max(0, self._lines[line].find(context.strip()))
        width = max(1, min(lost.width, len(context)))
        self.found.append(lost.at(line, max(0, column), width))


def lost(html: str) -> Iterator[Lost]:
    """What is dropped of some HTML."""
    for tag in tags(html):
        if tag.is_end:
            continue
        if tag.name in TAGS:
            yield from _lost_attributes(tag)
        else:
            help = _HELP.get(tag.name, "write it with other tags, or in Markdown")
            yield Lost(
                f"the tag <{tag.name}>",
                help,
                tag.start,
                tag.end - tag.start,
            )


def _lost_attributes(tag: Tag) -> Iterator[Lost]:
    start, width = tag.start, tag.end - tag.start
    for name, value in tag.attributes:
        if is_lost(tag.name, name):
            help = "delete it, or write it in Markdown"
            if name.startswith("on"):
                help = _ACTS
            yield Lost(
                f"the attribute {name} of <{tag.name}>",
                help,
                start,
                width,
            )
        elif name in URLS and (scheme := unsafe_scheme(value)):
            yield _unsafe_address(scheme, start, width)
        elif name == "style":
            for style in lost_styles(value):
                help = "a card keeps colour, weight, slant, alignment and size"
                yield Lost(
                    f"the style {style}",
                    help,
                    start,
                    width,
                )


def _unsafe_address(
    scheme: str,
    start: int,
    width: int,
) -> Lost:
    help = "a card links to http, https, ftp, mailto and tel"
    if scheme == "data":
        help = "save the picture as a file"
    return Lost(
        f"the address, since it begins with {scheme}:",
        help,
        start,
        width,
    )
