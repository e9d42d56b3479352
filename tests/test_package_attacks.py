"""A stranger's package that lies is refused, and one that is only strange is read."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from ankipress.diff.package_files import read_package as read_in_process
from ankipress.package import package_reading
from ankipress.package.unpacking import PackageError
from packages import (
    MEDIA,
    NEWEST,
    OLD,
    by_sql,
    contents_of,
    edited,
    listing,
    media_entries,
    members_of,
    new_collection,
    new_package,
    old_package,
    with_log,
    zipped,
)

# Databases

COPIED = "CREATE TABLE other AS SELECT * FROM notes; DROP TABLE notes;"
SLOW = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa' GLOB '*a*a*a*a*a*a*a*a*a*a*a*a*b'"
COLUMNS = "id, guid, mid, mod, usn, tags, sfld, csum, flags, data"


def generated(expression: str, kind: str = "VIRTUAL") -> str:
    """Statements that let a column be computed whenever it is read."""
    column = f"flds TEXT GENERATED ALWAYS AS ({expression}) {kind}"
    return (
        f"{COPIED} CREATE TABLE notes ({COLUMNS}, {column});"
        f"INSERT INTO notes ({COLUMNS}) SELECT {COLUMNS} FROM other;"
    )


FORGED = "PRAGMA writable_schema = ON; UPDATE sqlite_master SET "
DATABASES = {
    "a generated column that compares": generated(SLOW),
    "one that prints": generated("printf('%*s', 20000000, 'x')"),
    "one that is stored": generated("hex(id)", "STORED"),
    "a view that never ends": COPIED
    + "CREATE VIEW notes AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)"
    " SELECT i AS id, i AS guid, i AS mod, i AS mid, i AS flds, i AS tags FROM n;",
    "a view that says that it is a table": COPIED
    + "CREATE VIEW notes AS SELECT * FROM other;"
    + FORGED
    + "type = 'table' WHERE name = 'notes';",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END;",
    "a virtual table": COPIED + "CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, mod, flds);",
    "a statement that is none": FORGED + "sql = 'CREATE TABLE' WHERE name = 'notes';",
    "a root that is the schema's": FORGED + "rootpage = 1 WHERE name = 'notes';",
    "a root that is the cards'": FORGED
    + "rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'cards') WHERE name = 'notes';",
    "fields of another number": "UPDATE notes SET flds = 'one';",
    "a card before the first": "UPDATE cards SET ord = -1;",
    "a card after the last": "UPDATE cards SET ord = 1 WHERE nid = 11;",
    "a card far after the last": "UPDATE cards SET ord = 70000;",
    "a time between seconds": "UPDATE notes SET mod = 1.5;",
    "a time of text": "UPDATE notes SET mod = 'x';",
    "fields of bytes": "UPDATE notes SET flds = x'611f62';",
    "half of a surrogate pair": "UPDATE notes SET flds = CAST(x'eda080' AS TEXT);",
    "a surrogate in JSON": r"UPDATE col SET models = replace(models, 'deck Basic', '\ud800');",
    "a number that is none": 'UPDATE col SET decks = replace(decks, \'{"1"\', \'{"": NaN, "1"\');',
    "JSON that is deep": "UPDATE col SET models = replace(hex(zeroblob(500000)), '00', '[');",
    "an endless number": "UPDATE col SET models = replace(models, '1600000000', '1e400');",
    "a number of 30 digits": "UPDATE col SET models = replace(models, '1600000000', '1"
    + "0" * 30
    + "');",
}


@pytest.mark.parametrize("script", DATABASES.values(), ids=DATABASES)
def test_a_database_that_lies_is_refused(script: str, tmp_path: Path) -> None:
    package = edited(old_package(), by_sql(lambda database: database.executescript(script)))
    (tmp_path / "bad.apkg").write_bytes(package)
    with pytest.raises(PackageError) as raised:
        read_in_process(tmp_path / "bad.apkg")
    assert "takes longer" not in str(raised.value)


def test_a_text_that_is_larger_than_any_field_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    package = old_package("UPDATE notes SET flds = hex(zeroblob(100000)) WHERE id = 11")
    monkeypatch.setitem(package_reading.LIMITS, sqlite3.SQLITE_LIMIT_LENGTH, 100_000)
    with pytest.raises(PackageError, match="its database cannot be read: string or blob too big"):
        contents_of(package)


HARMLESS = {
    "nothing": "",
    "another table": "CREATE TABLE other (a);",
    "an index on an expression": "CREATE INDEX i ON notes (id + 1);",
    "an index on some rows": f"CREATE INDEX i ON notes (id) WHERE {SLOW};",
    "a check": f"{COPIED} CREATE TABLE notes ({COLUMNS}, flds TEXT CHECK (id > 5));"
    f"INSERT INTO notes SELECT {COLUMNS}, flds FROM other;",
    "a guid that repeats": "UPDATE notes SET guid = 'x';",
}


@pytest.mark.parametrize("script", HARMLESS.values(), ids=HARMLESS)
def test_a_database_that_is_only_strange_is_read(script: str, tmp_path: Path) -> None:
    change = by_sql(lambda database: database.executescript(script))
    package = edited(old_package(), change)
    (tmp_path / "a.apkg").write_bytes(edited(package, with_log))
    notes = read_in_process(tmp_path / "a.apkg").notes
    assert [note.fields for note in notes] == [("Q", "A"), ("{{c1::x}} {{c3::y}}",)]


def test_a_text_that_many_notes_share_is_refused() -> None:
    """A small file could give many gigabytes: each note leads to the same pages of text."""
    package = edited(old_package(), shared_text)
    with pytest.raises(PackageError, match="its database gives more than it holds"):
        contents_of(package)


def shared_text(database: bytes) -> bytes:
    """The database with notes that all have the text of the first one, cut off behind it."""
    with closing(sqlite3.connect(":memory:")) as old, closing(sqlite3.connect(":memory:")) as new:
        old.deserialize(database)
        new.execute(f"PRAGMA page_size = {PAGE}")
        new.executescript("".join(old.iterdump()))
        new.execute("UPDATE notes SET flds = ? || char(31) WHERE id = 11", [TEXT])
        new.execute("DELETE FROM notes WHERE id = 10")
        for number in range(12, 17):
            new.execute(
                "INSERT INTO notes SELECT ?, guid, mid, mod, usn, tags, flds, sfld, csum, flags,"
                " data FROM notes WHERE id = 11",
                [number],
            )
        new.commit()
        [(root,)] = new.execute("SELECT rootpage FROM sqlite_master WHERE name = 'notes'")
        content = bytearray(new.serialize())
    links = list(overflow_links(content, (root - 1) * PAGE))
    first = content[links[0] : links[0] + 4]
    for link in links[1:]:
        content[link : link + 4] = first
    last = int.from_bytes(first, "big")
    while following := int.from_bytes(content[(last - 1) * PAGE :][:4], "big"):
        last = following
    content[28:32] = last.to_bytes(4, "big")  # the number of pages
    return bytes(content[: last * PAGE])


PAGE = 65_536
TEXT = "x" * 1_050_900  # of such a length that a page keeps the least of each note


def overflow_links(content: bytearray, start: int) -> list[int]:
    """The places in a page of notes that say where the rest of each note is."""
    assert content[start] == 13  # a page with rows
    places = []
    for number in range(int.from_bytes(content[start + 3 : start + 5], "big")):
        place = start + 8 + 2 * number
        cell = start + int.from_bytes(content[place : place + 2], "big")
        size, cell = varint_at(content, cell)
        _, cell = varint_at(content, cell)
        least = (PAGE - 12) * 32 // 255 - 23
        local = least + (size - least) % (PAGE - 4)
        places.append(cell + (local if local <= PAGE - 35 else least))
    return places


def varint_at(content: bytearray, place: int) -> tuple[int, int]:
    """A number as SQLite writes it, and the place after it."""
    value = 0
    while True:
        value = value << 7 | content[place] & 0x7F
        place += 1
        if content[place - 1] < 0x80:
            return value, place


# Zips and lists of media


def test_a_window_that_is_too_large_is_refused() -> None:
    """zstd would look back a gigabyte, and so keep it."""
    content = new_collection()
    block = (len(content) << 3 | 1).to_bytes(3, "little")  # the last one, as it is
    frame = b"\x28\xb5\x2f\xfd\x00\xa0" + block + content
    package = zipped({**members_of(new_package()), NEWEST: frame})
    with pytest.raises(PackageError, match="it cannot be decompressed"):
        contents_of(package)


def with_two(package: bytes, name: str) -> bytes:
    """A package with a second member of a name."""
    buffer = io.BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("*" * len(name), b"again")
    return buffer.getvalue().replace(b"*" * len(name), name.encode())


def encrypted(package: bytes) -> bytes:
    """All members say that they are."""
    content = bytearray(package)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def with_size(package: bytes, size: int) -> bytes:
    """Every entry of the directory says another size."""
    content = bytearray(package)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 24 : place + 28] = size.to_bytes(4, "little")
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def bad_zips() -> Mapping[str, bytes]:
    package = old_package()
    return {
        "an empty file": b"",
        "two members of one name": with_two(package, OLD),
        "an encrypted package": encrypted(package),
        "sizes that lie": with_size(package, 10),
        "a method that Anki does not know": zipped(members_of(package), zipfile.ZIP_LZMA),
        "a zip of a zip": zipped({"a.apkg": package}),
        "a format of the future": old_package(meta=b"\x08\x04"),
        "a format that is none": old_package(meta=b"\xff"),
        "a newer format without its collection": old_package(meta=b"\x08\x03"),
        "a list of JSON that is deep": old_package(media=b"[" * 100_000),
        "a list with NaN": old_package(media=b'{"0": NaN}'),
        "a list with a surrogate": old_package(media=rb'{"0": "\ud800"}'),
        "a list of numbers": old_package(media=b'{"0": 5}'),
        "a member that is no number": old_package(media=b'{"a": "a.png"}', a=b""),
        "a member that is a path": old_package(media=b'{"../0": "a.png"}', **{"../0": b""}),
    }


@pytest.mark.parametrize("name", bad_zips())
def test_a_zip_that_lies_is_refused(name: str) -> None:
    with pytest.raises(PackageError):
        contents_of(bad_zips()[name])


def strange_zips() -> Mapping[str, bytes]:
    package = old_package()
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO(package)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(link, b"/etc/passwd")
        archive.writestr("/etc/passwd", b"x")
        archive.writestr("../../x", b"x")
        archive.writestr("n" * 65_000, b"x")
        archive.writestr("MEDIA", b"x")
    return {
        "members that nobody asks for": buffer.getvalue(),
        "sizes of zip64 that are not there": with_size(package, 0xFFFFFFFF),
        "bytes behind the end": package + bytes(1000),
        "bytes before the start": bytes(1000) + package,
    }


@pytest.mark.parametrize("name", strange_zips())
def test_a_zip_that_is_only_strange_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.apkg").write_bytes(strange_zips()[name])
    contents = read_in_process(tmp_path / "a.apkg")
    assert sorted(contents.media) == sorted(each.name for each in MEDIA)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.apkg"]


NAMES = [
    "../../x",
    "../x",
    "/etc/x",
    "a/b",
    "a/",
    "\\x",
    "..\\x",
    "C:x",
    "C:\\x",
    "..",
    ".",
    "",
    "a\0b",
    "a\nb",
    "\x1b[31m",
    "\x85",
    "n" * 256,
    "ü" * 128,
    "n" * 70_000,
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name)[:20])
def test_media_that_would_be_elsewhere_are_refused(name: str) -> None:
    for package in (
        old_package(media=listing("a.png", name)),
        new_package(media=media_entries("a.png", name)),
    ):
        with pytest.raises(PackageError, match="a name among its media") as raised:
            contents_of(package)
        assert str(raised.value).isprintable()
        assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    "name",
    ["a.png", "größe 1.png", "...x", ".x", "a..b", "日本.mp3", "n" * 255],
    ids=lambda n: n[:9],
)
def test_media_with_other_names_are_read(name: str) -> None:
    assert set(contents_of(old_package(media=listing(name))).media) == {name}
