"""One word written in two ways: with a typing error, or with another ending."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from ankipress.identity.vocabulary import ENDINGS
from ankipress.identity.word_roles import Kind, Word, is_hangul

_ENDINGS = ENDINGS | {""}
_SHORTEST = 5  # letters: a shorter word is a letter away from too many others
# Letters; before them a letter more, less or other makes another word (hyper-, hypo-, un-) as often
# as an error.
_EARLY = 3
# Letters of a word in which it is an error nevertheless, where the deck does not know both words.
_LONG = 7


@lru_cache(maxsize=65536)
def is_slip(a: Word, b: Word) -> bool:
    """Whether two words are one, written with a typing error or another ending.

    What differs at the start of a word (un-, arc-, sub-) or in a number is no slip, but for letters
    turned round or doubled.
    """
    if Kind.STOP in (a.kind, b.kind):
        return (
            a.kind == b.kind
            or (sorted(a.key) == sorted(b.key) and len(a.key) >= _SHORTEST - 1)
            or is_misspelt(a.key, b.key)
        )
    first, second = _by_length(a.key, b.key)
    if not _are_words(a, b) or any(map(str.isdigit, first + second)):
        return False
    if is_turned(first, second) or is_doubled(first, second):
        return len(first) >= _EARLY and (is_hangul(first[0]) or len(second) >= _SHORTEST)
    return first[0] == second[0] and (_ends_otherwise(first, second) or _mistyped(first, second))


def _ends_otherwise(first: str, second: str) -> bool:
    start = common_start(first, second)
    long_enough = is_hangul(first[0]) or start >= max(4, 0.6 * len(second) - 1)
    return long_enough and first[start:] in _ENDINGS and second[start:] in _ENDINGS


def is_misspelt(a: str, b: str) -> bool:
    """Whether a small word has a letter too many, too few or another: warum, waruum."""
    return (
        a.isalpha()
        and not is_hangul(a[0])
        and min(len(a), len(b)) >= _SHORTEST - 1
        and OSA.distance(a, b, score_cutoff=1) <= 1
    )


@lru_cache(maxsize=65536)
def may_be_slip(a: Word, b: Word) -> bool:
    """Whether two long words differ by one letter near their start: an error, or the two names of
    two things.
    """
    if not _are_words(a, b) or is_hangul(a.key[0]):
        return False
    first, second = _by_length(a.key, b.key)
    if len(first) < _LONG or first[0] != second[0] or any(map(str.isdigit, first + second)):
        return False
    return OSA.distance(first, second, score_cutoff=1) <= 1


def _are_words(a: Word, b: Word) -> bool:
    return {a.kind, b.kind} <= {Kind.WORD, Kind.NAME}


def _by_length(a: str, b: str) -> tuple[str, str]:
    return (a, b) if len(a) <= len(b) else (b, a)


def is_turned(a: str, b: str) -> bool:
    """Whether two letters side by side are exchanged, and nothing else: gradient, grdaient."""
    if len(a) != len(b):
        return False
    start = common_start(a, b)
    return (
        start + 2 <= len(a)
        and a[start] == b[start + 1]
        and a[start + 1] == b[start]
        and a[start + 2 :] == b[start + 2 :]
    )


def is_doubled(shorter: str, longer: str) -> bool:
    """Whether one letter is there twice instead of once, and nothing else: matrix, mattrix."""
    if len(longer) != len(shorter) + 1:
        return False
    start = common_start(shorter, longer)
    return (
        start > 0 and longer[start] == longer[start - 1] and shorter[start:] == longer[start + 1 :]
    )


def _mistyped(first: str, second: str) -> bool:
    if is_hangul(first[0]):
        return False
    start = common_start(first, second)
    allowed = 2 if len(first) >= 9 and start >= 4 else 1
    early = start < min(_EARLY, len(second) - 3)
    return (
        len(first) >= _SHORTEST
        and not early
        and OSA.distance(first, second, score_cutoff=allowed) <= allowed
    )


def common_start(a: str, b: str) -> int:
    """How many letters two words begin with in common."""
    for index, (left, right) in enumerate(zip(a, b, strict=False)):
        if left != right:
            return index
    return min(len(a), len(b))
