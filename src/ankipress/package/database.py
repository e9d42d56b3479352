"""Package → Anki database, by genanki.

genanki's classes write the tables; what it decides itself (ids from a counter, one time for all,
card rows by rules that differ from Anki's, no order of new cards) is overridden here.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from hashlib import sha1
from typing import Any

import genanki

from ankipress.identity.ids import make_card_id, make_deck_id
from ankipress.model import Field, NoteType, Package, PackedNote

_LAST_NEEDED = 4  # the tag of an image occlusion's comments, which a learner may delete
_INSERT_NOTES = "INSERT INTO notes VALUES(?,?,?,?,-1,?,?,?,?,0,'')"
_INSERT_CARDS = "INSERT INTO cards VALUES(?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')"

_TAG = re.compile(r"<[^>]*>")
_MEDIA = re.compile(r'<img[^>]* src="([^"]*)"[^>]*>')
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}
_INSERT_COL = "INSERT INTO col VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)"


def make_database(package: Package) -> bytes:
    """A `collection.anki2`, schema 11, which every Anki since 2.1.25 reads.

    The same package gives the same bytes with the same version of SQLite.
    """
    used = {note.note_type for note in package.notes}
    models = {each.key: _Model(each) for each in package.note_types if each.key in used}
    decks = _decks(package)
    with closing(_connected()) as template, closing(_connected()) as collection:
        genanki.Package([]).write_to_db(template.cursor(), 0, iter(()))
        _write_types(template, models.values(), decks.values())
        notes = sorted(package.notes, key=lambda note: note.note_id)
        rows = (_note_row(note, models[note.note_type].model_id) for note in notes)
        collection.execute("BEGIN")
        for sql in _schema(template, "table"):
            collection.execute(sql)
        # The rows come in the order of their ids and the indexes last: so SQLite fills its pages
        # one after another, and the same rows give the same bytes.
        collection.executemany(_INSERT_COL, template.execute("SELECT * FROM col"))
        collection.executemany(_INSERT_NOTES, rows)
        collection.executemany(_INSERT_CARDS, sorted(_card_rows(package.notes, decks)))
        for sql in _schema(template, "index"):
            collection.execute(sql)
        collection.execute("COMMIT")
        return collection.serialize()


def _connected() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def _schema(template: sqlite3.Connection, sort: str) -> list[str]:
    """The statements that make the tables or the indexes of a collection, in order."""
    found = template.execute(
        "SELECT sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY rowid", (sort,)
    )
    return [sql for (sql,) in found]


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


def _note_row(note: PackedNote, model_id: int) -> tuple[int | str, ...]:
    """What `_INSERT_NOTES` takes: the note id comes first."""
    first = _stripped(note.fields[0])
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    return (
        note.note_id,
        note.guid,
        model_id,
        note.mod,
        tags,
        "\x1f".join(note.fields),
        first,
        _checksum(first),
    )


def _stripped(field: str) -> str:
    """The text that Anki sorts and compares by (`strip_html_preserving_media`): no tags, names of
    pictures, not trimmed.
    """
    text = _TAG.sub("", _MEDIA.sub(r" \1 ", field))
    for reference, character in _REFERENCES.items():
        text = text.replace(reference, character)
    return text


def _checksum(text: str) -> int:
    """Anki's checksum of a first field, by which it finds duplicates: the first 32 bits of SHA-1."""
    return int(sha1(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)
