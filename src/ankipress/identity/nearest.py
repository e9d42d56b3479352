"""Finding the cards that resemble a card, without comparing each with each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import pairwise

from ankipress.identity.fingerprint import Cards, Fingerprint
from ankipress.identity.signature import read_signature
from ankipress.identity.spelling import folded
from ankipress.identity.word_roles import Kind, Word, words

_RARE = 60  # a feature that more cards have than this finds none of them
_SKETCHED = 24  # so many hashes of the answer's sketch are looked up
_LEAST = 0.2  # a card with less than this share of the best one's votes is not looked at
_VOTE = 64
_CERTAIN = 2  # hashes, or another feature

Place = tuple[str, int, int]  # a path, and the matched cards before and after
Feature = str | int | tuple[str, ...] | Place
_TOKEN = re.compile(r"\w+")


@lru_cache(maxsize=65536)
def words_of(question: str) -> tuple[Word, ...]:
    """The words of a question, read once."""
    return words(folded(question))


@lru_cache(maxsize=65536)
def tokens_of(question: str) -> frozenset[str]:
    """The words of a question, read roughly and fast: enough for counting them in a whole deck."""
    return frozenset(_TOKEN.findall(folded(question).casefold()))


class Index:
    """An inverted index: which cards have a feature."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards
        self._holders: dict[Feature, list[int]] = defaultdict(list)

    def add(
        self,
        index: int,
        features: Iterable[Feature],
    ) -> None:
        """Say which features a card has."""
        for feature in features:
            self._holders[feature].append(index)

    def nearest(
        self,
        features: Iterable[Feature],
        group: str,
        skipped: Collection[int],
        limit: int,
    ) -> list[int]:
        """At most `limit` cards of a group that share the most rare features, nearest first. Of
        hashes alone, two must be shared: one may be the same by chance.
        """
        votes: Counter[int] = Counter()
        shared: Counter[int] = Counter()
        for feature in features:
            holders = self._holders.get(feature, ())
            if 0 < len(holders) <= _RARE:
                vote = _VOTE // len(holders)
                weight = _CERTAIN
                if isinstance(feature, int):
                    weight = 1
                for index in holders:
                    votes[index] += vote
                    shared[index] += weight
        votes = Counter({at: each for at, each in votes.items() if shared[at] >= _CERTAIN})
        if not votes:
            return []
        least = _LEAST * max(votes.values())
        ranked = sorted((-vote, index) for index, vote in votes.items() if vote >= least)
        nearest: list[int] = []
        for _, index in ranked:
            if len(nearest) == limit:
                break
            if self._cards[index].group == group and index not in skipped:
                nearest.append(index)
        return nearest


def close_features(
    card: Fingerprint,
    place: Place | None,
) -> set[Feature]:
    """What finds a card that was edited: its words, pairs of words, hashes of its answer, its
    place.
    """
    heavy = [word.key for word in words_of(card.question) if word.kind != Kind.STOP]
    features: set[Feature] = {*heavy, *pairwise(heavy)}
    features.add(("question", card.question))
    features.add(("answer", card.answer))
    features.update(sorted(sketch_of(card.answer))[:_SKETCHED])
    if place is not None:
        features.add(place)
    return features


def rough_features(
    card: Fingerprint,
    wanted: set[Feature],
) -> list[Feature]:
    """Of the features wanted, those that a card has in its question or its answer: read fast, for a
    whole deck.
    """
    in_question = tokens_of(card.question) & wanted
    in_answer = sketch_of(card.answer) & wanted
    return [*in_question, *in_answer]


def sketch_of(answer: str) -> frozenset[int]:
    """The hashes of a signed answer; none where the signature cannot be read."""
    signature = read_signature(answer)
    if signature is None:
        return frozenset()
    return signature.sketch
