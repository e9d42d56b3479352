"""What can be seen of a pair of cards, in numbers; `score` turns it into a judgement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """A new card beside an old one. Shares run from 0 to 1."""

    likeness: float  # of the questions, in weighted words
    kept: float  # share of the old question that is still there
    swapped: float  # weight of what was replaced by something else in the question
    exchanged: bool  # a number, name, symbol or letter of the question went, and another came
    negated: bool
    reordered: bool
    clean: bool  # the questions differ by nothing but typing errors and words that say little
    widened: bool  # the one question is in the other, but for words that say little
    same_question: bool
    same_answer: bool
    overlap: float  # of the answers: shared of all
    contained: float  # of the answers: shared of the smaller
    size: int  # of the smaller answer, in features
    larger: int
    same_section: bool
    same_path: bool
    active: bool  # the old card was in the deck until now
    common_question: int  # how many cards of either side ask just this
    common_answer: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What the other cards of the deck say of a pair."""

    place: float = 0.0  # what the cards around say: below 0, they are others; above 0, the same
    sibling: float = (
        -9.0
    )  # the content score of either card with the card now beside it that is most like it
    rival: float = -9.0  # of the old card with another old card that has no partner yet
