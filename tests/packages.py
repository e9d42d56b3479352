"""Packages as they are read, and as another tool, a broken lock or an enemy might have made them.

`old_package` and `new_package` are valid, in both of Anki's formats. `members_of` and `zipped` take
a package apart and put it together, so that a test can change any part of it in between:
`edited` does so for its database, by SQL or as bytes.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from ankipress.build.pipeline import make_package
from ankipress.diff.edition import Edition, package_edition
from ankipress.model import Field, LoadedContent, MediaFile, NoteType, Package, PackedNote, Template
from ankipress.package.package_reading import FoundNote, PackageContents, read_contents

NOTE_TYPE = NoteType(
    key="basic",
    id=1_300_000_000_001,
    name="deck Basic",
    fields=(Field("Front", 11), Field("Back", 12)),
    templates=(Template("Card 1", 21, "{{Front}}", "{{Back}}"),),
    css=".card {}",
    mod=1_600_000_000,
)
CLOZE = NoteType(
    key="cloze",
    id=1_300_000_000_002,
    name="deck Cloze",
    fields=(Field("Text", 13),),
    templates=(Template("Cloze", 22, "{{cloze:Text}}", "{{cloze:Text}}"),),
    css="",
    cloze=True,
    mod=7,
)
NOTES = (
    PackedNote("one", 11, 1_700_000_000, "basic", "Deck::Größe", ("Q", "A"), ("a", "b"), (0,)),
    PackedNote("two", 10, 1_700_000_001, "cloze", "Deck", ("{{c1::x}} {{c3::y}}",), (), (0, 2)),
)
MEDIA = (
    MediaFile("heart-0123.png", LoadedContent(b"\x89PNG")),
    MediaFile("größe-4567.svg", LoadedContent(b"<svg/>")),
)
PACKAGE = Package("deck", "1.0.0", "**deck 1.0.0**", (NOTE_TYPE, CLOZE), NOTES, MEDIA)

OLD = "collection.anki2"
NEWEST = "collection.anki21b"
NEW_META = b"\x08\x03"  # the version of the newest format


def contents_of(content: bytes) -> PackageContents:
    """All that a package holds."""
    return read_contents(io.BytesIO(content))


def read_package(content: bytes) -> tuple[FoundNote, ...]:
    """The notes of a package."""
    return contents_of(content).notes


def edition_of_package(content: bytes, label: str) -> Edition:
    """The edition in a package."""
    return package_edition(contents_of(content), label)


def without_engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no process of ankipress find Anki's engine."""
    (folder / "anki").mkdir()
    (folder / "anki" / "__init__.py").write_text("raise ImportError('it is not there')\n")
    monkeypatch.syspath_prepend(folder)


# Packages


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A package of these files, whatever they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def members_of(package: bytes) -> dict[str, bytes]:
    """The files of a package, as they are in its zip."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(
    package: bytes,
    edit: Callable[[bytes], bytes],
    members: Mapping[str, bytes] | None = None,
) -> bytes:
    """A package of any format with its database changed, and with other files in it or more of
    them.
    """
    contents = members_of(package)
    if NEWEST in contents:
        database = zstandard.ZstdDecompressor().decompress(contents[NEWEST])
        contents[NEWEST] = zstd(edit(database))
    else:
        contents[OLD] = edit(contents[OLD])
    return zipped({**contents, **(members or {})})


def by_sql(edit: Callable[[sqlite3.Connection], object]) -> Callable[[bytes], bytes]:
    """A change of a database that a connection makes."""

    def change(database: bytes) -> bytes:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(without_log(database))
            connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
            edit(connection)
            connection.commit()
            return connection.serialize()

    return change


def edited_package(
    package: bytes,
    edit: Callable[[sqlite3.Connection], object],
    members: Mapping[str, bytes] | None = None,
) -> bytes:
    """A package with its database edited, and with other files in it or more of them."""
    return edited(package, by_sql(edit), members)


def old_package(*statements: str, **members: bytes) -> bytes:
    """ankipress's own package, its database changed by some statements."""
    return edited_package(
        make_package(PACKAGE),
        lambda database: [database.execute(each) for each in statements],
        members,
    )


# A package of the newest format, as Anki writes it: a database in tables, messages, and zstd.


