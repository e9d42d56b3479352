"""Searches in the words of Anki's browser."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOTHING = "nid:0"
_SPECIAL = re.compile(r'[\\"*_:]')


def in_deck(name: str) -> str:
    """Finds what is in a deck and below it, cards in filtered decks too."""
    return f'"deck:{_literal(name)}"'


def of_note_type(type_id: int) -> str:
    """Finds what has a note type."""
    return f"mid:{type_id}"


def of_notes(ids: Sequence[int]) -> str:
    """Finds notes by their ids."""
    listed = ",".join(map(str, ids))
    return f"nid:{listed}"


def any_of(searches: Sequence[str]) -> str:
    """Finds what one of some searches finds."""
    return " OR ".join(searches or [_NOTHING])


def _literal(text: str) -> str:
    """A text that stands for itself in a search."""
    return _SPECIAL.sub(r"\\\g<0>", text)
