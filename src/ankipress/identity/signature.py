"""The signature of an answer: what the lock remembers of it instead of its text.

A hash of the exact text, the number of features, and a sketch: the smallest hashes of
its words and of the pairs of words that stand side by side. A short answer's sketch is complete; of
a long one it is a fair sample, so that overlap can still be judged.
"""

from __future__ import annotations

import base64
import hashlib
import re
import string
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from ankipress.identity.spelling import folded
from ankipress.identity.word_roles import is_hangul, is_ideograph

SKETCH_SIZE = 36
_BITS = 18
_DIGITS = 3  # of base64, for a feature
# Of base64, for the hash of the text. Guids of cards with one question are numbered in the order of
# these signatures, so that their beginning must stay as it is.
_EXACT = 8
_SPARE = 32 - _BITS
_DIGITS_OF_64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS_OF_64)}
_COUNT = re.compile(r"[0-9]{1,9}")
_SKETCH = re.compile(r"[\w-]*", re.ASCII)
_SHOWN = 40  # characters of an answer's opening
_TOKEN = re.compile(
    r"[\uac00-\ud7a3]+|[\u3040-\u30ff\u3400-\u9fff]+|\\[A-Za-z]+|\d+(?:[.,]\d+)*"
    r"|[^\W\d\uac00-\ud7a3\u3040-\u30ff\u3400-\u9fff]+"
    r"|[^\w\s.,;:?\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e(){}\[\]$]"
)
# The same of a text of ASCII, with the most frequent first. To Unicode the last four control
# characters are spaces.
_ASCII_TOKEN = re.compile(
    rb"[A-Za-z_]+|[^\w\s\x1c-\x1f.,;:?\"'`(){}\[\]$\\]|\d+(?:[.,]\d+)*|\\[A-Za-z]*"
)


class Signature(NamedTuple):
    """A signature, read: `sketch` holds the smallest `SKETCH_SIZE` of `size` hashed features."""

    exact: str
    size: int
    sketch: frozenset[int]

    @property
    def complete(self) -> bool:
        """Whether the sketch holds every feature."""
        return self.size <= SKETCH_SIZE


def sign(plain_answer: str) -> str:
    """The signature of an answer's plain text: ASCII without quotes, at most 120 characters, the
    same on every machine.
    """
    hashes = _features(folded(plain_answer))
    sketch = "".join(map(_written, sorted(hashes)[:SKETCH_SIZE]))
    content = plain_answer.encode("utf-8", "surrogatepass")
    exact = hashlib.blake2b(content, digest_size=9).digest()
    return f"{_base64(exact)[:_EXACT]}.{len(hashes)}.{sketch}"


def opening_of(plain_answer: str) -> str:
    """The first words of an answer: by them an author recognises a card that shares its question
    with others.
    """
    if len(plain_answer) <= _SHOWN:
        return plain_answer
    start = plain_answer[:_SHOWN]
    full_words = start.rpartition(" ")[0]
    return f"{full_words or start} …"


@lru_cache(maxsize=65536)
def read_signature(text: str) -> Signature | None:
    """A signature, read; None for a damaged one, about which nothing can be said."""
    exact, _, rest = text.partition(".")
    count, _, sketch = rest.partition(".")
    if not _COUNT.fullmatch(count) or not _SKETCH.fullmatch(sketch):
        return None
    length = min(int(count), SKETCH_SIZE)
    if len(sketch) != _DIGITS * length:
        return None
    features = [sketch[start : start + _DIGITS] for start in range(0, len(sketch), _DIGITS)]
    return Signature(exact, int(count), frozenset(map(_read, features)))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _written(feature: int) -> str:
    """A feature as digits of base64."""
    return "".join(_DIGITS_OF_64[feature >> shift & 63] for shift in (12, 6, 0))


def _read(written: str) -> int:
    feature = 0
    for digit in written:
        feature = feature << 6 | _VALUES[digit]
    return feature


def same_answer(a: str, b: str) -> bool:
    """Whether both sign exactly the same plain text; false where one cannot be read."""
    first = read_signature(a)
    second = read_signature(b)
    return first is not None and second is not None and first.exact == second.exact


def answer_similarity(a: str, b: str) -> float:
    """How much two answers share, from 0 (nothing) to 1 (the same); .5 where nothing can be said,
    or both have no words.
    """
    first = read_signature(a)
    second = read_signature(b)
    if first is None or second is None:
        return 0.5
    if first.exact == second.exact:
        return 1.0
    if first.size == second.size == 0:
        return 0.5
    if not first.size or not second.size:
        return 0.0
    shared, seen = comparable(first, second)
    jaccard = len(shared) / len(seen)
    # One answer inside the other (expanded, shortened) counts for more than its share of the union
    # says.
    contained = estimated_containment(first, second, jaccard)
    return min(0.99, 0.6 * jaccard + 0.4 * contained)


def estimated_containment(
    first: Signature,
    second: Signature,
    jaccard: float,
) -> float:
    """The share of the smaller answer that is in the other, from the share of both together."""
    total = first.size + second.size
    smaller = min(first.size, second.size)
    return min(1.0, jaccard * total / (1 + jaccard) / smaller)


def comparable(
    first: Signature,
    second: Signature,
) -> tuple[frozenset[int], frozenset[int]]:
    """The features that both hold, and those that either holds, among those that both sketches
    would have kept.
    """
    union = first.sketch | second.sketch
    if not (first.complete and second.complete):
        cut = [each.sketch for each in (first, second) if not each.complete]
        limit = min(map(max, cut))
        union = frozenset(value for value in union if value <= limit)
    return first.sketch & second.sketch & union, union


def _features(text: str) -> set[int]:
    hashes = _token_hashes(text)
    # A pair's hash is made of those of its words; the multiplication spreads it over the upper
    # bits, which say what is smallest.
    pairs = {
        (left * 0x9E3779B1 + right * 0x85EBCA77 & 0xFFFFFFFF) >> _SPARE
        for left, right in pairwise(hashes)
    }
    return pairs.union([(each * 0x9E3779B1 & 0xFFFFFFFF) >> _SPARE for each in hashes])


def _token_hashes(text: str) -> list[int]:
    """The hash of each token of a text in any case; only that of a single letter counts."""
    if text.isascii():
        tokens = _ASCII_TOKEN.findall(text.encode())
        return [crc32(token if len(token) == 1 else token.lower()) for token in tokens]
    hashes: list[int] = []
    for token in _TOKEN.findall(text):
        if len(token) > 1 and (is_hangul(token[0]) or is_ideograph(token[0])):
            hashes += [_hash(left + right) for left, right in pairwise(token)]
        else:
            hashes.append(_hash(token))
    return hashes


@lru_cache(maxsize=8192)
def _hash(token: str) -> int:
    if len(token) > 1:
        token = token.casefold()
    return crc32(token.encode("utf-8", "surrogatepass"))
