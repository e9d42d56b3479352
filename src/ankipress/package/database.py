"""Package → Anki database: the rows of notes and cards in the tables that genanki makes."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from hashlib import sha1
from typing import Any

import msgspec

from ankipress.identity.ids import make_card_id, make_deck_id
from ankipress.model import NoteType, Package, PackedNote

_INSERT_NOTES = "INSERT INTO notes VALUES(?,?,?,?,-1,?,?,?,?,0,'')"
_INSERT_CARDS = "INSERT INTO cards VALUES(?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')"

_TAG = re.compile(r"<[^>]*>")
_MEDIA = re.compile(r'<img[^>]* src="([^"]*)"[^>]*>')
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}
_MODELS, _DECKS = 9, 10  # places in the row `col`
_INSERT_COL = "INSERT INTO col VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)"


class CollectionTemplate(msgspec.Struct, frozen=True):
    """A collection without notes: the statements that make its tables and indexes, its row `col`,
    its note types by id, and what every deck has. `adopted` are the note types that learners have
    from elsewhere, as JSON by id: all of it is theirs.
    """

    tables: list[str]
    indexes: list[str]
    col: list[Any]
    models: dict[str, dict[str, Any]]
    deck: dict[str, Any]
    adopted: dict[str, str] = {}

    @property
    def note_types(self) -> dict[str, dict[str, Any]]:
        """All note types by id, as Anki's JSON."""
        return {**self.models, **{id: json.loads(text) for id, text in self.adopted.items()}}


def used_note_types(package: Package) -> list[NoteType]:
    """The note types of which a package has notes."""
    used = {note.note_type for note in package.notes}
    return [each for each in package.note_types if each.key in used]


def make_database(package: Package, template: CollectionTemplate) -> bytes:
    """A `collection.anki2`, schema 11, which every Anki since 2.1.25 reads.

    The template is that of the note types of which the package has notes. The same package gives
    the same bytes with the same version of SQLite.
    """
    types = {each.key: each for each in package.note_types}
    decks = _decks(package, template)
    notes = sorted(package.notes, key=lambda note: note.note_id)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as collection:
        collection.execute("BEGIN")
        for sql in template.tables:
            collection.execute(sql)
        # The rows come in the order of their ids and the indexes last: so SQLite fills its pages
        # one after another, and the same rows give the same bytes.
        collection.execute(_INSERT_COL, _col(template, decks.values()))
        note_rows = [_note_row(note, types[note.note_type]) for note in notes]
        card_rows = sorted(_card_rows(package.notes, decks))
        collection.executemany(_INSERT_NOTES, note_rows)
        collection.executemany(_INSERT_CARDS, card_rows)
        for sql in template.indexes:
            collection.execute(sql)
        collection.execute("COMMIT")
        return collection.serialize()


def _col(template: CollectionTemplate, decks: Collection[dict[str, Any]]) -> list[Any]:
    """The row `col`, with our decks and note types."""
    all_decks = json.loads(template.col[_DECKS])
    all_decks |= {str(deck["id"]): deck for deck in decks}
    # Where Anki puts new notes of a note type.
    first = next((deck["id"] for deck in decks), 1)
    models = {id: {**model, "did": first} for id, model in template.models.items()}
    models |= {id: json.loads(text) for id, text in template.adopted.items()}
    row = list(template.col)
    row[_MODELS] = json.dumps(models)
    row[_DECKS] = json.dumps(all_decks)
    return row


def _decks(package: Package, template: CollectionTemplate) -> dict[str, dict[str, Any]]:
    """The decks in the order in which they first occur, by name. Anki shows a description as
    Markdown where `md` is set.
    """
    # Only cards stand in decks, so a note without cards must bring a learner no deck.
    names = dict.fromkeys(note.deck for note in package.notes if note.ords)
    folded = {name.casefold() for name in names}
    decks = {}
    for name in names:
        deck = dict(template.deck)
        deck |= {"id": make_deck_id(name), "name": name, "desc": "", "md": True}
        # A deck below another one of the package has no description of its own.
        if not _is_below(name.casefold(), folded):
            deck["desc"] = package.description
        decks[name] = deck
    return decks


def _is_below(name: str, others: Collection[str]) -> bool:
    """Whether one of the others is a deck above this one."""
    parts = name.split("::")
    above = ["::".join(parts[:length]) for length in range(1, len(parts))]
    return any(each in others for each in above)


def _card_rows(
    notes: Iterable[PackedNote], decks: Mapping[str, dict[str, Any]]
) -> Iterator[tuple[int, ...]]:
    """The cards of every note, each `due` in the order of the notes."""
    taken: set[int] = set()
    for due, note in enumerate(notes, start=1):
        for ord in note.ords:
            deck_id = decks[note.deck]["id"]
            card_id = make_card_id(note.guid, ord, taken)
            taken.add(card_id)
            yield card_id, note.note_id, deck_id, ord, note.mod, due


def _note_row(note: PackedNote, note_type: NoteType) -> tuple[int | str, ...]:
    """What `_INSERT_NOTES` takes: the note id comes first."""
    first = _stripped(note.fields[0])
    sort = first
    if note_type.sort_field:
        sort = _stripped(note.fields[note_type.sort_field])
    tags = ""
    if note.tags:
        tags = f" {' '.join(note.tags)} "
    return (
        note.note_id,
        note.guid,
        note_type.id,
        note.mod,
        tags,
        "\x1f".join(note.fields),
        sort,
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
    """The checksum by which Anki finds duplicates of a first field: 32 bits of its SHA-1."""
    digest = sha1(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big")
