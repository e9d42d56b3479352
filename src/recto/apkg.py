"""Package → Anki database, by genanki.

genanki's classes write the tables; what it decides itself (ids from a counter, one time for all, card rows by rules that
differ from Anki's, no order of new cards) is overridden here.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import sha1
from typing import Any

import genanki

from recto.ids import make_card_id, make_deck_id
from recto.model import NoteType, Package, PackedNote

_TAG = re.compile(r"<[^>]*>")
_MEDIA = re.compile(r'<img[^>]* src="([^"]*)"[^>]*>')
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}


def make_database(package: Package) -> bytes:
    """The bytes of a `collection.anki2`, schema 11, which every Anki since 2.1.25 reads.

    The same package gives the same bytes with the same version of SQLite.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        latest = max((note.mod for note in package.notes), default=0)
        genanki.Package(_decks(package)).write_to_db(connection.cursor(), latest, iter(()))
        connection.commit()
        return connection.serialize()


def _decks(package: Package) -> list[_Deck]:
    """The decks in the order in which they first occur, each with its notes."""
    models = {each.key: _Model(each) for each in package.note_types}
    card_ids = _CardIds()
    decks: dict[str, _Deck] = {}
    for due, note in enumerate(package.notes, start=1):
        deck = decks.setdefault(note.deck, _Deck(note.deck, package.description))
        deck.add_note(_Note(note, models[note.note_type], due, card_ids))
    for name, deck in decks.items():
        if any(name.casefold().startswith(f"{other.casefold()}::") for other in decks):
            deck.description = ""  # it stands on the deck above
    return list(decks.values())


class _CardIds:
    """Card ids that no other card of the package has."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def new(self, guid: str, ord: int) -> int:
        card_id = make_card_id(guid, ord, self._taken)
        self._taken.add(card_id)
        return card_id


class _Deck(genanki.Deck):  # type: ignore[misc]
    def __init__(self, name: str, description: str) -> None:
        super().__init__(make_deck_id(name), name, description)

    def to_json(self) -> dict[str, Any]:
        """Anki shows the description as Markdown."""
        return {**super().to_json(), "md": True}


class _Model(genanki.Model):  # type: ignore[misc]
    """A note type with ids for its fields and templates, and a mod of its own."""

    def __init__(self, note_type: NoteType) -> None:
        super().__init__(
            note_type.id,
            note_type.name,
            fields=[{"name": each.name, "id": each.id} for each in note_type.fields],
            templates=[{"name": each.name, "id": each.id, "qfmt": each.front, "afmt": each.back} for each in note_type.templates],
            css=note_type.css,
            model_type=self.CLOZE if note_type.cloze else self.FRONT_BACK,
        )
        self._mod = note_type.mod

    def to_json(self, _timestamp: float, deck_id: int) -> dict[str, Any]:
        """As genanki writes it, but for the mod."""
        model: dict[str, Any] = super().to_json(self._mod, deck_id)
        return model


class _Note(genanki.Note):  # type: ignore[misc]
    """A note that knows its id, mod, cards and place among the new cards."""

    def __init__(self, note: PackedNote, model: _Model, due: int, card_ids: _CardIds) -> None:
        super().__init__(model, list(note.fields), tags=note.tags, guid=note.guid, due=due)
        self._packed, self._card_ids = note, card_ids

    def write_to_db(self, cursor: sqlite3.Cursor, _timestamp: float, deck_id: int, _ids: Iterator[int]) -> None:
        """Write the note and exactly its cards."""
        note, first = self._packed, _stripped(self._packed.fields[0])
        tags = f" {' '.join(note.tags)} " if note.tags else ""
        row = (
            note.note_id,
            note.guid,
            self.model.model_id,
            note.mod,
            -1,
            tags,
            "\x1f".join(note.fields),
            first,
            _checksum(first),
        )
        cursor.execute("INSERT INTO notes VALUES(?,?,?,?,?,?,?,?,?,0,'')", row)
        cursor.executemany("INSERT INTO cards VALUES(?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')", self._card_rows(deck_id))

    def _card_rows(self, deck_id: int) -> Sequence[tuple[int, ...]]:
        note = self._packed
        return [(self._card_ids.new(note.guid, ord), note.note_id, deck_id, ord, note.mod, self.due) for ord in note.ords]


def _stripped(field: str) -> str:
    """The text that Anki sorts and compares by (`strip_html_preserving_media`): no tags, names of pictures, not trimmed."""
    text = _TAG.sub("", _MEDIA.sub(r" \1 ", field))
    for reference, character in _REFERENCES.items():
        text = text.replace(reference, character)
    return text


def _checksum(text: str) -> int:
    """Anki's checksum of a first field, by which it finds duplicates: the first 32 bits of SHA-1."""
    return int(sha1(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)
