"""A learner's collection in Anki's real engine, without a window.

Notes and cards are named by guid and ord, never by Anki's own ids.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ankipress.diff.collection import CardKey

_CARDS = """
SELECT guid, ord, did, cards.id,
    due, ivl, factor, reps, lapses, left, queue, type, cards.flags, cards.data
FROM cards JOIN notes ON notes.id = nid
"""
_REVIEWS = "SELECT cid, id, ease, ivl, lastIvl, factor, time, type FROM revlog ORDER BY id"


class NoEngineError(Exception):
    """The package `anki` is not installed, or cannot be used here; the message says why."""


class RefusedPackageError(Exception):
    """Anki refuses a package, or fails with what it holds; the message says why."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


@contextmanager
def refusals_told(path: Path) -> Iterator[None]:
    """Raise RefusedPackageError for whatever Anki says of the package at a path."""
    from anki.errors import AnkiException  # noqa: PLC0415

    try:
        yield
    except AnkiException as error:
        raise RefusedPackageError(path, f"Anki refuses it: {error}") from error


LOGGED = ("new", "updated", "duplicate", "conflicting")
Log = Mapping[str, frozenset[str]]
"""What Anki says that an import did: the guids by each of the words LOGGED.

`duplicate` is its word for what it left alone.
"""


@dataclass(frozen=True, slots=True)
class LearnerCard:
    """A card of a learner: its deck, its scheduling, and its rows of the review log."""

    deck: str
    scheduling: tuple[Any, ...]
    reviews: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class LearnerState:
    """All that a learner could miss. `twice` are guids that more than one note has."""

    notes: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    cards: Mapping[CardKey, LearnerCard]
    decks: frozenset[str]
    media: frozenset[str]
    empty: frozenset[CardKey]
    twice: frozenset[str]


class Engine:
    """A new collection in a folder. Raises NoEngineError where Anki is not installed."""

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
        self._rows: Any = self._collection.db.all
        self._media = folder / "collection.media"

    def close(self) -> None:
        """Close the collection, as Anki wants it."""
        self._collection.close()

    def import_package(self, path: Path) -> Log:
        """Import with the defaults of the desktop's dialog."""
        from anki.collection import ImportAnkiPackageRequest  # noqa: PLC0415

        # Without options: no progress, no presets, no merging, and both updates "If newer".
        package_path = str(path.resolve())
        request = ImportAnkiPackageRequest(package_path=package_path)
        log = self._collection.import_anki_package(request).log
        guids = dict(self._rows("SELECT id, guid FROM notes"))
        found = {}
        for word in LOGGED:
            notes = getattr(log, word)
            found[word] = frozenset(guids[each.id.nid] for each in notes)
        return found

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
        """Append a text to the last field of some notes, at a time in seconds since 1970."""
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

    def state(self) -> LearnerState:
        """All that is in the collection."""
        notes: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        twice = set()
        for guid, fields, tags in self._rows("SELECT guid, flds, tags FROM notes"):
            if guid in notes:
                twice.add(guid)
            notes[guid] = tuple(fields.split("\x1f")), tuple(tags.split())
        decks = {each.id: each.name for each in self._collection.decks.all_names_and_ids()}
        media = set()
        if self._media.exists():
            media = {path.name for path in self._media.iterdir()}
        return LearnerState(
            notes,
            self._cards(decks),
            frozenset(decks.values()),
            frozenset(media),
            self._empty(),
            frozenset(twice),
        )

    def _cards(self, decks: Mapping[int, str]) -> Mapping[CardKey, LearnerCard]:
        reviews: dict[int, list[tuple[int, ...]]] = {}
        for card, *row in self._rows(_REVIEWS):
            reviews.setdefault(card, []).append(tuple(row))
        return {
            (guid, ord): LearnerCard(
                decks.get(deck, ""), tuple(scheduling), tuple(reviews.get(card, ()))
            )
            for guid, ord, deck, card, *scheduling in self._rows(_CARDS)
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


def as_stored(text: str) -> str:
    """A text as Anki stores it."""
    return unicodedata.normalize("NFC", text)
