"""What is certain: the same question, and the same answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby

from ankipress.identity.fingerprint import Trace
from ankipress.identity.place import ranks
from ankipress.identity.signature import read_signature

# Features of a signature, about five words: a shorter answer ("Yes") says little about whose it is.
SUBSTANTIAL = 9

Decision = tuple[int, int, str]  # new, old, reason
_Key = Callable[[Trace], tuple[str, ...]]


def decide_exact(
    old: Sequence[Trace],
    new: Sequence[Trace],
    taken: Mapping[int, int],
    denied: Collection[tuple[int, int]],
) -> list[Decision]:
    """The pairs that need no weighing.

    In this order: the same question, if one card of each side has it; of several cards with the
    same question, those with the same answer, in the same section or file first; the same answer,
    if one card of each side has it and it is more than a few words; a retired card that is back,
    word for word.
    """
    exact = _Exact(old, new, taken, denied)
    exact.same_question()
    exact.same_card(active=True)
    exact.same_answer()
    exact.same_card(active=False)
    return exact.decided


class _Exact:
    def __init__(
        self,
        old: Sequence[Trace],
        new: Sequence[Trace],
        taken: Mapping[int, int],
        denied: Collection[tuple[int, int]],
    ) -> None:
        self._old, self._new, self._denied = old, new, denied
        used = set(taken.values())
        self._free_old = [index for index in range(len(old)) if index not in used]
        self._free_new = [index for index in range(len(new)) if index not in taken]
        self.decided: list[Decision] = []

    def same_question(self) -> None:
        olds, news = self._by(_question, active=True)
        self._settle(
            (mine[0], olds[key][0], "same question")
            for key, mine in news.items()
            if len(mine) == len(olds[key]) == 1
        )

    def same_card(self, *, active: bool) -> None:
        """Cards with one question and answer, as many as there are on both sides."""
        olds, news = self._by(_question_and_answer, active=active)
        shared = [key for key in news if olds[key]]
        if shared:
            old_ranks, new_ranks = ranks(self._old), ranks(self._new)
            for key in shared:
                pairs = _paired(
                    _placed(self._old, olds[key], old_ranks),
                    _placed(self._new, news[key], new_ranks),
                )
                self._settle(
                    (new, old, "same question and answer" if active else "returned")
                    for new, old in pairs
                )

    def same_answer(self) -> None:
        often = (
            Counter(map(_answer, self._new)),
            Counter(_answer(card) for card in self._old if card.active),
        )
        olds, news = self._by(_answer, active=True)
        self._settle(
            (mine[0], olds[key][0], "same answer")
            for key, mine in news.items()
            if olds[key] and often[0][key] == often[1][key] == 1 and _substantial(key[-1])
        )

    def _by(
        self, key: _Key, *, active: bool
    ) -> tuple[dict[tuple[str, ...], list[int]], dict[tuple[str, ...], list[int]]]:
        olds: dict[tuple[str, ...], list[int]] = defaultdict(list)
        news: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index in self._free_old:
            if self._old[index].active == active:
                olds[key(self._old[index])].append(index)
        for index in self._free_new:
            news[key(self._new[index])].append(index)
        return olds, news

    def _settle(self, found: Iterator[Decision]) -> None:
        fresh = [decision for decision in found if decision[:2] not in self._denied]
        self.decided += fresh
        news, olds = {new for new, _, _ in fresh}, {old for _, old, _ in fresh}
        self._free_new = [index for index in self._free_new if index not in news]
        self._free_old = [index for index in self._free_old if index not in olds]


_Placed = tuple[str, str, int, int]  # path, section, rank, index


def _placed(cards: Sequence[Trace], indexes: Collection[int], rank: Sequence[int]) -> list[_Placed]:
    return sorted(
        (cards[index].path, cards[index].section, rank[index], index) for index in indexes
    )


def _paired(olds: list[_Placed], news: list[_Placed]) -> Iterator[tuple[int, int]]:
    """Cards that are the same word for word: first those in the same section, then in the same
    file, then the rest, in order.
    """
    for width in (2, 1, 0):
        waiting = {
            place: list(group) for place, group in groupby(olds, key=lambda card: card[:width])
        }
        left = []
        for card in news:
            if queue := waiting.get(card[:width]):
                yield card[-1], queue.pop(0)[-1]
            else:
                left.append(card)
        olds, news = sorted(card for group in waiting.values() for card in group), left


def _question(card: Trace) -> tuple[str, ...]:
    return card.group, card.question


def _answer(card: Trace) -> tuple[str, ...]:
    return card.group, card.answer


def _question_and_answer(card: Trace) -> tuple[str, ...]:
    return card.group, card.question, card.answer


def _substantial(answer: str) -> bool:
    read = read_signature(answer)
    return read is not None and read.size >= SUBSTANTIAL
