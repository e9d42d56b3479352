"""What matching reads, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Fingerprint(NamedTuple):
    """What matching reads of a card; the same on both sides."""

    question: str  # plain text of the front
    answer: str  # signature of the back
    path: str  # the file, relative to the project
    section: str  # the headings above the card, joined; "" for none
    previous: int | None  # index, in the same sequence, of the card before it in its file
    group: str = ""  # Anki note type; cards of different groups never match
    active: bool = True  # False: a retired record of the lock
    hidden: str = ""  # the words that a cloze hides
    code: str = ""  # the code of the question


Cards = Sequence[Fingerprint]
Pairs = Mapping[int, int]  # new -> old, as indexes


@dataclass(frozen=True, slots=True)
class CloseCall:
    """A new card that may be one of several old ones, or none of them: the author is asked."""

    new: int
    candidates: tuple[int, ...]  # old indexes, the most likely first


@dataclass(frozen=True, slots=True)
class Matching:
    """Which new card is which old one. No old card is used twice, and a card in `close` is in no
    pair.
    """

    pairs: Pairs
    reasons: Mapping[int, str]  # new -> why
    close: tuple[CloseCall, ...]
