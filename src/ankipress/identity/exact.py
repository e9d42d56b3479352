"""What is certain: the same question, and the same answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.identity.fingerprint import Cards, Fingerprint, Pairs
from ankipress.identity.place import ranks
from ankipress.identity.signature import read_signature

# Features of a signature, about five words: a shorter answer ("Yes") says little about whose it is.
SUBSTANTIAL = 9

_Key = Callable[[Fingerprint], tuple[str, ...]]
_ByKey = Mapping[tuple[str, ...], Sequence[int]]


class Decision(NamedTuple):
    """A pair that is certain."""

    new: int
    old: int
    reason: str


class _Placed(NamedTuple):
    path: str
    section: str
    rank: int
    at: int


def decide_exact(
    old: Cards,
    new: Cards,
    taken: Pairs,
) -> list[Decision]:
    """The pairs that need no weighing.

    In this order: the same question, if one card of each side has it; of several cards with the
    same question, those with the same answer, in the same section or file first; the same answer,
    if one card of each side has it and it is more than a few words; a retired card that is back,
    word for word.
    """
    exact = _Exact(old, new, taken)
    exact.same_question()
    exact.same_card("same question and answer", active=True)
    exact.same_answer()
    exact.same_card("returned", active=False)
    return exact.decided


class _Exact:
    def __init__(
        self,
        old: Cards,
        new: Cards,
        taken: Pairs,
    ) -> None:
        self._old = old
        self._new = new
        self._free_old = set(range(len(old))) - set(taken.values())
        self._free_new = set(range(len(new))) - taken.keys()
        self.decided: list[Decision] = []

    def same_question(self) -> None:
        olds = self._free_olds(_question, active=True)
        for key, news in self._free_news(_question).items():
            same = olds.get(key, ())
            if len(news) == len(same) == 1:
                self._decide(news[0], same[0], "same question")

    def same_card(self, reason: str, *, active: bool) -> None:
        """Cards with one question and answer, as many as there are on both sides."""
        olds = self._free_olds(_question_and_answer, active=active)
        news = self._free_news(_question_and_answer)
        shared = [key for key in news if key in olds]
        if not shared:
            return
        old_ranks = ranks(self._old)
        new_ranks = ranks(self._new)
        for key in shared:
            placed_olds = _placed(self._old, olds[key], old_ranks)
            placed_news = _placed(self._new, news[key], new_ranks)
            for new, old in _paired(placed_olds, placed_news):
                self._decide(new, old, reason)

    def same_answer(self) -> None:
        # Cards that are decided count too: an answer that they have as well says little.
        old_counts = Counter(_answer(card) for card in self._old if card.active)
        new_counts = Counter(map(_answer, self._new))
        olds = self._free_olds(_answer, active=True)
        for key, news in self._free_news(_answer).items():
            is_unique = old_counts[key] == 1 and new_counts[key] == 1
            if is_unique and key in olds and _is_substantial(self._new[news[0]].answer):
                self._decide(news[0], olds[key][0], "same answer")

    def _free_olds(
        self,
        key: _Key,
        *,
        active: bool,
    ) -> _ByKey:
        free = [at for at in sorted(self._free_old) if self._old[at].active == active]
        return _grouped(self._old, free, key)

    def _free_news(self, key: _Key) -> _ByKey:
        indexes = sorted(self._free_new)
        return _grouped(self._new, indexes, key)

    def _decide(
        self,
        new: int,
        old: int,
        reason: str,
    ) -> None:
        self.decided.append(Decision(new, old, reason))
        self._free_new.remove(new)
        self._free_old.remove(old)


def _grouped(
    cards: Cards,
    indexes: Sequence[int],
    key: _Key,
) -> _ByKey:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in indexes:
        groups[key(cards[index])].append(index)
    return groups


def _placed(
    cards: Cards,
    indexes: Collection[int],
    rank: Sequence[int],
) -> list[_Placed]:
    return sorted(
        _Placed(cards[index].path, cards[index].section, rank[index], index) for index in indexes
    )


def _paired(
    olds: list[_Placed],
    news: list[_Placed],
) -> Iterator[tuple[int, int]]:
    """Cards that are the same word for word: first those in the same section, then in the same
    file, then the rest, in order.
    """
    for width in (2, 1, 0):
        waiting: dict[tuple[object, ...], list[_Placed]] = defaultdict(list)
        for card in olds:
            waiting[card[:width]].append(card)
        left = []
        for card in news:
            queue = waiting.get(card[:width])
            if queue:
                yield card.at, queue.pop(0).at
            else:
                left.append(card)
        olds = sorted(card for queue in waiting.values() for card in queue)
        news = left


def _question(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.question


def _answer(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.answer


def _question_and_answer(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.question, card.answer


def _is_substantial(answer: str) -> bool:
    signature = read_signature(answer)
    return signature is not None and signature.size >= SUBSTANTIAL
