"""The schemes of addresses that a card may use."""

from __future__ import annotations

import html
import re

SCHEMES = frozenset({"ftp", "http", "https", "mailto", "tel"})
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_SPACE = re.compile(r"[\x00-\x20\x7f]+")


def unsafe_scheme(url: str) -> str | None:
    """The scheme of a URL if no card may hold it, else None."""
    written = _SPACE.sub("", html.unescape(url))
    found = _SCHEME.match(written)
    if found is None or found[1].lower() in SCHEMES:
        return None
    return found[1].lower()
