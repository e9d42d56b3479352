"""The rows of notes and cards, and the order in which a collection is written, so that the same
rows give the same bytes.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha1

from ankipress.model import PackedNote

INSERT_NOTES = "INSERT INTO notes VALUES(?,?,?,?,-1,?,?,?,?,0,'')"
INSERT_CARDS = "INSERT INTO cards VALUES(?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')"

_TAG = re.compile(r"<[^>]*>")
_MEDIA = re.compile(r'<img[^>]* src="([^"]*)"[^>]*>')
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}


@dataclass(frozen=True, slots=True)
class Tables:
    """The statements that make the tables of a collection, and those that make its indexes, in
    order.
    """

    tables: Sequence[str]
    indexes: Sequence[str]

    @classmethod
    def of(cls, schema: Iterable[tuple[str, str]]) -> Tables:
        """Those of a collection, given the rows of `type` and `sql` in its schema, by their order."""
        rows = list(schema)
        return cls(
            *([sql for sort, sql in rows if sort == wanted] for wanted in ("table", "index"))
        )


def write_collection(
    connection: sqlite3.Connection, tables: Tables, fill: Callable[[], None]
) -> None:
    """Make a collection in an empty database.

    `fill` inserts all rows, table by table, in the order of their ids. The indexes come last: so
    SQLite fills its pages one after another, and never splits one.
    """
    connection.execute("BEGIN")
    for sql in tables.tables:
        connection.execute(sql)
    fill()
    for sql in tables.indexes:
        connection.execute(sql)
    connection.execute("COMMIT")


def note_row(note: PackedNote, model_id: int) -> tuple[int | str, ...]:
    """What `INSERT_NOTES` takes: the note id comes first."""
    fields = tuple(
        iter(note.fields)
    )  # else their number is asked for first, and they are read twice
    first = _stripped(fields[0])
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    return (
        note.note_id,
        note.guid,
        model_id,
        note.mod,
        tags,
        "\x1f".join(fields),
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
