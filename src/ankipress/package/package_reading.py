"""A package as Anki would read it → its notes: ankipress's own packages and those of other tools.

The database may come from a stranger: it is only read, and with a limit of work.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, NamedTuple

import msgspec

from ankipress.package.deck_messages import StoredDeck, deck_in_json, deck_in_messages
from ankipress.package.left_behind import LeftBehind, left_behind
from ankipress.package.note_type_messages import StoredPart, StoredType, type_json
from ankipress.package.unpacking import NEWER, FoundFile, PackageError, opened_package

SQLITE = b"SQLite format 3\0"
"""The first bytes of a database."""
MOST_STEPS = 400_000_000
"""Of SQLite's virtual machine: a million notes take a tenth of them."""

_STEPS_AT_ONCE = 100_000
_TABLES = {"notes", "cards", "col"}
_READ = _TABLES | {"decks", "notetypes", "fields", "templates", "revlog"}
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

# The keys of JSON that have a place of their own here. `usn` is about a learner's synchronisation.
_ELSEWHERE_OF_TYPE = frozenset({"id", "name", "mod", "usn", "type", "css", "flds", "tmpls"})
_ELSEWHERE_OF_FIELD = frozenset({"name", "ord"})
_ELSEWHERE_OF_TEMPLATE = frozenset({"name", "ord", "qfmt", "afmt"})
_NO_DECK = StoredDeck("")
_NOTE_VALUES = (str, int, int, str, str)
_LAST_ORD = 0xFFFF
_FIRST_WITH_TABLES = 15  # the first schema that keeps note types and decks in tables
_LAST_SCHEMA = 18
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
    SELECT n.guid, n.id, n.mod, n.mid, {home}, n.flds, n.tags, group_concat(c.ord), min({rank})
    FROM notes n LEFT JOIN cards c ON c.nid = n.id
    GROUP BY n.id {having} ORDER BY {order}
