"""A package as Anki would read it → its notes: ankipress's own packages and those of other tools.

A package may come from a stranger. Nothing is written, sizes are bounded, and the database is read
with a limit of work.
"""

from __future__ import annotations

import io
import json
import lzma
import sqlite3
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import zstandard

from ankipress.package.protobuf import read_message

_LARGEST = 2 * 1024**3
_PIECE = 1024**2
# What Python's zipfile and the decompressors behind it raise on a file that is damaged, encrypted
# or made to harm.
_UNREADABLE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, OSError, EOFError, RuntimeError, ValueError, OverflowError),
)
_MOST_WORK = 400_000_000  # steps of SQLite's machine: a million notes take a tenth of it


Message = Mapping[int, int | bytes]
"""A message by the numbers of its fields; of one that is repeated the last value counts."""
_Described = tuple[str, Message]  # a field or template


class PackageError(Exception):
    """A package cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class FoundTemplate:
    """A card template in a package; `id` is 0 where it has none."""

    name: str
    id: int = 0
    front: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class FoundType:
    """A note type in a package. `field_ids` are 0 for fields that have none."""

    id: int
    name: str
    fields: tuple[str, ...]
    texts: tuple[str, ...]  # style sheet, then front and back of each template
    mod: int
    field_ids: tuple[int, ...] = ()
    templates: tuple[FoundTemplate, ...] = ()
    cloze: bool = False


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note in a package, its fields in the order of its note type; `ords`, from 0, are those of
    its cards.
    """

    guid: str
    note_id: int
    mod: int
    note_type: FoundType
    deck: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    ords: tuple[int, ...] = ()


def read_package(content: bytes) -> tuple[FoundNote, ...]:
    """The notes of an .apkg in the order in which a learner meets them. Raises PackageError."""
    return read_database(content)[0]


def read_database(content: bytes) -> tuple[tuple[FoundNote, ...], Mapping[str, str]]:
    """The notes of an .apkg, and the descriptions of its decks by name, empty where the format
    hides them.

    Raises PackageError.
    """
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            database = _database(content)
            if not database.startswith(
                b"SQLite format 3\0"
            ):  # of an empty one SQLite says that memory is short
                raise PackageError("its database cannot be read: it is none of SQLite")
            connection.deserialize(_without_log(database))
            guarded = _guarded(connection)
            return tuple(_notes(guarded)), _descriptions(guarded)
    except (
        sqlite3.Error,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
    ) as error:
        raise PackageError(f"its database cannot be read: {error}") from error


def _database(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            # A package of the newest format holds an old database too, which only says that Anki is
            # to be updated.
            for name in ("collection.anki21b", "collection.anki21", "collection.anki2"):
                if name in names:
                    if archive.getinfo(name).file_size > _LARGEST:
                        raise PackageError("its database is too large")
                    database = archive.read(name)
                    return _decompressed(database) if name.endswith("b") else database
    except _UNREADABLE as error:
        raise PackageError(f"it is no zip file that can be read: {error}") from error
    raise PackageError("it holds no collection of Anki")


def _without_log(database: bytes) -> bytes:
    """A database that SQLite opens in memory: Anki's own exports say that there is a log beside the
    file, which is empty.
    """
    # Bytes 18 and 19 of the header: 2 means a write-ahead log, 1 none
    # (https://www.sqlite.org/fileformat2.html).
    return database[:18] + b"\1\1" + database[20:] if database[18:20] == b"\2\2" else database


def _decompressed(database: bytes) -> bytes:
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(database)) as reader:
            # Piece by piece: all that may come would be asked of the memory at once.
            content = bytearray()
            while piece := reader.read(_PIECE):
                content += piece
                if len(content) > _LARGEST:
                    raise PackageError("its database is too large")
    except zstandard.ZstdError as error:
        raise PackageError(f"its database cannot be decompressed: {error}") from error
    return bytes(content)