def zstd(content: bytes, level: int = 3) -> bytes:
    """Some bytes, compressed as in the newest format."""
    return zstandard.ZstdCompressor(level).compress(content)


def message(fields: Mapping[int, int | str | bytes]) -> bytes:
    """A message of Protocol Buffers."""
    written = b""
    for number, value in fields.items():
        if isinstance(value, int):
            written += varint(number << 3) + varint(value)
        else:
            content = value.encode() if isinstance(value, str) else value
            written += varint(number << 3 | 2) + varint(len(content)) + content
    return written


def varint(value: int) -> bytes:
    """A number as Protocol Buffers write it."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


def media_entries(*names: str) -> bytes:
    """Anki's list of media: for each its name and its size."""
    return b"".join(message({1: message({1: name, 2: 5})}) for name in names)


TABLES = """
    CREATE TABLE col (ver, models, decks);
    CREATE TABLE notes (id, guid, mid, mod, tags, flds);
    CREATE TABLE cards (nid, did, ord, due);
    CREATE TABLE decks (id INTEGER PRIMARY KEY, name TEXT COLLATE unicase);
    CREATE UNIQUE INDEX idx_decks_name ON decks (name);
    CREATE TABLE notetypes (id INTEGER PRIMARY KEY, name TEXT, mtime_secs, config BLOB);
    CREATE TABLE fields (ntid, ord, name TEXT COLLATE unicase, config BLOB);
    CREATE TABLE templates (ntid, ord, name TEXT COLLATE unicase, config BLOB);
    INSERT INTO col VALUES (18, '', '');
"""


def new_collection(*statements: str) -> bytes:
    """The same two notes in a database of schema 18, then changed by some statements."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.executescript(TABLES)
        for deck, each in enumerate(NOTES):
            note_type = {"basic": NOTE_TYPE, "cloze": CLOZE}[each.note_type]
            fields, tags = "\x1f".join(each.fields), " ".join(each.tags)
            note = (each.note_id, each.guid, note_type.id, each.mod, tags, fields)
            connection.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?)", note)
            name = each.deck.replace("::", "\x1f")
            connection.execute("INSERT INTO decks VALUES (?, ?)", (deck, name))
            for ord in each.ords:
                card = (each.note_id, deck, ord, deck)
                connection.execute("INSERT INTO cards VALUES (?, ?, ?, ?)", card)
            _add_note_type(connection, note_type)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return with_log(connection.serialize())


def with_log(database: bytes) -> bytes:
    """A database whose header names a write-ahead log, as those of Anki's exports do."""
    return database[:18] + b"\2\2" + database[20:]


def without_log(database: bytes) -> bytes:
    """A database whose header names no write-ahead log, which SQLite opens in memory."""
    return database[:18] + b"\1\1" + database[20:]


def _add_note_type(connection: sqlite3.Connection, note_type: NoteType) -> None:
    config = message({1: int(note_type.cloze), 3: note_type.css})
    head = (note_type.id, note_type.name, note_type.mod, config)
    connection.execute("INSERT INTO notetypes VALUES (?, ?, ?, ?)", head)
    for number, field in enumerate(note_type.fields):
        row = (note_type.id, number, field.name, message({9: field.id or 0}))
        connection.execute("INSERT INTO fields VALUES (?, ?, ?, ?)", row)
    for number, each in enumerate(note_type.templates):
        config = message({1: each.front, 2: each.back, 8: each.id or 0})
        row = (note_type.id, number, each.name, config)
        connection.execute("INSERT INTO templates VALUES (?, ?, ?, ?)", row)


def new_package(collection: bytes | None = None, **members: bytes) -> bytes:
    """A package in which all but the old collection and `meta` is compressed with zstd."""
    contents = {
        NEWEST: new_collection() if collection is None else collection,
        "media": media_entries(*(each.name for each in MEDIA)),
        **{str(number): each.read() for number, each in enumerate(MEDIA)},
        **members,
    }
    compressed = {name: zstd(content) for name, content in contents.items()}
    return zipped({"meta": NEW_META, OLD: b"", **compressed})


def listing(*names: str) -> bytes:
    """The list of media of an old package."""
    return json.dumps({str(number): name for number, name in enumerate(names)}).encode()
