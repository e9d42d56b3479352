"""Which characters are punctuation to GitHub: it matters to what emphasis is."""

from __future__ import annotations

import functools
import string
import unicodedata


@functools.lru_cache(maxsize=4096)
def is_punctuation(character: str) -> bool:
    """Whether a character is punctuation by the rule of cmark-gfm: ASCII's, and Unicode's without
    the symbols.
    """
    return character in string.punctuation or unicodedata.category(character).startswith("P")
