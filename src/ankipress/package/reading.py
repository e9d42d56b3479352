"""A package as Anki would read it → its notes: ankipress's own packages and those of other tools.

The database may come from a stranger: it is only read, and with a limit of work.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from ankipress.model import Template
from ankipress.package.protobuf import Message, number_in, read_message, text_in
from ankipress.package.unpacking import PackageError, read_collection, read_media

MOST_STEPS = 400_000_000
"""Of SQLite's virtual machine: a million notes take a tenth of them."""

_STEPS_AT_ONCE = 100_000
_TABLES = {"notes": "table", "cards": "table", "col": "table"}
_FIRST_WITH_TABLES = 15  # the first schema that keeps note types and decks in tables
# What code that expects a valid database raises for another one.
_MALFORMED = (
    sqlite3.Error,
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)
_NOTES = """
    SELECT n.guid, n.id, n.mod, n.mid, c.did, n.flds, n.tags, group_concat(c.ord), min(c.due)
    FROM notes n LEFT JOIN cards c ON c.nid = n.id
    GROUP BY n.id ORDER BY min(c.due), n.id
"""


@dataclass(frozen=True, slots=True)
class FoundType:
    """A note type in a package. Ids of fields and templates are 0 where the package has none."""

    id: int
    name: str
    mod: int
    css: str
    fields: tuple[str, ...]
    field_ids: tuple[int, ...]
    templates: tuple[Template, ...]
    cloze: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """The style sheet, then front and back of each template."""
        texts = [self.css]
        for each in self.templates:
            texts += [each.front, each.back]
        return tuple(texts)


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note in a package: fields in the order of its note type, `ords` of its cards from 0."""

    guid: str
    note_id: int
    mod: int
    note_type: FoundType
    deck: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    ords: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PackageContents:
    """All of a package: notes as a learner meets them, descriptions of decks, and media, by name.

    Descriptions are empty in packages of the newest format, which hides them.
    """

    notes: tuple[FoundNote, ...]
    decks: Mapping[str, str]
    media: Mapping[str, bytes]


def read_contents(content: bytes) -> PackageContents:
    """All that an .apkg holds. Raises PackageError."""
    with open_collection(read_collection(content)) as connection:
        stored = _Collection(connection)
        notes = tuple(stored.notes())
        return PackageContents(notes, dict(stored.decks.values()), read_media(content))


def read_package(content: bytes) -> tuple[FoundNote, ...]:
    """The notes of an .apkg in the order in which a learner meets them. Raises PackageError."""
    with open_collection(read_collection(content)) as connection:
        return tuple(_Collection(connection).notes())


@contextmanager
def open_collection(database: bytes) -> Iterator[sqlite3.Connection]:
    """Open a collection in memory, for reading only and with a limit of work.

    Raises PackageError, also for what goes wrong in the database while it is open.
    """
    # SQLite says of an empty database that memory is short.
    if not database.startswith(b"SQLite format 3\0"):
        raise PackageError("its database cannot be read: it is none of SQLite")
    # Bytes 18 and 19 are 2 where a write-ahead log belongs to the database, which keeps SQLite
    # from opening it in memory. The log of an export by Anki is always empty.
    if database[18:20] == b"\2\2":
        database = database[:18] + b"\1\1" + database[20:]
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(database)
            _guard(connection)
            yield connection
    except _MALFORMED as error:
        raise PackageError(f"its database cannot be read: {error}") from error


def _guard(connection: sqlite3.Connection) -> None:
    """Keep what the schema may hold from running for ever: views, triggers, huge joins."""
    steps = iter(range(MOST_STEPS // _STEPS_AT_ONCE))
    connection.set_progress_handler(lambda: next(steps, None) is None, _STEPS_AT_ONCE)
    connection.create_collation("unicase", _compare)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    stored = dict(connection.execute("SELECT name, type FROM sqlite_master"))
    if not _TABLES.items() <= stored.items():
        raise PackageError("it holds no collection of Anki")


def _compare(one: str, other: str) -> int:
    """Anki's own collation, which its newer tables name."""
    first, second = one.casefold(), other.casefold()
    return (first > second) - (first < second)


