"""What is certain: the same question, and the same answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.identity.fingerprint import Cards, Fingerprint, Pairs
from ankipress.identity.place import ranks
from ankipress.identity.signature import answer_similarity, read_signature
from ankipress.identity.spelling import spelt

# Features of a signature, about five words: a shorter answer ("Yes") says little about whose it is.
SUBSTANTIAL = 9

_MOST_IN_ORDER = 60  # cards of one question in a file whose answers are compared with each other

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
    """The pairs of active cards that need no weighing.

    In this order: the same question, if one card of each side has it; of several cards with the
    same question, those with the same answer, in the same section or file first; then those that
    are the only ones in their file, or stand in the order in which they stood; the same question
    but for spelling, with an answer that has something in common; the same answer, if one card of
    each side has it and it is more than a few words. Clozes have the same question if they hide the
    same words of it.
    """
    exact = _Exact(old, new, taken)
    exact.unique(_question_and_hidden, "same question")
    exact.unique(_question, "same question")
    exact.same_card("same question and answer", active=True)
    exact.same_question_in_file()
    exact.same_spelling()
    exact.same_answer()
    return exact.decided


def decide_returned(
    old: Cards,
    new: Cards,
    taken: Pairs,
) -> list[Decision]:
    """The retired cards that are back, word for word."""
    exact = _Exact(old, new, taken)
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

    def unique(
        self,
        key: _Key,
        reason: str,
    ) -> None:
        """Cards that have a key alone on both sides."""
        olds = self._free_olds(key, active=True)
        for value, news in self._free_news(key).items():
            same = olds.get(value, ())
            if len(news) == len(same) == 1:
                self._decide(news[0], same[0], reason)

    def same_card(
        self,
        reason: str,
        *,
        active: bool,
    ) -> None:
        """Cards with one question and answer, as many as there are on both sides."""
        for key in (_all_texts, _question_and_answer):
            self._same_texts(key, reason, active=active)

    def _same_texts(
        self,
        key: _Key,
        reason: str,
        *,
        active: bool,
    ) -> None:
        olds = self._free_olds(key, active=active)
        news = self._free_news(key)
        shared = [value for value in news if value in olds]
        if not shared:
            return
        old_ranks = ranks(self._old)
        new_ranks = ranks(self._new)
        for value in shared:
            placed_olds = _placed(self._old, olds[value], old_ranks)
            placed_news = _placed(self._new, news[value], new_ranks)
            for new, old in _paired(placed_olds, placed_news):
                self._decide(new, old, reason)

    def same_question_in_file(self) -> None:
        """Cards with one question in one file, where none of them came and none went: the only one,
        or those whose answers agree best in the order in which they stand.
        """
        olds = self._free_olds(_question_in_file, active=True)
        news = self._free_news(_question_in_file)
        shared = [key for key in news if len(olds.get(key, ())) == len(news[key])]
        if not shared:
            return
        old_counts = Counter(_question_in_file(card) for card in self._old if card.active)
        new_counts = Counter(map(_question_in_file, self._new))
        old_ranks = ranks(self._old)
        new_ranks = ranks(self._new)
        for key in shared:
            if old_counts[key] != new_counts[key]:
                continue
            before = sorted(olds[key], key=old_ranks.__getitem__)
            after = sorted(news[key], key=new_ranks.__getitem__)
            if self._agree_in_order(before, after):
                for new_at, old_at in zip(after, before, strict=True):
                    self._decide(new_at, old_at, "same question")

    def _agree_in_order(
        self,
        olds: Sequence[int],
        news: Sequence[int],
    ) -> bool:
        if len(olds) > _MOST_IN_ORDER:
            return False
        for number, old in enumerate(olds):
            answer = self._old[old].answer
            alike = [answer_similarity(answer, self._new[new].answer) for new in news]
            if alike[number] < max(alike):
                return False
        return True

    def same_spelling(self) -> None:
        """Cards whose questions differ in nothing but spelling, and whose answers are related."""
        olds = self._free_olds(_spelling, active=True)
        news = self._free_news(_spelling)
        shared = [key for key in news if key in olds]
        if not shared:
            return
        old_counts = Counter(_spelling(card) for card in self._old if card.active)
        new_counts = Counter(map(_spelling, self._new))
        for key in shared:
            if old_counts[key] == new_counts[key] == 1:
                old = olds[key][0]
                new = news[key][0]
                before = self._old[old].answer
                after = self._new[new].answer
                if answer_similarity(before, after) > 0:
                    self._decide(new, old, "same question")

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


def _question_and_hidden(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.question, card.hidden


def _question_in_file(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.path, card.question, card.hidden


def _spelling(card: Fingerprint) -> tuple[str, ...]:
    return card.group, spelt(card.question), card.hidden, card.code


def _answer(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.answer


def _question_and_answer(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.question, card.answer


def _all_texts(card: Fingerprint) -> tuple[str, ...]:
    return card.group, card.question, card.hidden, card.answer


def _is_substantial(answer: str) -> bool:
    signature = read_signature(answer)
    return signature is not None and signature.size >= SUBSTANTIAL
