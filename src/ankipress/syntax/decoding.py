"""Bytes → text: UTF-8 with or without a byte order mark, with any line ends.

Characters that Anki cannot store, or that no editor shows, are reported.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Source
from ankipress.syntax.spans import line_and_column

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_BIDI_CHARACTERS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BIDI = re.compile(f"[{_BIDI_CHARACTERS}]")
_MOST = 20  # characters reported per file: a binary file would have thousands


def decode(content: bytes, path: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The text of a file, or None and the place of the first byte that is not UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, (_not_utf8(Location(path, 1), "this file is UTF-16, not UTF-8"),)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = _with_line_feeds(content[: error.start].decode())
        message = f"byte {content[error.start]:#04x} is not UTF-8"
        return None, (_not_utf8(_location(path, before, len(before)), message),)
    source = Source(path, _with_line_feeds(text))
    # Few files have such characters, and to look through bytes takes a tenth of the time.
    if len(content.translate(None, _CONTROL_BYTES)) == len(content):
        return source, ()
    return source, tuple(_control_characters(source))


def control_character_in(text: str) -> str:
    """The first character of a text that Anki cannot store, as a code point; empty without one."""
    found = _CONTROL.search(text)
    if found is None:
        return ""
    return f"U+{ord(found[0]):04X}"


def bidi_controls(source: Source) -> Iterator[Diagnostic]:
    """A diagnostic for each character that overrides, embeds or isolates a text direction.

    No editor shows these characters, so a text with them may not be what it seems. Plain direction
    marks are fine.
    """
    if not any(character in source.text for character in _BIDI_CHARACTERS):
        return  # this takes a tenth of the time of the regular expression
    for found in islice(_BIDI.finditer(source.text), _MOST):
        character = found[0]
        name = unicodedata.name(character).lower()
        yield Diagnostic(
            "bidi-control",
            _location(source.path, source.text, found.start()),
            f"U+{ord(character):04X}, {name}, is not seen and changes the order in which"
            " the text is",
            "delete it; `dir=rtl` in the braces of the heading gives a whole card its direction",
        )


def _control_characters(source: Source) -> Iterator[Diagnostic]:
    for found in islice(_CONTROL.finditer(source.text), _MOST):
        yield Diagnostic(
            "control-character",
            _location(source.path, source.text, found.start()),
            f"control character {control_character_in(found[0])}",
            "delete it: Anki cannot store it",
            fix="",
        )


def _not_utf8(location: Location, message: str) -> Diagnostic:
    return Diagnostic(
        "not-utf8",
        location,
        message,
        "save the file as UTF-8",
    )


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _location(
    path: str,
    text: str,
    offset: int,
) -> Location:
    line, column = line_and_column(text, offset)
    return Location(path, line + 1, column + 1)
