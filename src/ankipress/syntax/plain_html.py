"""The plain text of HTML: that of the fields of a package, and that of HTML in Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from ankipress.syntax.html_tags import TAG_OR_COMMENT
from ankipress.syntax.plain_writer import PlainWriter

# No alternative runs past the next `<` outside quotes: hostile HTML costs linear time.
_NAME = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_SOURCE = re.compile(r"\b(?:src|data)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
# Tags that stand between the letters of a word. Others, such as <br>, part words.
_INLINE = frozenset("a b i u s em strong code sub sup span mark kbd small font tt del wbr".split())
_CODE = frozenset({"code", "pre"})
# In the fields of a package, mathematics has Anki's marks.
_OPENING = re.compile(r"\\[(\[]")
_CLOSING = {"\\(": "\\)", "\\[": "\\]"}
_DOLLARS = {"\\(": "$", "\\[": "$$"}


def plain_html(field: str) -> str:
    """The plain text of a field: that of the Markdown of which ankipress made it, as far as HTML
    tells. It has no marks of lists and tables.
    """
    writer = PlainWriter()
    _FieldReader(writer).read(field)
    return writer.finished()


def write_tag(tag: str, writer: PlainWriter) -> None:
    """Add what a tag or a comment leaves: its picture, a space, or nothing."""
    name = _NAME.match(tag)
    if name is None:
        writer.prose(" ")
    elif source := _SOURCE.search(tag):
        words = ""
        if alternative := _ALTERNATIVE.search(tag):
            words = alternative[1] or alternative[2] or ""
        write_picture(
            html.unescape(words),
            html.unescape(source[1]),
            writer,
        )
    elif name[2].lower() not in _INLINE:
        writer.prose(" ")


def write_picture(words: str, address: str, writer: PlainWriter) -> None:
    """Add what a picture leaves: the text that stands for it, and the name of its file."""
    writer.keep(f" {words} {file_name(address)} ")


def file_name(address: str) -> str:
    """The last part of an address."""
    return address.rstrip("/").rpartition("/")[2]


def write_html(text: str, writer: PlainWriter) -> None:
    """Add the text of HTML that stands in Markdown."""
    _HtmlReader(writer).read(text)


class _HtmlReader:
    """Reads HTML from tag to tag; what is in <code> or <pre> is gathered until that ends."""

    def __init__(self, writer: PlainWriter) -> None:
        self._writer = writer
        self._code: list[str] = []
        self._depth = 0

    def read(self, text: str) -> None:
        """Add the text of some HTML."""
        position = 0
        for tag in TAG_OR_COMMENT.finditer(text):
            self._read_text(html.unescape(text[position : tag.start()]))
            self._read_tag(tag[0])
            position = tag.end()
        self._read_text(html.unescape(text[position:]))
        if self._depth:
            code = "".join(self._code)
            self._writer.keep_code(code)

    def _read_text(self, text: str) -> None:
        if self._depth:
            self._code.append(text)
        else:
            self._write(text)

    def _write(self, text: str) -> None:
        self._writer.prose(text)

    def _read_tag(self, tag: str) -> None:
        name = _NAME.match(tag)
        if name and name[2].lower() in _CODE:
            closes = bool(name[1])
            self._read_code_tag(tag, closes=closes)
        elif not self._depth:
            write_tag(tag, self._writer)

    def _read_code_tag(self, tag: str, *, closes: bool) -> None:
        if closes and self._depth == 1:
            code = "".join(self._code)
            self._writer.keep_code(code)
            self._code.clear()
        if not self._depth or (closes and self._depth == 1):
            write_tag(tag, self._writer)
        step = 1
        if closes:
            step = -1
        self._depth = max(0, self._depth + step)


class _FieldReader(_HtmlReader):
    """Also writes mathematics as Markdown does."""

    def _write(self, text: str) -> None:
        position = 0
        for formula in _formulas(text):
            self._writer.prose(text[position : formula.start])
            self._writer.keep(formula.text)
            position = formula.end
        self._writer.prose(text[position:])


class _FieldFormula(NamedTuple):
    """A formula as Markdown writes it, and where it stands in a field."""

    start: int
    end: int
    text: str


def _formulas(text: str) -> Iterator[_FieldFormula]:
    """The formulas of a text: from a mark to the next one that closes it, whatever is between."""
    never_closed: set[str] = set()
    position = 0
    while found := _OPENING.search(text, position):
        position = found.end()
        mark = found[0]
        if mark in never_closed:
            continue
        end = text.find(_CLOSING[mark], position)
        if end < 0:
            never_closed.add(mark)
            continue
        dollars = _DOLLARS[mark]
        tex = text[position:end]
        position = end + len(mark)
        yield _FieldFormula(found.start(), position, f"{dollars}{tex}{dollars}")
