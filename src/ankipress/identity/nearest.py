"""Finding the cards that resemble a card, without comparing each with each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import pairwise

from ankipress.identity.fingerprint import Cards, Fingerprint
from ankipress.identity.signature import read_signature
from ankipress.identity.word_roles import Kind, Word, words

_RARE = 60  # a feature that more cards have than this finds none of them
_SKETCHED = 24  # so many hashes of the answer's sketch are looked up
_LEAST = 0.2  # a card with less than this share of the best one's votes is not looked at
_VOTE = 64

Feature = str | int | tuple[str, ...] | tuple[str, int, int]
_TOKEN = re.compile(r"\w+")


@lru_cache(maxsize=65536)
def words_of(question: str) -> tuple[Word, ...]:
    """The words of a question, read once."""
    return words(question)


@lru_cache(maxsize=65536)
def tokens_of(question: str) -> frozenset[str]:
    """The words of a question, read roughly and fast: enough for counting them in a whole deck."""
    return frozenset(_TOKEN.findall(question.casefold()))


class Index:
    """An inverted index: which cards have a feature."""

    def __init__(self, cards: Cards, features: Iterable[tuple[int, Iterable[Feature]]]) -> None:
        self._cards = cards
        self._holders: dict[Feature, list[int]] = defaultdict(list)
        for index, found in features:
            for feature in found:
                self._holders[feature].append(index)

    def nearest(
        self,
        features: Iterable[Feature],
        group: str,
        skipped: Collection[int],
        limit: int,
    ) -> list[int]:
        """At most `limit` cards of a group that share the most rare features, nearest first."""
        votes: Counter[int] = Counter()
        for feature in features:
            holders = self._holders.get(feature, ())
            if 0 < len(holders) <= _RARE:
                vote = _VOTE // len(holders)
                for index in holders:
                    votes[index] += vote
        if not votes:
            return []
        least = _LEAST * max(votes.values())
        ranked = sorted((-vote, index) for index, vote in votes.items() if vote >= least)
        in_group = (index for _, index in ranked if self._cards[index].group == group)
        return [index for index in in_group if index not in skipped][:limit]


def close_features(card: Fingerprint, place: tuple[str, int, int] | None) -> set[Feature]:
    """What finds a card that was edited: its words, pairs of words, hashes of its answer, its
    place.
    """
    heavy = [word.key for word in words_of(card.question) if word.kind != Kind.STOP]
    features: set[Feature] = {*heavy, *pairwise(heavy)}
    features.add(("question", card.question))
    features.add(("answer", card.answer))
    features.update(sorted(sketch_of(card))[:_SKETCHED])
    if place is not None:
        features.add(place)
    return features


def rough_features(card: Fingerprint, wanted: frozenset[Feature]) -> list[Feature]:
    """Of the features wanted, those that a card has in its question or its answer: read fast, for a
    whole deck.
    """
    return [*(tokens_of(card.question) & wanted), *(sketch_of(card) & wanted)]


def sketch_of(card: Fingerprint) -> frozenset[int]:
    """The hashes of a card's answer; none where the signature cannot be read."""
    signature = read_signature(card.answer)
    return signature.sketch if signature is not None else frozenset()
