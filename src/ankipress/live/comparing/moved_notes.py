"""Notes that somebody moved to another deck in Anki."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from ankipress.live.comparing.base_versions import VersionSource
from ankipress.live.comparing.note_comparison import NotePair
from ankipress.model import Record


def deck_key(deck: str) -> str:
    """What Anki knows a deck by: names that differ in case are one."""
    return unicodedata.normalize("NFC", deck).casefold()


class MovedNotes:
    """Tells the decks to which notes were moved. `records` are those of the last build, by guid.

    A deck in which notes of the project were before is no such deck: Anki moves no card at an
    import.
    """

    def __init__(
        self,
        pairs: Sequence[NotePair],
        records: Mapping[str, Record],
        versions: VersionSource,
    ) -> None:
        self._records = records
        told: dict[str, str] = {}
        for pair in pairs:
            if not self._is_here(pair):
                # One note of each deck tells.
                told.setdefault(deck_key(pair.there.deck), pair.note.guid)
        before: set[str] = set()
        if told:
            locked = versions.locked(frozenset(told.values()))
            for found in locked.values():
                before.update(deck_key(each.deck) for each in found)
        self._before = before

    def deck_there(self, pair: NotePair) -> str:
        """The deck to which a note was moved in Anki, empty where it was not."""
        if self._is_here(pair) or deck_key(pair.there.deck) in self._before:
            return ""
        return pair.there.deck

    def _is_here(self, pair: NotePair) -> bool:
        """Whether a note is in Anki in the deck that it has here, or had at the last build."""
        decks = {"", deck_key(pair.packed.deck)}
        record = self._records.get(pair.note.guid)
        if record is not None:
            decks.add(deck_key(record.deck))
        return deck_key(pair.there.deck) in decks
