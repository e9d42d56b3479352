"""The bytes of a file that another program wrote → its text, in whatever encoding."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WINDOWS = "cp1252"
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1e]")  # a few vertical tabs and escapes are text


class ForeignText(NamedTuple):
    """A text with line feeds alone, and what was doubtful of its encoding."""

    text: str
    warnings: tuple[str, ...] = ()


def foreign_text(content: bytes) -> ForeignText | None:
    """The text in some bytes; None where they are no text."""
    encoding = _marked(content) or _unmarked(content)
    try:
        found = ForeignText(content.decode(encoding))
    except UnicodeDecodeError:
        text = content.decode(_WINDOWS, errors="replace")
        warning = (
            "it is not UTF-8, and was read as Windows-1252: see whether letters with accents are"
            " right, or save it as UTF-8"
        )
        found = ForeignText(text, (warning,))
    if _BINARY.search(found.text):
        return None
    return found._replace(text=found.text.replace("\r\n", "\n").replace("\r", "\n"))


def _marked(content: bytes) -> str:
    """The encoding that the first bytes name, empty for none."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    return ""


def _unmarked(content: bytes) -> str:
    """UTF-16 without a mark has a zero beside every letter of a header."""
    start = content[:4]
    if len(start) == 4 and start[1] == start[3] == 0 and start[0] and start[2]:
        return "utf-16-le"
    if len(start) == 4 and start[0] == start[2] == 0 and start[1] and start[3]:
        return "utf-16-be"
    return "utf-8"
