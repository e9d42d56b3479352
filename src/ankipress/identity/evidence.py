"""What speaks for a new card's being an old one: question, answer, place, and how much alike this
deck's cards are anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterator, Sequence
from typing import NamedTuple

from ankipress.identity.comparison import Comparison
from ankipress.identity.fingerprint import Cards, Fingerprint, Pairs
from ankipress.identity.nearest import (
    Feature,
    Index,
    close_features,
    rough_features,
    sketch_of,
    tokens_of,
)
from ankipress.identity.place import FILES, NO_CARD, by_rank, surroundings
from ankipress.identity.score import (
    NONE_ALIKE,
    PairContext,
    PairFeatures,
    content,
    needs_siblings,
    score,
)
from ankipress.identity.signature import same_answer

_CANDIDATES = 6  # olds looked at closely for each new
_SIBLINGS = 3  # cards of the same deck looked at closely, to learn how much alike they are
# Share of the cards that must be left for another round to look at the same candidates again.
_SETTLED = 0.9


class _Siblings(NamedTuple):
    """The best content scores of one card with others of its deck."""

    matched: float
    unmatched: float


class _Round:
    """What is not matched yet, with the features that find it, and what stands around it."""

    def __init__(
        self,
        old: Cards,
        new: Cards,
        pairs: Pairs,
        left_out: Collection[int],
    ) -> None:
        self.pairs = pairs
        self.used = {*pairs.values(), *left_out}
        old_to_new = {old: new for new, old in pairs.items()}
        new_to_new = {new: new for new in pairs}
        self.old_around = surroundings(old, by_rank(old), old_to_new)
        self.new_around = surroundings(new, by_rank(new), new_to_new)
        self.olds = _features_of(old, self.old_around, self.used)
        self.news = _features_of(new, self.new_around, self.pairs)
        self.unmatched_olds = Index(old)
        for index, features in self.olds.items():
            self.unmatched_olds.add(index, features)


def _features_of(
    cards: Cards,
    around: Sequence[tuple[int, int]],
    matched: Container[int],
) -> dict[int, set[Feature]]:
    found = {}
    for index, card in enumerate(cards):
        if index in matched:
            continue
        place = None
        if around[index] != (NO_CARD, NO_CARD):
            place = (card.path, *around[index])
        found[index] = close_features(card, place)
    return found


class Evidence:
    """Scores of pairs: the logarithm of the odds that the new card is the old one, edited."""

    def __init__(self, old: Cards, new: Cards) -> None:
        self._old = old
        self._new = new
        self._comparison = Comparison(old, new)
        self._old_file_sizes = Counter(card.path for card in old if card.active)
        self._new_file_sizes = Counter(card.path for card in new)
        self._compared: dict[tuple[int, int], tuple[PairFeatures, float]] = {}
        self._nearest: dict[int, list[int]] = {}
        self._new_siblings: dict[int, _Siblings] = {}
        self._old_siblings: dict[int, _Siblings] = {}
        self._deck: Index | None = None
        self._left_out: Collection[int] = ()

    def interchangeable(self, old: int, other: int) -> bool:
        """Whether two old cards have the same question and answer, so that it makes no difference
        which is meant.
        """
        one = self._old[old]
        two = self._old[other]
        if one.question != two.question:
            return False
        return same_answer(one.answer, two.answer)

    def reason(self, new: int, old: int) -> str:
        """Why a pair was decided, for a report."""
        before = self._old[old]
        after = self._new[new]
        if before.question == after.question and before.path == after.path:
            return "same question"
        return "edited"

    def features(self, old: int, new: int) -> PairFeatures:
        """What the texts of a pair show."""
        features, _ = self._compare(old, new)
        return features

    def scores(
        self,
        pairs: Pairs,
        left_out: Collection[int],
    ) -> dict[int, dict[int, float]]:
        """Scores (new -> old -> score) of the candidates among the cards that have no pair yet, but
        for the old ones `left_out`.
        """
        if left_out != self._left_out:
            self._nearest.clear()
            self._left_out = left_out
        round_ = _Round(self._old, self._new, pairs, left_out)
        if self._deck is None:
            self._deck = self._index_deck(round_)
        found: dict[int, dict[int, float]] = {}
        for new, old in self._candidates(round_):
            features, alike = self._compare(old, new)
            context = PairContext(self._place_score(old, new, round_))
            if needs_siblings(features, alike):
                mine = self._siblings_of_new(new, round_)
                theirs = self._siblings_of_old(old, round_)
                context = PairContext(
                    context.place,
                    max(mine.matched, theirs.matched),
                    max(mine.unmatched, theirs.unmatched),
                )
            found.setdefault(new, {})[old] = score(features, alike, context)
        return found

    def _candidates(self, round_: _Round) -> Iterator[tuple[int, int]]:
        """The pairs worth a closer look. Those of an earlier round stay where few cards were taken
        since.
        """
        search_again = len(round_.news) < _SETTLED * len(self._nearest)
        for new, features in round_.news.items():
            known = self._nearest.get(new)
            if search_again or known is None or not round_.used.isdisjoint(known):
                group = self._new[new].group
                known = round_.unmatched_olds.nearest(features, group, (), _CANDIDATES)
                self._nearest[new] = known
            for old in known:
                yield new, old

    def _compare(
        self,
        old: int,
        new: int,
    ) -> tuple[PairFeatures, float]:
        if (old, new) not in self._compared:
            features = self._comparison.compare(self._old[old], self._new[new])
            self._compared[old, new] = features, content(features)
        return self._compared[old, new]

    def _index_deck(self, round_: _Round) -> Index:
        """All new cards, by those features that cards without a pair have."""
        wanted: set[Feature] = set()
        for features in (*round_.olds.values(), *round_.news.values()):
            wanted |= features
        index = Index(self._new)
        for at, card in enumerate(self._new):
            index.add(at, rough_features(card, wanted))
        return index

    def _siblings_of_new(
        self,
        new: int,
        round_: _Round,
    ) -> _Siblings:
        if new not in self._new_siblings:
            card = self._new[new]
            relatives = self._relatives(card, (new,))
            matched = [at for at in relatives if at in round_.pairs]
            unmatched = [at for at in relatives if at not in round_.pairs]
            self._new_siblings[new] = _Siblings(
                self._closest(card, self._new, matched),
                self._closest(card, self._new, unmatched),
            )
        return self._new_siblings[new]

    def _siblings_of_old(
        self,
        old: int,
        round_: _Round,
    ) -> _Siblings:
        if old not in self._old_siblings:
            card = self._old[old]
            relatives = self._relatives(card, ())
            matched = [at for at in relatives if at in round_.pairs]
            features = round_.olds[old]
            rivals = round_.unmatched_olds.nearest(
                features,
                card.group,
                (old,),
                _SIBLINGS,
            )
            self._old_siblings[old] = _Siblings(
                self._closest(card, self._new, matched),
                self._closest(card, self._old, rivals),
            )
        return self._old_siblings[old]

    def _relatives(
        self,
        card: Fingerprint,
        skipped: Collection[int],
    ) -> list[int]:
        """The new cards most like a card, by their questions and by their answers."""
        assert self._deck is not None
        relatives: list[int] = []
        for features in (tokens_of(card.question), sketch_of(card.answer)):
            relatives += self._deck.nearest(features, card.group, skipped, _SIBLINGS)
        return list(dict.fromkeys(relatives))

    def _closest(
        self,
        card: Fingerprint,
        cards: Cards,
        others: Sequence[int],
    ) -> float:
        """The best content score of a card with some others."""
        scores = []
        for at in others:
            other = cards[at]
            if other.question != card.question or other.answer != card.answer:
                features = self._comparison.compare(card, other)
                scores.append(content(features))
        return max(scores, default=NONE_ALIKE)

    def _place_score(
        self,
        old: int,
        new: int,
        round_: _Round,
    ) -> float:
        path = self._new[new].path
        in_one_file = self._old[old].path == path
        ours = round_.new_around[new]
        theirs = round_.old_around[old]
        if ours == theirs == (NO_CARD, NO_CARD):  # no card of either file has been recognised
            is_alone = self._old_file_sizes[path] == self._new_file_sizes[path] == 1
            has_files = len(self._old_file_sizes) > FILES
            if in_one_file and is_alone and has_files:
                return 2.5
            return 0.0
        same = 0
        for mine, other in zip(ours, theirs, strict=True):
            # Both may be the first or the last of their file, which says something of one file.
            if mine == other and (mine != NO_CARD or in_one_file):
                same += 1
        return 0.8 * (same - 1)
