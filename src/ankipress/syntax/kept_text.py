"""A text as Anki keeps it in a field."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def kept_text(text: str) -> str:
    """A text with composed letters, and no control characters but tabs and line feeds."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))
