"""Attacks by a package that somebody else made."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import zstandard

from packages import edited_package, zipped
from security.arena import Arena
from security.attack import Family

PACKAGE = Family(
    "package",
    (
        *("check --against PACKAGE", "diff PACKAGE", "recover PACKAGE"),
        *("import PACKAGE new", "release --against PACKAGE 3.0.0", "verify PACKAGE"),
        "pull --yes --theirs PACKAGE",
    ),
)
FILE = "old.apkg"
_MEDIA_READERS = ("diff PACKAGE", "diff --format html PACKAGE", "verify PACKAGE")
_SHOWN = (
    *("diff --format markdown PACKAGE", "diff --format html PACKAGE"),
    "import --dry-run PACKAGE new",
    "pull --diff PACKAGE",
)
_HOSTILE = "a\x1b[31m\n::error::e\u202e\x9bb"


@cache
def _squeezed(begin: bytes, size: int) -> bytes:
    """Some bytes and then zeros, as zstandard squeezes them."""
    compressor = zstandard.ZstdCompressor().compressobj()
    piece = bytes(1_000_000)
    pieces = [compressor.compress(begin)]
    pieces += [compressor.compress(piece) for _ in range(size // len(piece))]
    return b"".join([*pieces, compressor.flush()])


def _database(arena: Arena) -> bytes:
    with zipfile.ZipFile(arena.package) as archive:
        return archive.read("collection.anki2")


def _newest(arena: Arena, media: bytes, members: dict[str, bytes] | None = None) -> None:
    """Make the package one of Anki's newest format, with this list of media."""
    squeeze = zstandard.ZstdCompressor().compress
    contents = {"collection.anki21b": squeeze(_database(arena)), "media": media}
    arena.package.write_bytes(zipped(contents | (members or {}), zipfile.ZIP_STORED))


