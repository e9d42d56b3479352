"""Valid packages, and edits of them that bytes choose.

Random bytes are no zip file, and a damaged zip file is refused at once. So what fuzzing and
hypothesis draw are edits: of rows, tables, JSON, messages, the list of media, and the zip itself.
"""

from __future__ import annotations

import io
import json
import sqlite3
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import cache
from itertools import count
from typing import Any, TypeVar

import zstandard

from ankipress.build.pipeline import compile_deck, make_package
from ankipress.model import Lock, Source
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from author import picture
from packages import NEW_META, message
from stages import Files

T = TypeVar("T")

_TIME = 1_700_000_000
_MOST_EDITS = 12
_MOST_STEPS = 2_000_000  # of SQLite, for an edit: some would never end
_CARDS = """\
---
tags: [heart, blood]
---
# Heart

## Which side? {reverse .left}

Left: ![a heart](a.png) and ![a grey one](b.png)

## Gaps

{{c1::Two}} and {{c3::four}} of them.
"""

OLD = "collection.anki2"
NEW = "collection.anki21b"

# The tables that are read of the newest format, with the columns that are.
_NEW_TABLES = """
    CREATE TABLE col (ver, models, decks);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, mod, tags, flds);
    CREATE TABLE cards (id INTEGER PRIMARY KEY, nid, did, odid, ord, due, type, queue, flags);
    CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid);
    CREATE TABLE decks (id INTEGER PRIMARY KEY, name TEXT COLLATE unicase, kind BLOB);
    CREATE UNIQUE INDEX idx_decks_name ON decks (name);
    CREATE TABLE notetypes (id INTEGER PRIMARY KEY, name TEXT, mtime_secs, config BLOB);
    CREATE TABLE fields (ntid, ord, name TEXT COLLATE unicase, config BLOB);
    CREATE TABLE templates (ntid, ord, name TEXT COLLATE unicase, config BLOB);
    INSERT INTO col VALUES (18, '', '');
"""


@cache
def valid_packages() -> tuple[bytes, bytes]:
    """The package of two cards and two pictures, in the format that ankipress writes and in Anki's
    newest one.
    """
    files = Files({"a.png": picture(1), "b.png": picture(2)})
    settings = Settings(name="valid", uid="valid-package", version="1.0.0")
    project = Project(settings, (Source("cards.md", _CARDS),), Lock(), files)
    package = make_package(compile_deck(project, _TIME).package)
    return package, _in_newest_format(package)


