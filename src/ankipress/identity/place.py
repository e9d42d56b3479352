"""Where cards stand: their rank in their file, and the matched cards around them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ankipress.identity.fingerprint import Trace

_NONE = -1  # no matched card on that side


def ranks(cards: Sequence[Trace]) -> list[int]:
    """The rank of each card in its file, counted along `previous`; a circle, as in a damaged lock,
    counts from anywhere.
    """
    known: list[int | None] = [None] * len(cards)
    for start in range(len(cards)):
        trail: list[int] = []
        index: int | None = start
        while index is not None and 0 <= index < len(cards) and known[index] is None:
            known[index] = 0
            trail.append(index)
            index = cards[index].previous
        rank = (
            (known[index] or 0) + 1
            if index is not None and 0 <= index < len(cards) and index not in trail[:1]
            else 0
        )
        for at in reversed(trail):
            known[at] = rank
            rank += 1
    return [rank or 0 for rank in known]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The nearest matched cards before and after each card, as indexes of the new side; -1 for
    none.
    """

    before: Sequence[int]
    after: Sequence[int]


def surroundings(
    cards: Sequence[Trace], order: Sequence[int], matched: Mapping[int, int]
) -> Surroundings:
    """The nearest matched cards around each card.

    `order` lists all cards by rank; `matched` maps the index of a matched card to that of its new
    self.
    """
    before, after = [_NONE] * len(cards), [_NONE] * len(cards)
    for index in order:
        previous = cards[index].previous
        if previous is not None and 0 <= previous < len(cards):
            before[index] = matched.get(previous, before[previous])
    for index in reversed(order):
        previous = cards[index].previous
        if previous is not None and 0 <= previous < len(cards) and cards[index].active:
            after[previous] = matched.get(index, after[index])
    return Surroundings(before, after)


def by_rank(indexes: Collection[int], rank: Sequence[int]) -> list[int]:
    """Indexes in the order of their ranks."""
    return sorted(indexes, key=lambda index: (rank[index], index))
