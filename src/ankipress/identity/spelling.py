"""The ways in which one thing is spelt: `u-net` and `U-Net`, 3 and three, 9000 and 9,000."""

from __future__ import annotations

import re
from functools import lru_cache

from ankipress.identity.vocabulary import NUMBERS

FORMULA = re.compile(r"(\$\$?[^$]+\$\$?|\\[(\[][^\\]*(?:\\[^()\[\]][^\\]*)*\\[)\]])")
# A hyphen between letters, at least two of them on one side: `x-y` may be a difference.
_HYPHEN = re.compile(
    r"(?<=[^\W\d_]{2})[-\u2010\u2011](?=[^\W\d_])|(?<=[^\W\d_])[-\u2010\u2011](?=[^\W\d_]{2})"
)
_GROUPS = re.compile(r"(?<=\d)[, '\u00a0\u2009\u202f\u2019](?=\d{3}(?!\d))")
_TIMES = re.compile(r"(?<=\d)\s*[x*\u00d7]\s*(?=\d)")
_FOLDABLE = re.compile(r"\d|\.[A-Za-z]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_LOOSE = re.compile(
    r"[\s.,:;?!\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2026\u2013\u2014]+"
)
_PICTURE = re.compile(r"(?<=\w)\.(?:png|jpe?g|gif|webp|avif|svg|bmp)\b", re.IGNORECASE)
_WORD = re.compile(rf"\b(?:{'|'.join(NUMBERS)})\b", re.IGNORECASE)
_ARTICLES = frozenset({"a", "an"})


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """A text with one spelling for numbers and products, and without the endings of pictures.
    Formulas stay.
    """
    if FORMULA.search(text) is None:
        return _fold(text)
    pieces = FORMULA.split(text)
    pieces[::2] = map(_fold, pieces[::2])
    return "".join(pieces)


def _fold(text: str) -> str:
    if not text.isascii() or _FOLDABLE.search(text):
        text = _PICTURE.sub("", text)
        text = _GROUPS.sub("", text)
        text = _TIMES.sub("\u00d7", text)
    return _WORD.sub(_as_number, text)


def _as_number(word: re.Match[str]) -> str:
    return NUMBERS.get(word[0].lower(), word[0])


@lru_cache(maxsize=65536)
def spelt(text: str) -> str:
    """What is left of a text without case, spaces, articles, hyphens and the punctuation of prose.
    A letter that stands alone keeps its case, and a formula is kept as it is.
    """
    pieces = FORMULA.split(folded(text))
    pieces[::2] = map(_squeezed, pieces[::2])
    return "".join(pieces)


def _squeezed(text: str) -> str:
    text = _LETTERS.sub(_without_case, _HYPHEN.sub("", text))
    words = _LOOSE.split(text)
    return "".join(word for word in words if word not in _ARTICLES)


def _without_case(word: re.Match[str]) -> str:
    return word[0].casefold()
