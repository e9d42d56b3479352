"""Questions that are numbered one after the other: their numbers say where they stand, not what
they ask.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from ankipress.identity.fingerprint import Trace

_NUMBER = re.compile(r"\d{1,4}[.)]\s+(?=\S)")
_FEWEST = 8  # fewer questions with a number, such as "1. Newtonsches Gesetz", are no numbering
_SHARE = 0.6


def without_numbers(
    old: Sequence[Trace], new: Sequence[Trace]
) -> tuple[Sequence[Trace], Sequence[Trace]]:
    """Both sides without the numbers before their questions, where most cards have one; else both
    as they are.

    One decision for both: a card cut on one side only would match nothing. A number that tells two
    cards of a side apart ("1. Weltkrieg", "2. Weltkrieg") is a part of the question, and stays.
    """
    sides = [card for card in old if card.active], new
    cards = [card for side in sides for card in side]
    numbered = sum(_NUMBER.match(card.question) is not None for card in cards)
    if numbered < _FEWEST or numbered < _SHARE * len(cards):
        return old, new
    shared = {
        text
        for side in sides
        for text, often in Counter(_bare(card) for card in side).items()
        if often > 1
    }
    return [_cut(card, shared) for card in old], [_cut(card, shared) for card in new]


def _bare(card: Trace) -> str:
    return _NUMBER.sub("", card.question, count=1)


def _cut(card: Trace, shared: Collection[str]) -> Trace:
    bare = _bare(card)
    return card if bare == card.question or bare in shared else replace(card, question=bare)
