"""A package as Anki would read it → its notes: ankipress's own packages and those of other tools.

The database may come from a stranger: it is only read, and with a limit of work.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, NamedTuple

import msgspec

from ankipress.package.protobuf import read_message
from ankipress.package.unpacking import FoundFile, PackageError, opened_package

MOST_STEPS = 400_000_000
"""Of SQLite's virtual machine: a million notes take a tenth of them."""

_STEPS_AT_ONCE = 100_000
_TABLES = {"notes", "cards", "col"}
_READ = _TABLES | {"decks", "notetypes", "fields", "templates"}
# How SQLite begins the statements that it keeps of tables and indexes.
_STORED = re.compile(r"CREATE (?:TABLE|INDEX|UNIQUE INDEX) ", re.IGNORECASE)
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 64 * 1024**2,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 3,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
}
"""Those that https://sqlite.org/security.html asks for, far above what Anki's collections need."""

_NOTE_VALUES = (str, int, int, str, str)
_LAST_ORD = 0xFFFF
_FIRST_WITH_TABLES = 15  # the first schema that keeps note types and decks in tables
# What code that expects a valid database raises for another one.
_MALFORMED = (
    sqlite3.Error,
    msgspec.MsgspecError,
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


class FoundTemplate(NamedTuple):
    """A card template in a package."""

    name: str
    id: int
    front: str
    back: str


class FoundType(NamedTuple):
    """A note type in a package. Ids of fields and templates are 0 where the package has none."""

    id: int
    name: str
    mod: int
    css: str
    fields: tuple[str, ...]
    field_ids: tuple[int, ...]
    templates: tuple[FoundTemplate, ...]
    cloze: bool

    @property
    def texts(self) -> tuple[str, ...]:
        """The style sheet, then front and back of each template."""
        texts = [self.css]
        for each in self.templates:
            texts += (each.front, each.back)
        return tuple(texts)


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
    """All of a package: notes as a learner meets them, descriptions of decks, and what the media
    are, by name.

    Descriptions are empty in packages of the newest format, which hides them.
    """

    notes: tuple[FoundNote, ...]
    decks: Mapping[str, str]
    media: Mapping[str, FoundFile]


def read_contents(file: BinaryIO) -> PackageContents:
    """All that an .apkg holds. Raises PackageError."""
    with opened_package(file) as package:
        media = package.media()
        database = package.collection()
    with open_collection(database) as connection:
        stored = _StoredCollection(connection, len(database))
        return PackageContents(tuple(stored.notes()), dict(stored.decks.values()), media)


def read_files(file: BinaryIO, names: Iterable[str]) -> Mapping[str, bytes]:
    """The bytes of some of the media of an .apkg. Raises PackageError."""
    with opened_package(file) as package:
        return package.files(names)


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
            _limit(connection)
            _check_schema(connection)
            yield connection
    except _MALFORMED as error:
        raise PackageError(f"its database cannot be read: {error}") from error


def _limit(connection: sqlite3.Connection) -> None:
    """Bound the work of a database, and let it neither change nor call anything."""
    for limit, number in LIMITS.items():
        connection.setlimit(limit, number)
    steps = iter(range(MOST_STEPS // _STEPS_AT_ONCE))
    connection.set_progress_handler(lambda: next(steps, None) is None, _STEPS_AT_ONCE)
    # Anki's own collation must be there, though no query here compares by it.
    connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # no file is written for a large sort


def _check_schema(connection: sqlite3.Connection) -> None:
    """Refuse all that could run while a table is read.

    The statements are looked at, and not what else the schema says of them, which may be a lie. A
    view could stand in the place of a table, and a column could be generated by a function that
    never ends.
    """
    tables = set()
    for name, statement in connection.execute("SELECT name, sql FROM sqlite_master"):
        if statement and not _STORED.match(statement):
            raise PackageError("its database holds views, triggers or tables that are none")
        tables.add(name)
    if not tables >= _TABLES:
        raise PackageError("it holds no collection of Anki")
    for name in tables & _READ:
        columns = connection.execute(f"PRAGMA table_xinfo({name})")
        if any(hidden for *_, hidden in columns):
            raise PackageError(f"its table {name} has columns that are computed")


class _StoredCollection:
    """An open collection of some bytes: `decks` are names and descriptions by id."""

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self._query = connection.execute
        self._size = size
        [(schema, models, decks)] = self._query("SELECT ver, models, decks FROM col")
        self._types: dict[int, FoundType] = {}
        self.decks: dict[int, tuple[str, str]] = {}
        if schema >= _FIRST_WITH_TABLES:
            self._read_tables()
            return
        for key, model in msgspec.json.decode(models).items():
            self._types[int(key)] = _type_in_json(int(key), model)
        for key, deck in msgspec.json.decode(decks).items():
            description = str(deck.get("desc") or "")
            self.decks[int(key)] = str(deck["name"]), description

    def notes(self) -> Iterator[FoundNote]:
        """The notes in the order in which a learner meets them."""
        left = self._size
        for row in self._query(_NOTES):
            guid, note_id, mod, type_id, deck_id, fields, tags, ords, _ = row
            if tuple(map(type, (guid, note_id, mod, fields, tags))) != _NOTE_VALUES:
                raise PackageError("a note holds values that are none of Anki")
            note_type = self._types.get(type_id)
            if note_type is None:
                raise PackageError(f"the note {guid} has a note type that is not there")
            # Pages that are named twice could give more notes than there are bytes.
            left -= len(guid) + len(fields) + len(tags) + 1
            if left < 0:
                raise PackageError("its database gives more than it holds")
            deck, _ = self.decks.get(deck_id, ("", ""))
            yield FoundNote(
                guid,
                note_id,
                mod,
                note_type,
                deck,
                _fields(guid, fields, note_type),
                tags=tuple(tags.split()),
                ords=_ords(guid, ords, note_type),
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


def _fields(guid: str, text: str, note_type: FoundType) -> tuple[str, ...]:
    fields = tuple(text.split("\x1f"))
    if len(fields) != len(note_type.fields):
        raise PackageError(f"the note {guid} has not as many fields as its note type")
    return fields


def _ords(guid: str, numbers: str | None, note_type: FoundType) -> tuple[int, ...]:
    if not numbers:
        return ()
    ords = sorted(map(int, numbers.split(",")))
    last = len(note_type.templates) - 1
    if note_type.cloze and note_type.templates:
        last = _LAST_ORD
    if ords[0] < 0 or ords[-1] > last:
        raise PackageError(f"the note {guid} has a card that its note type has not")
    return tuple(ords)


def _template(name: str, message: Mapping[int, Any]) -> FoundTemplate:
    front = message.get(1, b"")
    back = message.get(2, b"")
    return FoundTemplate(name, int(message.get(8, 0)), front.decode(), back.decode())


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
            FoundTemplate(
                str(each["name"]),
                int(each.get("id") or 0),
                str(each["qfmt"]),
                str(each["afmt"]),
            )
            for each in templates
        ),
        cloze=model.get("type") == 1,
    )