def _in_newest_format(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    names = json.loads(members["media"])
    entries = [message({1: names[str(number)], 2: 1}) for number in range(len(names))]
    members["media"] = b"".join(message({1: entry}) for entry in entries)
    with _opened(members.pop(OLD)) as old, _opened(b"") as new:
        new.executescript(_NEW_TABLES)
        _copy_rows(old, new)
        members[NEW] = new.serialize()
    members["meta"] = NEW_META
    packed = {OLD: b"", **{name: _compressed(name, each) for name, each in members.items()}}
    return _zip_of(packed.items(), zipfile.ZIP_DEFLATED)


def _compressed(name: str, content: bytes) -> bytes:
    """A member of the newest format, in which all but `meta` is compressed."""
    if name == "meta":
        return content
    return zstandard.ZstdCompressor().compress(content)


def _expanded(name: str, stored: bytes) -> bytes:
    if name == "meta":
        return stored
    return zstandard.ZstdDecompressor().decompress(stored)


def _copy_rows(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    [(models, decks)] = old.execute("SELECT models, decks FROM col")
    rows = old.execute("SELECT id, guid, mid, mod, tags, flds FROM notes")
    new.executemany("INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?)", rows)
    rows = old.execute("SELECT id, nid, did, odid, ord, due, type, queue, flags FROM cards")
    new.executemany("INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    for deck in json.loads(decks).values():
        name = deck["name"].replace("::", "\x1f")
        kind = message({1: message({1: 1, 4: deck["desc"]})})
        new.execute("INSERT INTO decks VALUES (?, ?, ?)", (deck["id"], name, kind))
    for key, model in json.loads(models).items():
        needs = message({1: 0, 2: 1, 3: bytes([0])})
        config = message({1: model["type"], 3: model["css"], 8: needs})
        row = (int(key), model["name"], model["mod"], config)
        new.execute("INSERT INTO notetypes VALUES (?, ?, ?, ?)", row)
        for ord, field in enumerate(model["flds"]):
            config = message({9: field["id"]})
            row = (int(key), ord, field["name"], config)
            new.execute("INSERT INTO fields VALUES (?, ?, ?, ?)", row)
        for ord, template in enumerate(model["tmpls"]):
            config = message({1: template["qfmt"], 2: template["afmt"], 8: template["id"]})
            row = (int(key), ord, template["name"], config)
            new.execute("INSERT INTO templates VALUES (?, ?, ?, ?)", row)
    new.commit()


def _zip_of(members: Iterable[tuple[str, bytes]], method: int) -> bytes:
    """A zip file of members, of which two may have one name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            info = zipfile.ZipInfo()
            info.filename = name or "empty"  # ZipInfo would end it at a NUL
            archive.writestr(info, content, method)
    return buffer.getvalue()


class Choices:
    """Numbers, values and texts out of bytes. What is drawn after the last byte is 0."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    @property
    def left(self) -> bool:
        """Whether there are bytes that have chosen nothing yet."""
        return self._position < len(self._content)

    def taken(self, length: int) -> bytes:
        """The next bytes, fewer at the end."""
        start = self._position
        self._position += length
        return self._content[start : start + length]

    def number(self, below: int) -> int:
        """A number from 0."""
        length = 1
        if below > 256:
            length = 4
        return int.from_bytes(self.taken(length), "big") % max(1, below)

    def one_of(self, several: Sequence[T]) -> T:
        """One of some values."""
        return several[self.number(len(several))]

    def some_bytes(self) -> bytes:
        """A few bytes."""
        return self.taken(self.number(24))

    def text(self) -> str:
        """A text: one that is known to be odd, or any."""
        if self.number(2):
            return self.one_of(_TEXTS)
        return self.some_bytes().decode("utf-8", "replace")

    def stored(self) -> object:
        """What SQLite stores in a cell."""
        kind = self.number(5)
        if kind == 0:
            return None
        if kind == 1:
            return self.one_of(_NUMBERS)
        if kind == 2:
            return self.some_bytes()
        if kind == 3:
            return self.number(2**32) / 7
        return self.text()

    def json(self) -> object:
        """A value of JSON."""
        return self.one_of((None, True, {}, [], [[]], {"1": {}}, *_NUMBERS, *_TEXTS))


_NUMBERS = (0, 1, -1, 2, 7, 11, 15, 18, 255, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
_TEXTS = (
    "",
    "0",
    "-1",
    "0,0,1",
    "x",
    "1e999",
    "a\x1fb",
    "a\x1fb\x1fc\x1fd",
    "A::B",
    "\x1b[31m",
    "\u202e",
    "\x00",
    "{}",
    "[]",
    "null",
    "NaN",
    '{"1": {}}',
    "[" * 2_000,
    "../../x",
    "/x",
    "C:\\x",
    "<script>alert(1)</script>",
    "{{FrontSide}}",
    "**valid 9.9.9**",
    "é" * 300,
)


class PackageDraft:
    """A package that is being edited: its database, its other members, and how each is stored."""

    def __init__(self, package: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            stored = {name: archive.read(name) for name in archive.namelist()}
        self.is_new = NEW in stored
        self.collection = OLD
        if self.is_new:
            self.collection = NEW
            stored = {name: _expanded(name, each) for name, each in stored.items() if each}
        self.database = stored.pop(self.collection)
        self.members = stored
        self.method = zipfile.ZIP_DEFLATED
        self.copies: list[tuple[str, bytes]] = []
        self.damage: list[Callable[[bytes], bytes]] = []
        """What happens to the bytes of the zip file in the end."""

    def packed(self) -> bytes:
        """The bytes of the package."""
        members = [(self.collection, self.database), *self.members.items(), *self.copies]
        if self.is_new:
            members = [(name, _compressed(name, each)) for name, each in members]
        content = _zip_of(members, self.method)
        for damage in self.damage:
            content = damage(content)
        return content

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What a statement gives, and the database as it is afterwards, as far as SQLite does it.

        A database that was damaged before may be one that SQLite no longer opens.
        """
        rows: list[tuple[Any, ...]] = []
        with suppress(sqlite3.Error, OverflowError), _opened(self.database) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            rows = connection.execute(statement, values).fetchall()
            connection.commit()
            self.database = connection.serialize()
        return rows


@cache
def _unicase(one: str, other: str) -> int:
    return (one > other) - (one < other)


class _Steps:
    """Ends a statement that takes too many steps."""

    def __init__(self) -> None:
        self._left = count(_MOST_STEPS // 10_000, -1)

    def __call__(self) -> bool:
        return next(self._left) <= 0


def _connected(database: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.create_collation("unicase", _unicase)
    if database:
        connection.deserialize(database)
    connection.set_progress_handler(_Steps(), 10_000)
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    return connection


def _opened(database: bytes) -> closing[sqlite3.Connection]:
    return closing(_connected(database))


_TABLES = ("notes", "cards", "col", "decks", "notetypes", "fields", "templates")
_COLUMNS = (
    *("id", "guid", "mid", "mod", "tags", "flds", "nid", "did", "due", "ord", "ver", "models"),
    *("decks", "name", "mtime_secs", "config", "ntid"),
)
_EXPRESSIONS = (
    *("1", "NULL", "x'00ff'", "abs(-1)", "random()", "hex(randomblob(9))", "zeroblob(99)"),
    *("(SELECT 1)", "rowid", "id + 1", "CAST(id AS TEXT)", "json('[')", "1 / 0", "lower(id)"),
)
_SCHEMA = (
    "DROP TABLE {table}",
    "ALTER TABLE {table} RENAME TO {other}",
    "ALTER TABLE {table} RENAME COLUMN {column} TO {other_column}",
    "ALTER TABLE {table} DROP COLUMN {column}",
    "ALTER TABLE {table} ADD COLUMN {column}",
    "ALTER TABLE {table} ADD COLUMN {column} AS ({expression})",
    "CREATE VIEW {table} AS SELECT * FROM {other}",
    "CREATE TABLE {table} ({column}, {other_column})",
    "CREATE INDEX odd ON {table} ({column}, {expression})",
    "CREATE INDEX odd ON {table} ({column} COLLATE unicase)",
    "CREATE TRIGGER odd AFTER INSERT ON {table} BEGIN DELETE FROM {other}; END",
    "UPDATE sqlite_master SET sql = replace(sql, '{column}', '{other_column}')",
    "UPDATE sqlite_master SET rootpage = {number} WHERE name = '{table}'",
    "UPDATE sqlite_master SET type = 'view' WHERE name = '{table}'",
    "DELETE FROM sqlite_master WHERE name = '{table}'",
)


def _edit_cell(draft: PackageDraft, choices: Choices) -> None:
    table = choices.one_of(_TABLES)
    column = choices.one_of(_COLUMNS)
    where = ""
    if choices.number(2):
        where = f" WHERE rowid = (SELECT min(rowid) FROM {table})"
    # A package is to be edited by any value here.
    statement = f"UPDATE {table} SET {column} = ?{where}"
    draft.execute(statement, choices.stored())


def _edit_rows(draft: PackageDraft, choices: Choices) -> None:
    table = choices.one_of(_TABLES)
    if choices.number(2):
        draft.execute(f"DELETE FROM {table} WHERE rowid % 2 = ?", choices.number(2))
        return
    columns = [row[1] for row in draft.execute(f"PRAGMA table_info({table})")]
    others = ", ".join(columns[1:])
    key = choices.one_of(("NULL", "9", *columns[:1]))
    if columns:
        draft.execute(f"INSERT INTO {table} SELECT {key}, {others} FROM {table}")


def _edit_schema(draft: PackageDraft, choices: Choices) -> None:
    statement = choices.one_of(_SCHEMA)
    draft.execute(
        statement.format(
            table=choices.one_of(_TABLES),
            other=choices.one_of(_TABLES),
            column=choices.one_of(_COLUMNS),
            other_column=choices.one_of(_COLUMNS),
            expression=choices.one_of(_EXPRESSIONS),
            number=choices.number(40),
        )
    )


def _edit_json(draft: PackageDraft, choices: Choices) -> None:
    column = choices.one_of(("models", "decks"))
    for (text,) in draft.execute(f"SELECT {column} FROM col"):
        with suppress(ValueError, TypeError, RecursionError):
            tree = _with_edit(json.loads(text), choices)
            draft.execute(f"UPDATE col SET {column} = ?", json.dumps(tree))


def _with_edit(tree: object, choices: Choices) -> object:
    """A tree of JSON with a value changed, taken out, or put under another key."""
    places = list(_places(tree))
    if not places:
        return choices.json()
    holder, key = choices.one_of(places)
    action = choices.number(4)
    if action == 0:
        del holder[key]
    elif action == 1 and isinstance(holder, dict):
        holder[choices.text()] = holder.pop(key)
    elif action == 2 and isinstance(holder, list):
        holder.append(holder[key])
    else:
        holder[key] = choices.json()
    return tree


def _places(tree: object) -> Iterator[tuple[Any, Any]]:
    """Every dict and list in a tree, with each of its keys."""
    if isinstance(tree, dict):
        keys: list[Any] = list(tree)
    elif isinstance(tree, list):
        keys = list(range(len(tree)))
    else:
        return
    for key in keys:
        yield tree, key
        yield from _places(tree[key])


def _edit_message(draft: PackageDraft, choices: Choices) -> None:
    table = choices.one_of(("notetypes", "fields", "templates"))
    for row, config in draft.execute(f"SELECT rowid, config FROM {table} LIMIT 1"):
        if isinstance(config, bytes):
            edited = _edited_message(config, choices)
            draft.execute(f"UPDATE {table} SET config = ? WHERE rowid = ?", edited, row)


def _edited_message(content: bytes, choices: Choices) -> bytes:
    place = choices.number(len(content) + 1)
    action = choices.number(5)
    if action == 0:
        return content[:place]
    if action == 1:
        return content[:place] + choices.some_bytes() + content[place:]
    if action == 2:
        return content + message({1 + choices.number(12): choices.one_of((0, 1, 2**63))})
    if action == 3:
        return content + message({1 + choices.number(12): choices.some_bytes()})
    return content[:place] + choices.some_bytes() + content[place + 1 :]


def _edit_media(draft: PackageDraft, choices: Choices) -> None:
    listed = draft.members.get("media", b"")
    if draft.is_new:
        draft.members["media"] = _edited_entries(listed, choices)
        return
    with suppress(ValueError, TypeError, RecursionError):
        names = json.loads(listed)
        if isinstance(names, dict) and choices.number(2):
            names[choices.one_of(("0", "1", "7", "media", OLD))] = choices.json()
        else:
            names = _with_edit(names, choices)
        draft.members["media"] = json.dumps(names).encode("utf-8", "surrogatepass")


def _edited_entries(listed: bytes, choices: Choices) -> bytes:
    if choices.number(2):
        return _edited_message(listed, choices)
    entry = message({1: choices.text(), 2: choices.number(99), 3: choices.some_bytes()})
    return listed + message({1: entry})


def _edit_members(draft: PackageDraft, choices: Choices) -> None:
    name = choices.one_of(("0", "1", "media", "meta"))
    action = choices.number(4)
    if action == 0:
        draft.members.pop(name, None)
    elif action == 1:
        draft.members[choices.text()] = draft.members.pop(name, b"")
    elif action == 2:
        draft.copies.append((name, choices.some_bytes()))
    else:
        draft.members[name] = choices.some_bytes()


def _edit_collection(draft: PackageDraft, choices: Choices) -> None:
    """Another collection beside the one that is edited, or in its place."""
    name = choices.one_of((OLD, "collection.anki21", NEW))
    if choices.number(2):
        draft.copies.append((name, choices.one_of((b"", b"SQLite format 3\0", draft.database))))
    else:
        draft.collection = name


def _edit_compression(draft: PackageDraft, choices: Choices) -> None:
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    draft.method = choices.one_of(methods)
    if choices.number(4) == 0:
        draft.is_new = not draft.is_new


def _damage_database(draft: PackageDraft, choices: Choices) -> None:
    draft.database = _damaged(choices)(draft.database)


def _damage_zip(draft: PackageDraft, choices: Choices) -> None:
    draft.damage.append(_damaged(choices))


def _damaged(choices: Choices) -> Callable[[bytes], bytes]:
    """What overwrites some bytes anywhere, often in the header, or cuts the end off."""
    at = choices.number(2**32)
    if choices.number(3) == 0:
        at %= 100
    new = choices.some_bytes() or b"\xff"
    cuts = choices.number(8) == 1

    def damage(content: bytes) -> bytes:
        place = at % max(1, len(content))
        if cuts:
            return content[:place]
        return content[:place] + new + content[place + len(new) :]

    return damage


_EDITS = (
    *(_edit_cell, _edit_rows, _edit_schema, _edit_json, _edit_message, _edit_media),
    *(_edit_members, _edit_collection, _edit_compression, _damage_database, _damage_zip),
)


def mutated(content: bytes) -> bytes:
    """A valid package with the edits that some bytes choose, none for no bytes."""
    choices = Choices(content)
    draft = PackageDraft(choices.one_of(valid_packages()))
    for _ in range(_MOST_EDITS):
        if choices.left:
            choices.one_of(_EDITS)(draft, choices)
    return draft.packed()
