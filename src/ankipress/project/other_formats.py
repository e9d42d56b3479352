"""Files of other programs that have the name of a source, told from their first bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location

_CONVERT = "save it as Markdown: `pandoc -f {} -t gfm FILE -o cards.md` does that"
_COPY = "copy its text into a Markdown file"
_NAME = "name a Markdown file"
_PACKAGE = (
    "name the Markdown file that it was made of; `ankipress recover` and `diff` read packages"
)


class _Format(NamedTuple):
    """What a file is called, and what helps."""

    name: str
    help: str


_BEGINNINGS: Mapping[bytes, _Format] = {
    b"%PDF-": _Format("a PDF", _COPY),
    rb"{\rtf": _Format("a document in Rich Text Format", _CONVERT.format("rtf")),
    b"\xd0\xcf\x11\xe0": _Format("a document of an old Word, Excel or PowerPoint", _COPY),
    b"SQLite format 3\0": _Format("a database", _NAME),
    b"\x89PNG": _Format("a picture", _NAME),
    b"\xff\xd8\xff": _Format("a picture", _NAME),
    b"GIF8": _Format("a picture", _NAME),
    b"\x1f\x8b": _Format("compressed", "unpack it, and name the Markdown file in it"),
}
_ZIP = b"PK\x03\x04"
# A zip file names what is in it in plain text.
_IN_ZIP: Mapping[bytes, _Format] = {
    b"word/": _Format("a Word document", _CONVERT.format("docx")),
    b"ppt/": _Format("a PowerPoint presentation", _COPY),
    b"xl/": _Format("an Excel workbook", _COPY),
    b"collection.anki2": _Format("an Anki package", _PACKAGE),
    b"application/vnd.oasis.opendocument": _Format(
        "a document of LibreOffice", _CONVERT.format("odt")
    ),
    b"application/epub": _Format("an e-book", _CONVERT.format("epub")),
    b"": _Format("a zip file", "unpack it, and name the Markdown file in it"),
}


def not_text(content: bytes, path: str) -> Diagnostic | None:
    """The problem that a source is a file of another program, None where it can be a text."""
    found = _format_of(content)
    if found:
        message = f"this file is {found.name}, not Markdown"
        return Diagnostic("not-text", Location(path), message, found.help)
    if _is_utf16(content):
        message = "this file is UTF-16, not UTF-8"
        return Diagnostic("not-utf8", Location(path), message, "save the file as UTF-8")
    return None


def _format_of(content: bytes) -> _Format | None:
    if content.startswith(_ZIP):
        return next(each for mark, each in _IN_ZIP.items() if mark in content)
    for beginning, each in _BEGINNINGS.items():
        if content.startswith(beginning):
            return each
    return None


def _is_utf16(content: bytes) -> bool:
    """Whether it is UTF-16 without a byte order mark: of most letters, one byte is zero."""
    beginning = content[:200]
    zeros = max(beginning[::2].count(0), beginning[1::2].count(0))
    return zeros > len(beginning) // 4
