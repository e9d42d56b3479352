"""Bytes → text: UTF-8 with or without a byte order mark, any line ends, and nothing that Anki could
not store.
"""

from __future__ import annotations

import codecs
import re
from itertools import islice

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Source

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_MOST = 20  # control characters that are told: a binary file would have thousands
_SAVE = "save the file as UTF-8"


def decode(content: bytes, path: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The text of a file, or None and the place of the first byte that is not UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, (
            Diagnostic("not-utf8", Location(path, 1), "this file is UTF-16, not UTF-8", _SAVE),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a mark at the start, positions count from behind it.
        offset = error.start + (len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0)
        before = (
            content[:offset]
            .decode("utf-8-sig", errors="replace")
            .replace("\r\n", "\n")
            .replace("\r", "\n")
        )
        location = Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return None, (
            Diagnostic("not-utf8", location, f"byte {content[offset]:#04x} is not UTF-8", _SAVE),
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # To look through bytes takes a tenth of the time, and few files have such characters.
    if len(content.translate(None, _CONTROL_BYTES)) == len(content):
        return Source(path, text), ()
    found = islice(_CONTROL.finditer(text), _MOST)
    return Source(path, text), tuple(_control(text, path, each) for each in found)


def _control(text: str, path: str, found: re.Match[str]) -> Diagnostic:
    line_start = text.rfind("\n", 0, found.start()) + 1
    location = Location(path, text.count("\n", 0, line_start) + 1, found.start() - line_start + 1)
    message = f"control character U+{ord(found[0]):04X}"
    return Diagnostic(
        "control-character", location, message, "delete it: Anki cannot store it", fix=""
    )