"""


class FoundTemplate(NamedTuple):
    """A card template in a package. `settings` are the keys that Anki's JSON (schema 11) has for it
    beside its name, ord and texts.
    """

    name: str
    id: int
    front: str
    back: str
    settings: Mapping[str, Any]


class FoundType(NamedTuple):
    """A note type in a package. Ids of fields and templates are 0 where the package has none.

    `settings` are the keys that Anki's JSON (schema 11) has for it beside its fields and templates
    and what is here; `field_settings` are those of each field beside its name and ord.
    """

    id: int
    name: str
    mod: int
    css: str
    fields: tuple[str, ...]
    field_ids: tuple[int, ...]
    templates: tuple[FoundTemplate, ...]
    cloze: bool
    settings: Mapping[str, Any]
    field_settings: tuple[Mapping[str, Any], ...]

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
        stored = StoredCollection(connection, len(database))
        notes = tuple(map(stored.note, stored.rows()))
        return PackageContents(notes, stored.descriptions, media)


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
    if not database.startswith(SQLITE):
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


class BadNoteError(PackageError):
    """A note of a database that is no note of Anki, where all else can be read."""


class StoredCollection:
    """An open collection of some bytes: `decks` are by id."""

    def __init__(self, connection: sqlite3.Connection, size: int) -> None:
        self._connection = connection
        self._query = connection.execute
        self._size = size
        [(schema, models, decks)] = self._query("SELECT ver, models, decks FROM col")
        if schema > _LAST_SCHEMA:
            raise PackageError(NEWER)
        self._types: dict[int, FoundType] = {}
        self.decks: dict[int, StoredDeck] = {}
        self._chosen: AbstractSet[int] | None = None
        self._card_columns = _columns(connection, "cards")
        if schema >= _FIRST_WITH_TABLES:
            self._read_tables()
            return
        for key, model in msgspec.json.decode(models).items():
            self._types[int(key)] = _type_in_json(int(key), model)
        for key, deck in msgspec.json.decode(decks).items():
            self.decks[int(key)] = deck_in_json(deck)

    @property
    def descriptions(self) -> dict[str, str]:
        """The descriptions of all decks, by name."""
        return {deck.name: deck.description for deck in self.decks.values()}

    def choose(self, decks: AbstractSet[int]) -> None:
        """Give only notes with a card in one of some decks, by the ids of these."""
        self._chosen = decks
        self._connection.create_function("chosen", 1, decks.__contains__, deterministic=True)

    def left_behind(self) -> LeftBehind:
        """What there is of the learner in these decks."""
        decks = [deck for id, deck in self.decks.items() if self._is_chosen(id)]
        condition = "1"
        if self._chosen is not None:
            condition = f"chosen({self._home})"
        return left_behind(self._connection, decks, self._card_columns, condition)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The notes in the order in which a learner meets them, as they are stored."""
        left = self._size
        for row in self._query(self._notes_query()):
            guid, note_id, mod, _, _, fields, tags, _, _ = row
            if tuple(map(type, (guid, note_id, mod, fields, tags))) != _NOTE_VALUES:
                raise PackageError("a note holds values that are none of Anki")
            # Pages that are named twice could give more notes than there are bytes.
            left -= len(guid) + len(fields) + len(tags) + 1
            if left < 0:
                raise PackageError("its database gives more than it holds")
            yield row

    def note(self, row: tuple[Any, ...]) -> FoundNote:
        """A note. Raises BadNoteError."""
        guid, note_id, mod, type_id, deck_id, fields, tags, ords, _ = row
        note_type = self._types.get(type_id)
        if note_type is None:
            raise BadNoteError(f"the note {guid} has a note type that is not there")
        deck = self.decks.get(deck_id, _NO_DECK)
        return FoundNote(
            guid,
            note_id,
            mod,
            note_type,
            deck.name,
            _fields(guid, fields, note_type),
            tags=tuple(tags.split()),
            ords=_ords(guid, ords, note_type),
        )

    def with_known_cards(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A note as it is stored, without cards that its note type has not. Anki imports both."""
        *before, ords, due = row
        note_type = self._types.get(row[3])
        if note_type is None or not ords:
            return row
        last = _last_ord(note_type)
        known = [ord for ord in ords.split(",") if 0 <= int(ord) <= last]
        return (*before, ",".join(known), due)

    @property
    def _home(self) -> str:
        """The deck of a card: of one in a filtered deck the one that it came from."""
        if "odid" in self._card_columns:
            return "coalesce(nullif(c.odid, 0), c.did)"
        return "c.did"

    def _is_chosen(self, deck: int) -> bool:
        return self._chosen is None or deck in self._chosen

    def _notes_query(self) -> str:
        # A note is in the deck of its first card: with `min`, other columns are of the row that has
        # the least value.
        rank = "(c.due << 16) + c.ord"
        order = "min({}) >> 16, n.id"
        # Of cards that were studied, `due` is a day, which is not the order that an author gave.
        if self._are_studied():
            rank = "c.ord"
            order = "n.id"
        having = ""
        if self._chosen is not None:
            rank = f"CASE WHEN chosen({self._home}) THEN {rank} END"
            having = f"HAVING min({rank}) IS NOT NULL"
        return _NOTES.format(home=self._home, rank=rank, having=having, order=order.format(rank))

    def _are_studied(self) -> bool:
        if "type" not in self._card_columns:
            return False
        return self._query("SELECT 1 FROM cards WHERE type > 0").fetchone() is not None

    def _read_tables(self) -> None:
        decks = "SELECT id, name, '' FROM decks"
        if "kind" in _columns(self._connection, "decks"):
            decks = "SELECT id, name, kind FROM decks"
        for deck_id, name, kind in self._query(decks):
            self.decks[deck_id] = deck_in_messages(str(name), kind or b"")
        fields = self._parts("SELECT ntid, name, config FROM fields ORDER BY ntid, ord")
        templates = self._parts("SELECT ntid, name, config FROM templates ORDER BY ntid, ord")
        types = self._query("SELECT id, name, mtime_secs, config FROM notetypes")
        for type_id, name, mod, config in types:
            stored = StoredType(
                type_id, str(name), mod, config, fields[type_id], templates[type_id]
            )
            self._types[type_id] = _type_in_json(type_id, type_json(stored))

    def _parts(self, query: str) -> Mapping[int, list[StoredPart]]:
        """Fields or templates by their note type."""
        found: dict[int, list[StoredPart]] = defaultdict(list)
        for type_id, name, config in self._query(query):
            found[type_id].append(StoredPart(str(name), config))
        return found


def _columns(connection: sqlite3.Connection, table: str) -> AbstractSet[str]:
    return {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}


def _fields(guid: str, text: str, note_type: FoundType) -> tuple[str, ...]:
    fields = tuple(text.split("\x1f"))
    if len(fields) != len(note_type.fields):
        raise BadNoteError(f"the note {guid} has not as many fields as its note type")
    return fields


def _ords(guid: str, numbers: str | None, note_type: FoundType) -> tuple[int, ...]:
    if not numbers:
        return ()
    ords = sorted(map(int, numbers.split(",")))
    if ords[0] < 0 or ords[-1] > _last_ord(note_type):
        raise BadNoteError(f"the note {guid} has a card that its note type has not")
    return tuple(ords)


def _last_ord(note_type: FoundType) -> int:
    if note_type.cloze and note_type.templates:
        return _LAST_ORD
    return len(note_type.templates) - 1


def _type_in_json(type_id: int, model: Mapping[str, Any]) -> FoundType:
    fields = model["flds"]
    return FoundType(
        id=type_id,
        name=str(model["name"]),
        mod=int(model["mod"]),
        css=str(model["css"]),
        fields=tuple(str(each["name"]) for each in fields),
        field_ids=tuple(int(each.get("id") or 0) for each in fields),
        templates=tuple(map(_template_in_json, model["tmpls"])),
        cloze=model.get("type") == 1,
        settings=_without(model, _ELSEWHERE_OF_TYPE),
        field_settings=tuple(map(settings_of_field, fields)),
    )


def _template_in_json(model: Mapping[str, Any]) -> FoundTemplate:
    return FoundTemplate(
        str(model["name"]),
        int(model.get("id") or 0),
        str(model["qfmt"]),
        str(model["afmt"]),
        settings_of_template(model),
    )


def settings_of_field(model: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of a field of Anki's JSON that have no place of their own here."""
    return _without(model, _ELSEWHERE_OF_FIELD)


def settings_of_template(model: Mapping[str, Any]) -> Mapping[str, Any]:
    """The keys of a template of Anki's JSON that have no place of their own here."""
    return _without(model, _ELSEWHERE_OF_TEMPLATE)


def _without(model: Mapping[str, Any], keys: AbstractSet[str]) -> Mapping[str, Any]:
    return {key: value for key, value in model.items() if key not in keys}
