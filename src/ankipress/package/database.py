"""Package → Anki database, by genanki.

genanki's classes write the tables; what it decides itself (ids from a counter, one time for all,
card rows by rules that differ from Anki's, no order of new cards) is overridden here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

import genanki

from ankipress.identity.ids import make_card_id, make_deck_id
from ankipress.model import Field, NoteType, Package, PackedNote
from ankipress.package.place import Place
from ankipress.package.rows import INSERT_CARDS, INSERT_NOTES, Tables, note_row, write_collection
from ankipress.scratch import Content

_LAST_NEEDED = 4  # the tag of an image occlusion's comments, which a learner may delete
_SCHEMA = "SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"


def make_database(package: Package) -> Content:
    """A `collection.anki2`, schema 11, which every Anki since 2.1.25 reads.

    The same package gives the same bytes with the same version of SQLite.
    """
    try:
        return _made(package, Place())
    except (OSError, sqlite3.OperationalError):  # no room in the folder for such files
        return _made(package, Place(in_memory=True))


def _made(package: Package, place: Place) -> Content:
    used = {note.note_type for note in package.notes}
    models = {each.key: _Model(each) for each in package.note_types if each.key in used}
    decks = _decks(package)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as scratch:
        genanki.Package([]).write_to_db(scratch.cursor(), 0, iter(()))
        _write_types(scratch, models.values(), decks.values())
        tables, col = (
            Tables.of(scratch.execute(_SCHEMA)),
            scratch.execute("SELECT * FROM col").fetchall(),
        )
    notes = sorted(package.notes, key=lambda note: note.note_id)
    rows = (note_row(note, models[note.note_type].model_id) for note in notes)
    cards = sorted(_card_rows(package.notes, decks))

    def fill() -> None:
        place.connection.executemany(f"INSERT INTO col VALUES({','.join('?' * len(col[0]))})", col)
        place.connection.executemany(INSERT_NOTES, rows)
        place.connection.executemany(INSERT_CARDS, cards)

    with closing(place):
        write_collection(place.connection, tables, fill)
        return place.content()


def _decks(package: Package) -> dict[str, _Deck]:
    """The decks in the order in which they first occur, by name."""
    # Only cards stand in decks: for a note that brings none, no deck must appear with a learner.
    names = dict.fromkeys(note.deck for note in package.notes if note.ords)
    folded = {name.casefold() for name in names}
    return {
        name: _Deck(name, "" if _is_below(name.casefold(), folded) else package.description)
        for name in names
    }


def _is_below(name: str, others: Collection[str]) -> bool:
    """Whether one of the others is a deck above this one, which then has the description."""
    parts = name.split("::")
    return any("::".join(parts[:length]) in others for length in range(1, len(parts)))


def _write_types(
    connection: sqlite3.Connection, models: Iterable[_Model], decks: Collection[_Deck]
) -> None:
    """The row `col` of genanki, with our decks and note types."""
    (text,) = connection.execute("SELECT decks FROM col").fetchone()
    all_decks = {**json.loads(text), **{str(each.deck_id): each.to_json() for each in decks}}
    first = next((each.deck_id for each in decks), 1)  # where Anki puts new notes of a note type
    all_models = {str(each.model_id): each.to_json(0, first) for each in models}
    connection.execute(
        "UPDATE col SET decks = ?, models = ?", (json.dumps(all_decks), json.dumps(all_models))
    )


def _card_rows(
    notes: Iterable[PackedNote], decks: Mapping[str, _Deck]
) -> Iterator[tuple[int, ...]]:
    """The cards of every note, each `due` in the order of the notes."""
    taken: set[int] = set()
    for due, note in enumerate(notes, start=1):
        for ord in note.ords:
            deck_id = decks[note.deck].deck_id
            card_id = make_card_id(note.guid, ord, taken)
            taken.add(card_id)
            yield card_id, note.note_id, deck_id, ord, note.mod, due


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
            fields=[_field(each) for each in note_type.fields],
            templates=[
                {"name": each.name, "id": each.id, "qfmt": each.front, "afmt": each.back}
                for each in note_type.templates
            ],
            css=note_type.css,
            model_type=self.CLOZE if note_type.cloze else self.FRONT_BACK,
        )
        self._mod, self._stock = note_type.mod, note_type.stock

    def to_json(self, _timestamp: float, deck_id: int) -> dict[str, Any]:
        """As genanki writes it, but for the mod and what Anki's own note types have."""
        model: dict[str, Any] = super().to_json(self._mod, deck_id)
        return model if self._stock is None else {**model, "originalStockKind": self._stock}


def _field(field: Field) -> dict[str, Any]:
    # By the tag Anki finds a field that it treats specially, whatever its name is, and keeps a
    # learner from deleting it.
    special = (
        {} if field.tag is None else {"tag": field.tag, "preventDeletion": field.tag < _LAST_NEEDED}
    )
    return {"name": field.name, "id": field.id, **special}
