"""What matching reads, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """What matching reads of a card; the same on both sides."""

    question: str  # plain_text of the front
    answer: str  # signature of the back
    path: str  # the file, relative to the project
    section: str  # the headings above the card, joined; "" for none
    previous: int | None  # index, in the same sequence, of the card before it in its file
    group: str = ""  # Anki note type; cards of different groups never match
    active: bool = True  # False: a retired entry of the lock


@dataclass(frozen=True, slots=True)
class CloseCall:
    """A new card that may be one of several old ones, or none of them: the author is asked."""

    new: int
    candidates: tuple[int, ...]  # old indexes, likeliest first
    likelihoods: tuple[float, ...]  # of each candidate, from 0 to 1


@dataclass(frozen=True, slots=True)
class Matching:
    """Who is who. No old card is used twice, and a card in `close` is in no pair."""

    pairs: Mapping[int, int]  # new -> old
    reasons: Mapping[int, str]  # new -> why
    close: tuple[CloseCall, ...]
