"""Questions that are numbered one after the other: their numbers say where they stand, not what they ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from recto.identity.trace import Trace

_NUMBER = re.compile(r"\d{1,4}[.)]\s+(?=\S)")
_FEWEST = 8  # fewer questions with a number, such as "1. Newtonsches Gesetz", are no numbering
_SHARE = 0.6


def without_numbers(cards: Sequence[Trace]) -> Sequence[Trace]:
    """The cards without the numbers before their questions, if most cards have one; else the cards as they are."""
    numbered = sum(_NUMBER.match(card.question) is not None for card in cards)
    if numbered < _FEWEST or numbered < _SHARE * len(cards):
        return cards
    return [
        replace(card, question=_NUMBER.sub("", card.question, count=1)) if _NUMBER.match(card.question) else card
        for card in cards
    ]
