"""A collection with some of its notes edited: the same bytes as one that is made anew, for a
fraction of the time.

Nothing is updated in place, since that would leave other pages behind. All rows are copied by
SQLite itself into an empty database, in the order in which `make_database` writes them, the edited
ones in their places.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from itertools import pairwise

from ankipress.model import PackedNote
from ankipress.package.place import Place
from ankipress.package.rows import INSERT_NOTES, Tables, note_row, write_collection
from ankipress.scratch import Content

_SCHEMA = "SELECT type, sql FROM old.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
_FIND_NOTE = "SELECT id, guid, mid, mod, tags, flds, csum FROM old.notes WHERE id = ?"
_COPY_CARDS = """
INSERT INTO main.cards SELECT id, nid, did, ord, (SELECT mod FROM main.notes WHERE id = nid), usn, type, queue, due, ivl, factor,
reps, lapses, left, odue, odid, flags, data FROM old.cards ORDER BY id
"""


class Collection:
    """A collection that `make_database` has made. It may be opened in one thread and used in
    another.

    `content` is its bytes: in a file, or in memory where there is no room for one.
    """

    def __init__(self, database: Content) -> None:
        try:
            self._open(database, Place())
        except (OSError, sqlite3.OperationalError):
            self._open(database, Place(in_memory=True))

    def _open(self, database: Content, place: Place) -> None:
        self._place, self._connection = place, place.connection
        try:
            self.content = place.attach(database, "old")
        except BaseException:
            place.close()
            raise

    def close(self) -> None:
        """Forget it."""
        self._place.close()

    def note(self, note_id: int) -> tuple[Sequence[str], Sequence[str]] | None:
        """The tags and the fields of a note, None where there is no such note."""
        row = self._connection.execute(
            "SELECT tags, flds FROM old.notes WHERE id = ?", (note_id,)
        ).fetchone()
        return None if row is None else (row[0].split(), row[1].split("\x1f"))

    def holds(self, note: PackedNote) -> bool:
        """Whether a note stands in the collection just like this, with the same cards."""
        row = self._connection.execute(_FIND_NOTE, (note.note_id,)).fetchone()
        cards = self._connection.execute(
            "SELECT ord, mod FROM old.cards WHERE nid = ? ORDER BY ord", (note.note_id,)
        ).fetchall()
        # What Anki sorts by follows from the first field, and SQLite may have made a number of it.
        *expected, _, checksum = note_row(note, self._model_id(note))
        return row == (*expected, checksum) and cards == [(each, note.mod) for each in note.ords]

    def with_edited(self, notes: Sequence[PackedNote], description: tuple[str, str]) -> Content:
        """The collection with these notes as they are now, and another description in place of one.

        Each of the notes is in it already, and has the same cards.
        """
        edited = sorted(notes, key=lambda note: note.note_id)

        def fill() -> None:
            self._copy_col(*description)
            self._copy_notes(edited)
            self._copy_cards()

        write_collection(self._connection, Tables.of(self._connection.execute(_SCHEMA)), fill)
        return self._place.content()

    def _copy_col(self, before: str, after: str) -> None:
        """The one row of `col`, with a description in place of another."""
        cursor = self._connection.execute("SELECT * FROM old.col")
        row = dict(
            zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True)
        )
        if before != after:
            decks = json.loads(row["decks"])
            for deck in decks.values():
                deck["desc"] = after if deck["desc"] == before else deck["desc"]
            row["decks"] = json.dumps(decks)
        self._connection.execute(
            f"INSERT INTO main.col VALUES({','.join('?' * len(row))})", tuple(row.values())
        )

    def _copy_notes(self, edited: Sequence[PackedNote]) -> None:
        rows = [note_row(note, self._model_id(note)) for note in edited]
        copy = "INSERT INTO main.notes SELECT * FROM old.notes WHERE id > ? AND id < ? ORDER BY id"
        bounds = [0, *(note.note_id for note in edited), 2**63 - 1]
        for number, (after, before) in enumerate(pairwise(bounds)):
            self._connection.execute(copy, (after, before))
            if number < len(rows):
                self._connection.execute(
                    INSERT_NOTES.replace("INTO notes", "INTO main.notes"), rows[number]
                )

    def _copy_cards(self) -> None:
        """All cards, each with the mod of its note."""
        self._connection.execute(_COPY_CARDS)

    def _model_id(self, note: PackedNote) -> int:
        """The id of the note type that a note has."""
        row = self._connection.execute(
            "SELECT mid FROM old.notes WHERE id = ?", (note.note_id,)
        ).fetchone()
        return int(row[0]) if row else 0
