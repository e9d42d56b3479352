"""Questions that are numbered one after the other: their numbers say where they stand, not what
they ask.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from ankipress.identity.fingerprint import Cards, Fingerprint

_NUMBER = re.compile(r"\d{1,4}[.)]\s+(?=\S)")
_FEWEST = 8  # fewer questions with a number, such as "1. Newtonsches Gesetz", are no numbering
_SHARE = 0.6


def without_numbers(old: Cards, new: Cards) -> tuple[Cards, Cards]:
    """Both sides without the numbers before their questions, where most cards have one; else both
    as they are.

    One decision for both: a card cut on one side only would match nothing. A number that tells two
    cards of a side apart ("1. Weltkrieg", "2. Weltkrieg") is a part of the question, and stays.
    """
    sides = [card for card in old if card.active], new
    questions = [card.question for side in sides for card in side]
    numbered = sum(_NUMBER.match(question) is not None for question in questions)
    if numbered < _FEWEST or numbered < _SHARE * len(questions):
        return old, new
    shared: set[str] = set()
    for side in sides:
        counts = Counter(_without_number(card.question) for card in side)
        shared.update(question for question, count in counts.items() if count > 1)
    return [_cut(card, shared) for card in old], [_cut(card, shared) for card in new]


def _without_number(question: str) -> str:
    return _NUMBER.sub("", question, count=1)


def _cut(card: Fingerprint, shared: Collection[str]) -> Fingerprint:
    question = _without_number(card.question)
    if question == card.question or question in shared:
        return card
    return replace(card, question=question)
