"""What a collection holds of its learner, which no package of a deck carries to others."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple

from ankipress.package.deck_messages import DEFAULT_PRESET, StoredDeck

if TYPE_CHECKING:
    import sqlite3

_SUSPENDED = "queue = -1"
_BURIED = "queue IN (-2, -3)"
_FLAGGED = "flags & 7"
_COUNT = "SELECT count(*) FROM {} c WHERE {}"
_OF_CARDS = "SELECT c.id FROM cards c WHERE {}"
_CARDS = {"id", "queue", "flags"}  # columns


class LeftBehind(NamedTuple):
    """How much there is of each."""

    suspended: int = 0
    flagged: int = 0
    buried: int = 0
    filtered_decks: int = 0
    presets: int = 0
    reviews: int = 0


def left_behind(
    connection: sqlite3.Connection,
    decks: Iterable[StoredDeck],
    columns: AbstractSet[str],
    condition: str,
) -> LeftBehind:
    """What there is of the cards for which a condition holds, and of some decks.

    `columns` are those of the cards. A table that lacks some says nothing.
    """
    if not columns >= _CARDS:
        return LeftBehind()

    def count(table: str, where: str) -> int:
        [(number,)] = connection.execute(_COUNT.format(table, where))
        return int(number)

    reviews = 0
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'revlog'").fetchone():
        reviews = count("revlog", f"cid IN ({_OF_CARDS.format(condition)})")
    found = list(decks)
    return LeftBehind(
        suspended=count("cards", f"{_SUSPENDED} AND {condition}"),
        flagged=count("cards", f"{_FLAGGED} AND {condition}"),
        buried=count("cards", f"{_BURIED} AND {condition}"),
        filtered_decks=sum(deck.is_filtered for deck in found),
        presets=len({deck.preset for deck in found} - {0, DEFAULT_PRESET}),
        reviews=reviews,
    )
