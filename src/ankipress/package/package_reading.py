"""A package as Anki would read it → its notes: ankipress's own packages and those of other tools.

The database may come from a stranger: it is only read, and with a limit of work.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from ankipress.model import Template, note_type_texts
from ankipress.package.protobuf import read_message
from ankipress.package.unpacking import PackageError, read_collection, read_media

MOST_STEPS = 400_000_000
"""Of SQLite's virtual machine: a million notes take a tenth of them."""

_STEPS_AT_ONCE = 100_000
_TABLES = {("notes", "table"), ("cards", "table"), ("col", "table")}
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
    OverflowError,
)
_NOTES = """
    SELECT n.guid, n.id, n.mod, n.mid, c.did, n.flds, n.tags, group_concat(c.ord), min(c.due)
    FROM notes n LEFT JOIN cards c ON c.nid = n.id
    GROUP BY n.id ORDER BY min(c.due), n.id
"""


class FoundType(NamedTuple):
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
        return note_type_texts(self.css, self.templates)


class FoundNote(NamedTuple):
    """A note in a package: fields in the order of its note type, `ords` of its cards from 0."""

    guid: str
    note_id: int
    mod: int
    note_type: FoundType
    deck: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    ords: tuple[int, ...]


class PackageContents(NamedTuple):
    """All of a package: notes as a learner meets them, descriptions of decks, and media, by name.

    Descriptions are empty in packages of the newest format, which hides them.
    """

    notes: tuple[FoundNote, ...]
    decks: Mapping[str, str]
    media: Mapping[str, bytes]


def read_contents(content: bytes) -> PackageContents:
    """All that an .apkg holds. Raises PackageError."""
    with open_collection(read_collection(content)) as connection:
        stored = _StoredCollection(connection)
        notes = tuple(stored.notes())
        return PackageContents(notes, dict(stored.decks.values()), read_media(content))


def read_package(content: bytes) -> tuple[FoundNote, ...]:
    """The notes of an .apkg in the order in which a learner meets them. Raises PackageError."""
    with open_collection(read_collection(content)) as connection:
        return tuple(_StoredCollection(connection).notes())


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
            steps = iter(range(MOST_STEPS // _STEPS_AT_ONCE))
            connection.set_progress_handler(lambda: next(steps, None) is None, _STEPS_AT_ONCE)
            # Anki's own collation must be there, though no query here compares by it.
            connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA query_only = ON")
            # A view could stand in the place of a table, and never end.
            stored = set(connection.execute("SELECT name, type FROM sqlite_master"))
            if not stored >= _TABLES:
                raise PackageError("it holds no collection of Anki")
            yield connection
    except _MALFORMED as error:
        raise PackageError(f"its database cannot be read: {error}") from error


class _StoredCollection:
    """An open collection: `decks` are names and descriptions by id."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._query = connection.execute
        [(schema, models, decks)] = self._query("SELECT ver, models, decks FROM col")
        self._types: dict[int, FoundType] = {}
        self.decks: dict[int, tuple[str, str]] = {}
        if schema >= _FIRST_WITH_TABLES:
            self._read_tables()
            return
        for key, model in json.loads(models).items():
            self._types[int(key)] = _type_in_json(int(key), model)
        for key, deck in json.loads(decks).items():
            description = str(deck.get("desc") or "")
            self.decks[int(key)] = str(deck["name"]), description

    def notes(self) -> Iterator[FoundNote]:
        """The notes in the order in which a learner meets them."""
        for guid, note_id, mod, type_id, deck_id, fields, tags, ords, _ in self._query(_NOTES):
            if type_id not in self._types:
                raise PackageError(f"the note {guid} has a note type that is not there")
            deck, _ = self.decks.get(deck_id, ("", ""))
            numbers = filter(None, str(ords or "").split(","))
            yield FoundNote(
                str(guid),
                int(note_id),
                int(mod),
                self._types[type_id],
                deck,
                fields=tuple(str(fields).split("\x1f")),
                tags=tuple(str(tags).split()),
                ords=tuple(sorted(map(int, numbers))),
            )

    def _read_tables(self) -> None:
        """Read note types and decks. The messages are those of `proto/anki/notetypes.proto`."""
        for deck_id, name in self._query("SELECT id, name FROM decks"):
            self.decks[deck_id] = str(name).replace("\x1f", "::"), ""
        fields = self._messages("SELECT ntid, name, config FROM fields ORDER BY ntid, ord")
        templates = self._messages("SELECT ntid, name, config FROM templates ORDER BY ntid, ord")
        types = self._messages("SELECT id, name, config FROM notetypes")
        mods = dict(self._query("SELECT id, mtime_secs FROM notetypes"))
        for type_id, [(name, message)] in types.items():
            self._types[type_id] = FoundType(
                id=type_id,
                name=name,
                mod=int(mods[type_id]),
                css=message.get(3, b"").decode(),
                fields=tuple(field for field, _ in fields[type_id]),
                field_ids=tuple(int(each.get(9, 0)) for _, each in fields[type_id]),
                templates=tuple(_template(*each) for each in templates[type_id]),
                cloze=message.get(1) == 1,
            )

    def _messages(self, query: str) -> Mapping[int, list[tuple[str, dict[int, Any]]]]:
        """Names and messages by their note type."""
        found: dict[int, list[tuple[str, dict[int, Any]]]] = defaultdict(list)
        for type_id, name, config in self._query(query):
            found[type_id].append((str(name), dict(read_message(config))))
        return found


def _template(name: str, message: Mapping[int, Any]) -> Template:
    front = message.get(1, b"")
    back = message.get(2, b"")
    return Template(name, int(message.get(8, 0)), front.decode(), back.decode())


def _type_in_json(type_id: int, model: Mapping[str, Any]) -> FoundType:
    fields = model["flds"]
    templates = model["tmpls"]
    return FoundType(
        id=type_id,
        name=str(model["name"]),
        mod=int(model["mod"]),
        css=str(model["css"]),
        fields=tuple(str(each["name"]) for each in fields),
        field_ids=tuple(int(each.get("id") or 0) for each in fields),
        templates=tuple(
            Template(
                str(each["name"]),
                int(each.get("id") or 0),
                str(each["qfmt"]),
                str(each["afmt"]),
            )
            for each in templates
        ),
        cloze=model.get("type") == 1,
    )