def _edit(arena: Arena, *statements: str) -> None:
    """Run some SQL in the database of the package."""

    def run(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    arena.package.write_bytes(edited_package(arena.package.read_bytes(), run))


def edit_column(arena: Arena, column: str, change: Callable[[Any], Any]) -> None:
    """Change the models or decks, JSON in a column of the package's only row of `col`."""

    def run(connection: sqlite3.Connection) -> None:
        [(text,)] = connection.execute(f"SELECT {column} FROM col")
        value = json.loads(text)
        for each in value.values():
            change(each)
        connection.execute(f"UPDATE col SET {column} = ?", [json.dumps(value)])

    arena.package.write_bytes(edited_package(arena.package.read_bytes(), run))


@PACKAGE.attack("a bomb of media", names=[FILE], noticed_by=_MEDIA_READERS)
def _media_bomb(arena: Arena) -> None:
    """Forty files of 200 MB of zeros are squeezed into a few kilobytes each."""
    squeeze = zstandard.ZstdCompressor().compress
    names = [f"zeros{number:02}.png".encode() for number in range(40)]
    entries = [b"\x0a" + bytes([len(name)]) + name for name in names]
    listed = b"".join(b"\x0a" + bytes([len(entry)]) + entry for entry in entries)
    bomb = _squeezed(b"", 200_000_000)
    _newest(arena, squeeze(listed), {str(number): bomb for number in range(40)})


@PACKAGE.attack("a bomb as list of media", names=[FILE], noticed_by=_MEDIA_READERS)
def _list_bomb(arena: Arena) -> None:
    """The list of media is 1.9 GB of zeros."""
    _newest(arena, _squeezed(b"", 1_900_000_000))


@PACKAGE.attack("a bomb as database", names=[FILE])
def _database_bomb(arena: Arena) -> None:
    """The database is followed by 1.9 GB of zeros."""
    database = _squeezed(_database(arena), 1_900_000_000)
    members = {"collection.anki21b": database, "media": zstandard.ZstdCompressor().compress(b"")}
    arena.package.write_bytes(zipped(members, zipfile.ZIP_STORED))


@PACKAGE.attack("a bomb of the older format", names=[FILE], noticed_by=_MEDIA_READERS)
def _old_bomb(arena: Arena) -> None:
    """A picture of 1 GB of zeros is squeezed by the zip itself."""
    arena.package.write_bytes(_deflated_bomb(_database(arena)))


@cache
def _deflated_bomb(database: bytes) -> bytes:
    buffer = io.BytesIO()
    piece = bytes(1_000_000)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("collection.anki2", database)
        archive.writestr("media", json.dumps({str(number): f"{number}.png" for number in range(9)}))
        for number in range(9):
            with archive.open(str(number), "w") as member:
                for _ in range(110):
                    member.write(piece)
    return buffer.getvalue()


def _generated(arena: Arena, expression: str) -> None:
    """Let the fields of the notes be computed whenever they are read."""
    _edit(
        arena,
        "ALTER TABLE notes RENAME TO old_notes",
        "CREATE TABLE notes (id INTEGER, guid TEXT, mid INTEGER, mod INTEGER, usn INTEGER,"
        " tags TEXT, sfld TEXT, csum INTEGER, flags INTEGER, data TEXT)",
        "INSERT INTO notes SELECT id, guid, mid, mod, usn, tags, sfld, csum, flags, data"
        " FROM old_notes",
        "DROP TABLE old_notes",
        # Afterwards, since an insertion would compute it.
        f"ALTER TABLE notes ADD COLUMN flds TEXT GENERATED ALWAYS AS ({expression}) VIRTUAL",
    )


@PACKAGE.attack("a column that compares for ever", names=[FILE])
def _glob(arena: Arena) -> None:
    """The fields are a generated column that compares a long text with a long pattern."""
    _generated(arena, "hex(zeroblob(20000000)) GLOB ('*' || hex(zeroblob(24000)) || '1')")


@PACKAGE.attack("a column that grows", names=[FILE])
def _printf(arena: Arena) -> None:
    """The fields are a generated column with a text of 900 million characters."""
    _generated(arena, "printf('%.900000000c', 'x') || printf('%.90000000c', 'y')")


@PACKAGE.attack("a view in the place of a table", names=[FILE])
def _view(arena: Arena) -> None:
    """The table of notes is a view that never ends."""
    _edit(
        arena,
        "ALTER TABLE notes RENAME TO old_notes",
        "CREATE VIEW notes AS WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more)"
        " SELECT old_notes.* FROM old_notes, more",
    )


@PACKAGE.attack("a trigger and a virtual table", names=())
def _virtual(arena: Arena) -> None:
    """The database holds triggers and a table of full text search, whose content is damaged."""
    _edit(
        arena,
        "CREATE TRIGGER t AFTER UPDATE ON notes BEGIN DELETE FROM notes; END",
        "CREATE TRIGGER u AFTER INSERT ON cards BEGIN DELETE FROM cards; END",
        "CREATE VIRTUAL TABLE v USING fts4(x)",
        "UPDATE v_segdir SET root = zeroblob(1000)",
    )


def _media(arena: Arena, *names: str) -> None:
    """Let the package hold files of these names."""
    members = {str(number): b"hostile" for number in range(len(names))}
    listed = json.dumps({str(number): name for number, name in enumerate(names)})
    content = arena.package.read_bytes()
    package = edited_package(content, lambda _: None, members | {"media": listed.encode()})
    arena.package.write_bytes(package)


@PACKAGE.attack("media that lead out", names=[FILE], noticed_by=["verify PACKAGE"])
def _traversal(arena: Arena) -> None:
    """The name of a file is `../../../outside/index.html`, and one more is an absolute path."""
    _media(arena, "../../../outside/index.html", "../../x", str(arena.outside / "index.html"))


@PACKAGE.attack("media with odd names", names=())
def _odd_media(arena: Arena) -> None:
    """Names of files hold escapes and a line for CI, are empty, a folder, or hold a zero."""
    _media(arena, _HOSTILE, "", ".", "a\0b.png", "x" * 5000, "con", "\ud800")


@PACKAGE.attack("a list of media that is none", names=[FILE], noticed_by=["verify PACKAGE"])
def _media_list(arena: Arena) -> None:
    """The list of media is nested beyond the stack."""
    members = {"media": b"[" * 100_000}
    package = edited_package(arena.package.read_bytes(), lambda _: None, members)
    arena.package.write_bytes(package)


@PACKAGE.attack(
    "a damaged package",
    names=[FILE],
    also=[
        "recover --dry-run PACKAGE",
        "diff --format html PACKAGE",
        "import --dry-run PACKAGE new",
    ],
)
def _damaged(arena: Arena) -> None:
    """The second half of the package is noise."""
    content = arena.package.read_bytes()
    half = len(content) // 2
    noise = bytes(number * 37 % 256 for number in range(half))
    arena.package.write_bytes(content[:half] + noise)


@PACKAGE.attack("members that lead out")
def _members(arena: Arena) -> None:
    """The zip holds members whose names lead out, beside those of a package."""
    members = {"../../outside/index.html": b"hostile", str(arena.outside / "new.html"): b"hostile"}
    package = edited_package(arena.package.read_bytes(), lambda _: None, members)
    arena.package.write_bytes(package)


@PACKAGE.attack("no package at all", names=[FILE])
def _no_package(arena: Arena) -> None:
    """The package is a text with escapes and a line for CI in it."""
    arena.package.write_text(_HOSTILE * 100, encoding="utf-8")


@PACKAGE.attack("fields with escapes", also=_SHOWN)
def _fields(arena: Arena) -> None:
    """Fields, tags and guids hold escapes, a line for CI, and names of people."""

    def change(connection: sqlite3.Connection) -> None:
        fields = f"{_HOSTILE} @victim #1"
        for note_id, flds in connection.execute("SELECT id, flds FROM notes").fetchall():
            hostile = "\x1f".join(f"{each} {fields}" for each in flds.split("\x1f"))
            tags = f" {_HOSTILE.replace(chr(10), '')} ::error::e @victim "
            guid = f"{note_id}{_HOSTILE}"
            row = (hostile, tags, guid, note_id)
            connection.execute("UPDATE notes SET flds = ?, tags = ?, guid = ? WHERE id = ?", row)

    arena.package.write_bytes(edited_package(arena.package.read_bytes(), change))


@PACKAGE.attack("note types with escapes", also=_SHOWN)
def _note_types(arena: Arena) -> None:
    """Names of note types, fields and templates hold escapes, a line for CI, and names."""

    def change(model: Any) -> None:
        model["name"] += f"{_HOSTILE} @victim #1"
        for each in (*model["flds"], *model["tmpls"]):
            each["name"] += f"{_HOSTILE} @victim #1"

    edit_column(arena, "models", change)


@PACKAGE.attack("decks with escapes", also=_SHOWN)
def _decks(arena: Arena) -> None:
    """Names and descriptions of decks hold escapes, a line for CI, and names."""

    def change(deck: Any) -> None:
        deck["name"] += f"::{_HOSTILE} @victim #1"
        deck["desc"] = f"{_HOSTILE} @victim #1"

    edit_column(arena, "decks", change)


@PACKAGE.attack("values of other types")
def _types(arena: Arena) -> None:
    """Numbers are texts with escapes, texts are blobs that are no UTF-8, times lie beyond all."""
    _edit(
        arena,
        "UPDATE notes SET mod = 'a' || char(27) || '[31m' WHERE id = (SELECT min(id) FROM notes)",
        "UPDATE notes SET flds = x'fffe00' WHERE id = (SELECT max(id) FROM notes)",
        "UPDATE cards SET due = 9223372036854775807, ord = 9223372036854775807",
        "UPDATE col SET mod = -9223372036854775808",
    )


@PACKAGE.attack("a template of five thousand fields", names=())
def _large_template(arena: Arena) -> None:
    """A template names five thousand fields, and the first field has 100 kB."""

    def change(model: Any) -> None:
        names = "".join(f"{{{{{each['name']}}}}}" for each in model["flds"])
        for each in model["tmpls"]:
            each["qfmt"] = names * 1000

    edit_column(arena, "models", change)
    _edit(arena, "UPDATE notes SET flds = hex(zeroblob(50000)) || flds")
