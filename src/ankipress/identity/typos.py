"""One word written in two ways: with a typing error, or with another ending."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from ankipress.identity.vocabulary import ENDINGS
from ankipress.identity.word_roles import Kind, Word, has_digit, is_hangul

_ENDINGS = ENDINGS | {""}
_SHORTEST = 5  # letters: a shorter word is a letter away from too many others
_SMALL = 4  # the same for words that hardly matter
# Letters; before them a letter more, less or other makes another word (hyper-, hypo-, un-) as often
# as an error.
_EARLY = 3
# Letters of a word in which it is an error nevertheless, where the deck does not know both words.
_LONG = 7


@lru_cache(maxsize=65536)
def is_typo(a: Word, b: Word) -> bool:
    """Whether two words are one, written with a typing error or another ending.

    What differs at the start of a word (un-, arc-, sub-) or in a number is no typo, but for letters
    that are transposed or repeated.
    """
    if Kind.STOP in {a.kind, b.kind}:
        return _is_typo_of_small_word(a, b)
    first, second = _by_length(a.key, b.key)
    if not _are_words(a, b) or has_digit(first + second):
        return False
    if _is_transposed(first, second) or _is_repeated(first, second):
        if is_hangul(first[0]):
            return len(first) >= _EARLY
        return len(first) >= _EARLY and len(second) >= _SHORTEST
    if first[0] != second[0]:
        return False
    return _differs_in_ending(first, second) or _is_mistyped(first, second)


def may_be_another(a: Word, b: Word) -> bool:
    """Whether of two words that may be one, mistyped, each may be a word: nitrite, nitrate. Letters
    that are transposed or repeated, and another ending, make none.
    """
    if Kind.STOP in {a.kind, b.kind}:
        return False
    first, second = _by_length(a.key, b.key)
    if _is_transposed(first, second) or _is_repeated(first, second):
        return False
    return not _differs_in_ending(first, second)


def _is_typo_of_small_word(a: Word, b: Word) -> bool:
    if a.kind == b.kind or is_misspelt(a.key, b.key):
        return True
    if len(a.key) < _SMALL:
        return False
    return sorted(a.key) == sorted(b.key)


def is_misspelt(a: str, b: str) -> bool:
    """Whether a small word has a letter too many, too few or another: warum, waruum."""
    if not a.isalpha() or is_hangul(a[0]):
        return False
    if len(a) < _SMALL or len(b) < _SMALL:
        return False
    return _are_near(a, b, 1)


@lru_cache(maxsize=65536)
def may_be_typo(a: Word, b: Word) -> bool:
    """Whether two long words differ by one letter near their start: an error, or the two names of
    two things.
    """
    if not _are_words(a, b) or is_hangul(a.key[0]):
        return False
    first, second = _by_length(a.key, b.key)
    if len(first) < _LONG or has_digit(first + second):
        return False
    return first[0] == second[0] and _are_near(first, second, 1)


def _are_words(a: Word, b: Word) -> bool:
    return {a.kind, b.kind} <= {Kind.WORD, Kind.NAME}


def _by_length(a: str, b: str) -> tuple[str, str]:
    if len(a) <= len(b):
        return (a, b)
    return (b, a)


def _are_near(
    a: str,
    b: str,
    edits: int,
) -> bool:
    return OSA.distance(a, b, score_cutoff=edits) <= edits


def _is_transposed(a: str, b: str) -> bool:
    """Whether two letters side by side are exchanged, and nothing else: gradient, grdaient."""
    start = common_start(a, b)
    if start + 2 > len(a):
        return False
    transposed = a[start + 1] + a[start]
    return a[:start] + transposed + a[start + 2 :] == b


def _is_repeated(shorter: str, longer: str) -> bool:
    """Whether one letter is there twice instead of once, and nothing else: matrix, mattrix."""
    start = common_start(shorter, longer)
    if start == 0:
        return False
    repeated = shorter[start - 1]
    return shorter[:start] + repeated + shorter[start:] == longer


def _differs_in_ending(first: str, second: str) -> bool:
    start = common_start(first, second)
    stem = max(4, 0.6 * len(second) - 1)
    if start < stem and not is_hangul(first[0]):
        return False
    return first[start:] in _ENDINGS and second[start:] in _ENDINGS


def _is_mistyped(first: str, second: str) -> bool:
    if is_hangul(first[0]) or len(first) < _SHORTEST:
        return False
    start = common_start(first, second)
    if start < min(_EARLY, len(second) - 3):
        return False
    if len(first) >= 9 and start >= 4:
        return _are_near(first, second, 2)
    return _are_near(first, second, 1)


def common_start(a: str, b: str) -> int:
    """How many letters two words begin with in common."""
    shorter = min(len(a), len(b))
    for index in range(shorter):
        if a[index] != b[index]:
            return index
    return shorter