def _guarded(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A database of a stranger may hold views and triggers that never end."""
    steps = iter(range(_MOST_WORK // 100_000))
    connection.set_progress_handler(lambda: next(steps, None) is None, 100_000)
    connection.create_collation("unicase", _compare)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    kinds = dict(
        connection.execute(
            "SELECT name, type FROM sqlite_master WHERE name IN ('notes', 'cards', 'col')"
        )
    )
    if kinds != {"notes": "table", "cards": "table", "col": "table"}:
        raise PackageError("it holds no collection of Anki")
    return connection


def _compare(one: str, other: str) -> int:
    """Anki's own collation, which its newer tables name."""
    first, second = one.casefold(), other.casefold()
    return (first > second) - (first < second)


def _notes(connection: sqlite3.Connection) -> Iterator[FoundNote]:
    version = connection.execute("SELECT ver FROM col").fetchone()[0]
    types, decks = (
        (_old_types(connection), _old_decks(connection))
        if version < 15
        else (_types(connection), _decks(connection))
    )
    rows = connection.execute(
        "SELECT n.id, n.guid, n.mid, n.mod, n.tags, n.flds, min(c.due), c.did, group_concat(c.ord) FROM notes n"
        " LEFT JOIN cards c ON c.nid = n.id GROUP BY n.id ORDER BY min(c.due), n.id"
    )
    for note_id, guid, type_id, mod, tags, fields, _, deck, ords in rows:
        note_type = types.get(type_id)
        if note_type is None:
            raise PackageError(f"the note {guid} has a note type that is not there")
        values = tuple(str(fields).split("\x1f"))
        cards = tuple(sorted(int(ord) for ord in str(ords or "").split(",") if ord))
        yield FoundNote(
            str(guid),
            int(note_id),
            int(mod),
            note_type,
            decks.get(deck, ""),
            values,
            tuple(str(tags).split()),
            cards,
        )


def _old_types(connection: sqlite3.Connection) -> Mapping[int, FoundType]:
    """Note types of schema 11, which stand in one JSON text."""
    models: Mapping[str, Any] = json.loads(
        connection.execute("SELECT models FROM col").fetchone()[0]
    )
    return {int(key): _old_type(int(key), model) for key, model in models.items()}


def _old_type(number: int, model: Mapping[str, Any]) -> FoundType:
    fields = tuple(str(each["name"]) for each in model["flds"])
    texts = (
        model["css"],
        *(text for each in model["tmpls"] for text in (each["qfmt"], each["afmt"])),
    )
    field_ids = tuple(int(each.get("id") or 0) for each in model["flds"])
    templates = tuple(
        FoundTemplate(
            str(each["name"]), int(each.get("id") or 0), str(each["qfmt"]), str(each["afmt"])
        )
        for each in model["tmpls"]
    )
    is_cloze = int(model.get("type") or 0) == 1
    return FoundType(
        number,
        str(model["name"]),
        fields,
        tuple(map(str, texts)),
        int(model["mod"]),
        field_ids,
        templates,
        is_cloze,
    )


def _old_decks(connection: sqlite3.Connection) -> Mapping[int, str]:
    decks: Mapping[str, Any] = json.loads(connection.execute("SELECT decks FROM col").fetchone()[0])
    return {int(key): str(deck["name"]) for key, deck in decks.items()}


def _types(connection: sqlite3.Connection) -> Mapping[int, FoundType]:
    """Note types of schema 15 and later, which stand in tables; what they hold is in messages of
    Anki's own.
    """
    fields = _by_type(
        connection.execute("SELECT ntid, name, config FROM fields ORDER BY ntid, ord")
    )
    templates = _by_type(
        connection.execute("SELECT ntid, name, config FROM templates ORDER BY ntid, ord")
    )
    rows = connection.execute("SELECT id, name, mtime_secs, config FROM notetypes").fetchall()
    return {
        number: _type((number, name, mod), config, fields[number], templates[number])
        for number, name, mod, config in rows
    }


def _by_type(rows: Iterable[tuple[int, str, bytes]]) -> Mapping[int, Sequence[_Described]]:
    """Names and messages of fields or templates, in their order, by the note type."""
    found: dict[int, list[_Described]] = defaultdict(list)
    for number, name, config in rows:
        found[number].append((str(name), dict(read_message(config))))
    return found


def _type(
    head: tuple[int, str, int],
    config: bytes,
    fields: Sequence[_Described],
    templates: Sequence[_Described],
) -> FoundType:
    """A note type by its id, name and time, and by what `proto/anki/notetypes.proto` numbers."""
    number, name, mod = head
    message = dict(read_message(config))
    found = tuple(
        FoundTemplate(name, _number(each, 8), _text(each, 1), _text(each, 2))
        for name, each in templates
    )
    return FoundType(
        id=number,
        name=str(name),
        fields=tuple(name for name, _ in fields),
        texts=(_text(message, 3), *(text for each in found for text in (each.front, each.back))),
        mod=int(mod),
        field_ids=tuple(_number(each, 9) for _, each in fields),
        templates=found,
        cloze=message.get(1) == 1,
    )


def _number(message: Message, number: int) -> int:
    value = message.get(number, 0)
    return value if isinstance(value, int) else 0


def _text(message: Message, number: int) -> str:
    value = message.get(number, b"")
    return value.decode() if isinstance(value, bytes) else ""


def _decks(connection: sqlite3.Connection) -> Mapping[int, str]:
    return {
        number: str(name).replace("\x1f", "::")
        for number, name in connection.execute("SELECT id, name FROM decks")
    }


def _descriptions(connection: sqlite3.Connection) -> Mapping[str, str]:
    version = connection.execute("SELECT ver FROM col").fetchone()[0]
    if version >= 15:
        return dict.fromkeys(_decks(connection).values(), "")
    decks: Mapping[str, Any] = json.loads(connection.execute("SELECT decks FROM col").fetchone()[0])
    return {str(deck["name"]): str(deck.get("desc") or "") for deck in decks.values()}
