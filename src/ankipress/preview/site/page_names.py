"""Guids → names of pages. A name never changes, and is safe on every system and in every address.

A guid of Anki's own may hold a slash, and a lock may hold anything as a guid.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from hashlib import sha256

# What ankipress makes itself, and most of what Anki makes. Windows has devices of some names.
_PLAIN = re.compile(r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)\Z)[A-Za-z0-9_-]{1,64}")
_DIGITS = 16  # of a digest


def page_names(guids: Collection[str]) -> Mapping[str, str]:
    """The name of the page of each guid, without its ending.

    A plain guid is its own name. No two names are alike where upper and lower case are: of plain
    guids that differ in case alone, the one in lower case keeps its name.
    """
    plain = [guid for guid in guids if _PLAIN.fullmatch(guid)]
    counts = Counter(map(str.lower, plain))
    names = {guid: _safe(guid) for guid in guids}
    for guid in plain:
        lower = guid.lower()
        if counts[lower] == 1 or guid == lower:
            names[guid] = guid
    return names


def _safe(guid: str) -> str:
    """A name with a dot, which no plain guid has."""
    words = re.sub(r"[^a-z0-9]+", "-", guid.lower())
    readable = words.strip("-")[:40] or "card"
    content = guid.encode()
    digest = sha256(content).hexdigest()
    return f"{readable}.{digest[:_DIGITS]}"