class _Collection:
    """An open collection: `decks` are names and descriptions by id."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._query = connection.execute
        [[schema]] = self._query("SELECT ver FROM col")
        if schema < _FIRST_WITH_TABLES:
            self._types = self._types_in_json()
            self.decks = self._decks_in_json()
        else:
            self._types = self._types_in_tables()
            self.decks = self._decks_in_tables()

    def notes(self) -> Iterator[FoundNote]:
        """The notes in the order in which a learner meets them."""
        for guid, note_id, mod, type_id, deck_id, fields, tags, ords, _ in self._query(_NOTES):
            if type_id not in self._types:
                raise PackageError(f"the note {guid} has a note type that is not there")
            deck, _ = self.decks.get(deck_id, ("", ""))
            yield FoundNote(
                guid=str(guid),
                note_id=int(note_id),
                mod=int(mod),
                note_type=self._types[type_id],
                deck=deck,
                fields=tuple(str(fields).split("\x1f")),
                tags=tuple(str(tags).split()),
                ords=tuple(sorted(map(int, filter(None, str(ords or "").split(","))))),
            )

    def _types_in_json(self) -> dict[int, FoundType]:
        [[models]] = self._query("SELECT models FROM col")
        return {
            int(key): _type_in_json(int(key), model) for key, model in json.loads(models).items()
        }

    def _decks_in_json(self) -> dict[int, tuple[str, str]]:
        [[decks]] = self._query("SELECT decks FROM col")
        return {
            int(key): (str(deck["name"]), str(deck.get("desc") or ""))
            for key, deck in json.loads(decks).items()
        }

    def _types_in_tables(self) -> dict[int, FoundType]:
        fields = self._messages("fields")
        templates = self._messages("templates")
        return {
            row[0]: _type_in_tables(row, fields[row[0]], templates[row[0]])
            for row in self._query("SELECT id, name, mtime_secs, config FROM notetypes")
        }

    def _messages(self, table: str) -> Mapping[int, Sequence[tuple[str, Message]]]:
        """Names and messages of fields or templates, in their order, by their note type."""
        found: dict[int, list[tuple[str, Message]]] = defaultdict(list)
        rows = self._query(f"SELECT ntid, name, config FROM {table} ORDER BY ntid, ord")  # noqa: S608 - a constant
        for type_id, name, config in rows:
            found[type_id].append((str(name), dict(read_message(config))))
        return found

    def _decks_in_tables(self) -> dict[int, tuple[str, str]]:
        rows = self._query("SELECT id, name FROM decks")
        return {deck_id: (str(name).replace("\x1f", "::"), "") for deck_id, name in rows}


def _type_in_json(type_id: int, model: Mapping[str, Any]) -> FoundType:
    fields, templates = model["flds"], model["tmpls"]
    return FoundType(
        id=type_id,
        name=str(model["name"]),
        mod=int(model["mod"]),
        css=str(model["css"]),
        fields=tuple(str(each["name"]) for each in fields),
        field_ids=tuple(int(each.get("id") or 0) for each in fields),
        templates=tuple(_template_in_json(each) for each in templates),
        cloze=model.get("type") == 1,
    )


def _template_in_json(template: Mapping[str, Any]) -> Template:
    return Template(
        name=str(template["name"]),
        id=int(template.get("id") or 0),
        front=str(template["qfmt"]),
        back=str(template["afmt"]),
    )


def _type_in_tables(
    row: tuple[int, str, int, bytes],
    fields: Sequence[tuple[str, Message]],
    templates: Sequence[tuple[str, Message]],
) -> FoundType:
    """A note type whose messages are those of Anki's `proto/anki/notetypes.proto`."""
    type_id, name, mod, config = row
    message = dict(read_message(config))
    return FoundType(
        id=type_id,
        name=str(name),
        mod=int(mod),
        css=text_in(message, 3),
        fields=tuple(field for field, _ in fields),
        field_ids=tuple(number_in(each, 9) for _, each in fields),
        templates=tuple(
            Template(template, number_in(each, 8), text_in(each, 1), text_in(each, 2))
            for template, each in templates
        ),
        cloze=number_in(message, 1) == 1,
    )
