"""A learner's collection in Anki's real engine, without a window. Everything is told by guid and
ord, never by Anki's own ids.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CardKey = tuple[str, int]
"""A card by the guid of its note and its ord, from 0."""

_CARDS = """
SELECT guid, ord, did, cards.id, due, ivl, factor, reps, lapses, left, queue, type, cards.flags, cards.data
FROM cards JOIN notes ON notes.id = nid
"""
_FIRST_WITH_MODS = (
    25,
)  # before, an import gave its own time to what it updated, in the place of the package's mod


class NoEngineError(Exception):
    """The package `anki` is not installed, or cannot be used here; the message says why."""


@dataclass(frozen=True, slots=True)
class Log:
    """What Anki itself says that an import did, as the guids of each outcome. `duplicate` is its
    word for what it left alone.
    """

    new: frozenset[str]
    updated: frozenset[str]
    duplicate: frozenset[str]
    conflicting: frozenset[str]


@dataclass(frozen=True, slots=True)
class Card:
    """A card of a learner: its deck, all that Anki has scheduled, and the rows of the review log."""

    deck: str
    scheduling: tuple[Any, ...]
    reviews: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class State:
    """All that a learner could miss. `twice` are guids that more than one note has."""

    notes: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    cards: Mapping[CardKey, Card]
    decks: frozenset[str]
    media: frozenset[str]
    empty: frozenset[CardKey]
    twice: frozenset[str]


class Engine:
    """A new collection in a folder, until it is closed. Raises NoEngineError where there is no
    Anki.
    """

    def __init__(self, folder: Path) -> None:
        try:
            # An optional extra, and slow to import.
            from anki.buildinfo import version  # noqa: PLC0415
            from anki.collection import Collection  # noqa: PLC0415

            from anki import lang  # noqa: PLC0415
        except ImportError as error:
            raise NoEngineError(str(error)) from None
        lang.set_lang("en")
        folder.mkdir(parents=True)
        self.version: str = version
        self._collection: Any = Collection(str((folder / "collection.anki2").resolve()))
        self._media = folder / "collection.media"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._collection.close()

    @property
    def stamps_imports(self) -> bool:
        """Whether this Anki gives what it updates the time of the import."""
        return tuple(int(part) for part in self.version.split(".")[:1]) < _FIRST_WITH_MODS

    def import_package(self, path: Path) -> Log:
        """Import with what the dialog of the desktop has ticked at first."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest  # noqa: PLC0415

        # All of them are off or 0: no progress, no presets, no merging of note types, and both
        # updates "If newer".
        request = ImportAnkiPackageRequest(
            package_path=str(path.resolve()), options=ImportAnkiPackageOptions()
        )
        log = self._collection.import_anki_package(request).log
        guids = dict(self._rows("SELECT id, guid FROM notes"))
        found = {
            name: frozenset(guids[each.id.nid] for each in getattr(log, name))
            for name in Log.__slots__
        }
        return Log(**found)

    def answer(self, cards: Iterable[CardKey]) -> None:
        """Answer some cards, whether or not they are due, with one button after another."""
        ids = self._card_ids()
        for number, key in enumerate(cards):
            card = self._collection.get_card(ids[key])
            card.start_timer()
            self._collection.sched.answerCard(card, (3, 4, 1, 2)[number % 4])

    def tag(self, guids: Iterable[str], tag: str, at: int) -> None:
        """Add a tag to some notes, at a time in seconds since 1970."""
        notes = self._note_ids(guids)
        self._collection.tags.bulk_add(notes, tag)
        self._stamp(notes, at)

    def edit(self, guids: Iterable[str], text: str, at: int) -> None:
        """Write a text behind the last field of some notes, at a time in seconds since 1970."""
        notes = self._note_ids(guids)
        for number in notes:
            note = self._collection.get_note(number)
            note.fields[-1] += text
            self._collection.update_note(note)
        self._stamp(notes, at)

    def _stamp(self, notes: Iterable[int], at: int) -> None:
        self._collection.db.executemany(
            "UPDATE notes SET mod = ? WHERE id = ?", [(at, number) for number in notes]
        )

    def state(self) -> State:
        """All that is in the collection."""
        notes: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        twice: set[str] = set()
        for guid, fields, tags in self._rows("SELECT guid, flds, tags FROM notes"):
            twice |= {guid} & notes.keys()
            notes[guid] = tuple(fields.split("\x1f")), tuple(tags.split())
        decks = {each.id: each.name for each in self._collection.decks.all_names_and_ids()}
        media = (
            frozenset(path.name for path in self._media.iterdir())
            if self._media.exists()
            else frozenset()
        )
        return State(
            notes,
            self._cards(decks),
            frozenset(decks.values()),
            media,
            self._empty(),
            frozenset(twice),
        )

    def _cards(self, decks: Mapping[int, str]) -> Mapping[CardKey, Card]:
        log: dict[int, list[tuple[int, ...]]] = {}
        for card, *row in self._rows(
            "SELECT cid, id, ease, ivl, lastIvl, factor, time, type FROM revlog ORDER BY id"
        ):
            log.setdefault(card, []).append(tuple(row))
        rows = self._rows(_CARDS)
        return {
            (guid, ord): Card(decks[deck], tuple(scheduling), tuple(log.get(card, ())))
            for guid, ord, deck, card, *scheduling in rows
        }

    def _empty(self) -> frozenset[CardKey]:
        keys = {number: key for key, number in self._card_ids().items()}
        report = self._collection.get_empty_cards()
        return frozenset(keys[number] for note in report.notes for number in note.card_ids)

    def _card_ids(self) -> Mapping[CardKey, int]:
        rows = self._rows("SELECT guid, ord, cards.id FROM cards JOIN notes ON notes.id = nid")
        return {(guid, ord): number for guid, ord, number in rows}

    def _note_ids(self, guids: Iterable[str]) -> list[int]:
        ids = dict(self._rows("SELECT guid, id FROM notes"))
        return [ids[guid] for guid in guids]

    def _rows(self, query: str) -> list[Any]:
        rows: list[Any] = self._collection.db.all(query)
        return rows


def as_stored(text: str) -> str:
    """A text as Anki stores it."""
    return unicodedata.normalize("NFC", text)
