"""Where cards stand: their rank in their file, and the matched cards around them."""

from __future__ import annotations

from collections.abc import Sequence

from ankipress.identity.fingerprint import Cards, Pairs

NO_CARD = -1
FILES = 5
"""In more files than so many, the name of one says which card a file with a single card holds."""
_UNKNOWN = -1


def previous_of(cards: Cards, index: int) -> int | None:
    """The card before a card in its file, None where there is none, or a damaged lock names one
    that is not there.
    """
    previous = cards[index].previous
    if previous is None or not 0 <= previous < len(cards):
        return None
    return previous


def ranks(cards: Cards) -> list[int]:
    """The rank of each card in its file, counted along `previous`; a circle, as in a damaged lock,
    counts from anywhere.
    """
    known = [_UNKNOWN] * len(cards)
    for start in range(len(cards)):
        # Walk back to a card whose rank is known, or to the first, and count from there.
        trail: list[int] = []
        index: int | None = start
        while index is not None and known[index] == _UNKNOWN:
            known[index] = 0
            trail.append(index)
            index = previous_of(cards, index)
        rank = 0
        if index is not None and index != start:
            rank = known[index] + 1
        for at in reversed(trail):
            known[at] = rank
            rank += 1
    return known


def surroundings(
    cards: Cards,
    order: Sequence[int],
    matched: Pairs,
) -> list[tuple[int, int]]:
    """The nearest matched cards before and after each card, as indexes of the new side; `NO_CARD`
    for none.

    `order` lists all cards by rank; `matched` maps the index of a matched card to that of its new
    self.
    """
    before = [NO_CARD] * len(cards)
    after = [NO_CARD] * len(cards)
    for index in order:
        previous = previous_of(cards, index)
        if previous is not None:
            before[index] = matched.get(previous, before[previous])
    for index in reversed(order):
        previous = previous_of(cards, index)
        if previous is not None and cards[index].active:
            after[previous] = matched.get(index, after[index])
    return list(zip(before, after, strict=True))


def by_rank(cards: Cards) -> list[int]:
    """The indexes of cards in the order of their ranks."""
    rank = ranks(cards)
    return sorted(range(len(cards)), key=rank.__getitem__)
