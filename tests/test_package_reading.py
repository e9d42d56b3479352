"""Packages of both of Anki's formats are read back, and those of strangers within limits."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ankipress.build.pipeline import make_package
from ankipress.package import package_reading, unpacking
from ankipress.package.package_answer import contents_answer, contents_in
from ankipress.package.package_reading import FoundNote, open_collection, read_files
from ankipress.package.protobuf import read_message
from ankipress.package.unpacking import FoundFile, PackageError, opened_package
from packages import (
    MEDIA,
    NOTE_TYPE,
    OLD,
    PACKAGE,
    contents_of,
    media_entries,
    members_of,
    message,
    new_collection,
    new_package,
    old_package,
    read_package,
    without_log,
    zipped,
)


def shown(notes: tuple[FoundNote, ...]) -> list[tuple[Any, ...]]:
    return [
        (each.guid, each.note_type.name, each.deck, each.fields, each.tags, each.ords)
        for each in notes
    ]


SHOWN = [
    ("one", "deck Basic", "Deck::Größe", ("Q", "A"), ("a", "b"), (0,)),
    ("two", "deck Cloze", "Deck", ("{{c1::x}} {{c3::y}}",), (), (0, 2)),
]


@pytest.mark.parametrize("package", [old_package(), new_package()], ids=["old", "new"])
def test_notes_media_and_note_types_are_read_from_both_formats(package: bytes) -> None:
    contents = contents_of(package)
    assert shown(contents.notes) == SHOWN
    assert contents.media == {
        each.name: FoundFile(each.content.size, each.content.digest) for each in MEDIA
    }
    names = [each.name for each in MEDIA[1:]]
    assert read_files(io.BytesIO(package), names) == {each.name: each.read() for each in MEDIA[1:]}
    basic, cloze = (each.note_type for each in contents.notes)
    assert (basic.id, basic.mod, basic.cloze, cloze.cloze) == (
        NOTE_TYPE.id,
        1_600_000_000,
        False,
        True,
    )
    assert (basic.fields, basic.field_ids) == (("Front", "Back"), (11, 12))
    assert [each[:4] for each in basic.templates] == [("Card 1", 21, "{{Front}}", "{{Back}}")]
    assert basic.texts == (".card {}", "{{Front}}", "{{Back}}")


def test_descriptions_of_decks_are_those_of_the_old_format() -> None:
    assert contents_of(old_package()).decks["Deck"] == "**deck 1.0.0**"
    assert set(contents_of(new_package()).decks.items()) == {("Deck", ""), ("Deck::Größe", "")}


def test_what_the_real_engine_exports_is_read(tmp_path: Path) -> None:
    from learner import Learner  # noqa: PLC0415 - it needs Anki

    (tmp_path / "deck.apkg").write_bytes(make_package(PACKAGE))
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(tmp_path / "deck.apkg")
        exported = learner.export(tmp_path / "exported.apkg").read_bytes()
    ours, theirs = contents_of(make_package(PACKAGE)), contents_of(exported)
    assert sorted(shown(theirs.notes)) == sorted(shown(ours.notes)) == sorted(SHOWN)
    # Anki exports only media that a field shows.
    assert theirs.media == {}
    types = [
        {each.note_type.id: each.note_type.texts for each in both.notes} for both in (ours, theirs)
    ]
    assert types[0] == types[1]


def test_a_package_without_media_has_none() -> None:
    package = zipped({OLD: members_of(old_package())[OLD]})
    assert contents_of(package).media == {}


# What is damaged


@pytest.mark.parametrize(
    ("package", "message"),
    [
        pytest.param(
            old_package(media=b'{"7": "a.png"}'), "the file a.png is listed", id="a file too few"
        ),
        pytest.param(old_package(media=b"[]"), "its media cannot be read", id="a list"),
        pytest.param(old_package(media=b"{"), "its media cannot be read", id="no JSON"),
        pytest.param(
            old_package(media=b"[" * 100_000), "its media cannot be read", id="nested too deeply"
        ),
        pytest.param(
            new_package(media=media_entries("a", "b", "c")), "the file c is listed", id="and new"
        ),
        pytest.param(new_package(media=b"\xff"), "its media cannot be read", id="no message"),
        pytest.param(new_package(media=b"\x0a\x01\xff"), "its media cannot be read", id="no entry"),
        pytest.param(
            new_package(media=b"\x0a\x03\x0a\x01\xff"), "its media cannot be read", id="no UTF-8"
        ),
        pytest.param(
            zipped({**members_of(new_package()), "media": b"text"}),
            "it cannot be decompressed",
            id="no zstd",
        ),
    ],
)
def test_media_that_cannot_be_read_are_told(package: bytes, message: str) -> None:
    with pytest.raises(PackageError, match=message):
        contents_of(package)


def test_damaged_compression_of_media_is_told() -> None:
    package = bytearray(zipped({"media": b'{"0": "a.png"}', "0": bytes(1000)}))
    start = package.index(b"PK\3\4", 10) + 31  # behind the header and the name of the second member
    package[start : start + 8] = b"\xff" * 8
    with (
        pytest.raises(PackageError, match="its media cannot be read"),
        opened_package(io.BytesIO(package)) as opened,
    ):
        opened.media()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        pytest.param("UPDATE notes SET mid = 5", "a note type that is not there", id="note type"),
        pytest.param("UPDATE notes SET mod = 'x'", "none of Anki", id="a time that is none"),
        pytest.param("UPDATE cards SET ord = 'x'", "cannot be read", id="an ord that is none"),
        pytest.param("DELETE FROM col", "cannot be read", id="no collection"),
        pytest.param("UPDATE col SET ver = 'x'", "cannot be read", id="no version"),
        pytest.param("DROP TABLE cards", "it holds no collection", id="no cards"),
    ],
)
def test_databases_that_are_none_of_anki_are_told(statement: str, message: str) -> None:
    for package in (old_package(statement), new_package(new_collection(statement))):
        with pytest.raises(PackageError, match=message):
            read_package(package)


def test_a_note_without_cards_has_no_deck() -> None:
    for package in (
        old_package("DELETE FROM cards"),
        new_package(new_collection("DELETE FROM cards")),
    ):
        assert [(each.deck, each.ords) for each in read_package(package)] == [("", ())] * 2


# Limits


@pytest.mark.parametrize(
    ("limit", "package", "message"),
    [
        pytest.param(10_000, old_package(), "collection.anki2 is too large", id="collection"),
        pytest.param(10_000, new_package(), "collection.anki21b is too large", id="decompressed"),
        pytest.param(None, new_package(), None, id="of the right size"),
    ],
)
def test_the_size_of_a_collection_is_limited(
    limit: int | None, package: bytes, message: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_package(io.BytesIO(package)) as opened:
        size = len(opened.collection())
    monkeypatch.setattr(unpacking, "LARGEST_COLLECTION", limit or size)
    if message is None:
        assert len(read_package(package)) == 2
        return
    with pytest.raises(PackageError, match=message):
        read_package(package)


def test_the_work_of_a_database_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every note joins every card here: a million rows from two thousand."""
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
    mid = NOTE_TYPE.id
    notes = f"INSERT INTO notes {many} SELECT 11, i, {mid}, 1, '', 'x' FROM n"
    cards = f"INSERT INTO cards {many} SELECT 11, 0, 0, i FROM n"
    package = new_package(new_collection(notes, cards))
    assert len(read_package(package)) == 2
    monkeypatch.setattr(package_reading, "MOST_STEPS", 2_000_000)
    with pytest.raises(PackageError, match="interrupted"):
        read_package(package)
    assert len(read_package(new_package())) == 2


def test_a_collection_is_only_read() -> None:
    with (
        pytest.raises(PackageError, match="readonly"),
        open_collection(new_collection()) as connection,
    ):
        connection.execute("DELETE FROM notes")


# Strangers

COLUMNS = {
    "col": ["ver"],
    "notes": ["id", "guid", "mid", "mod", "tags", "flds"],
    "cards": ["nid", "did", "ord", "due"],
}
NEW_COLUMNS = {
    "decks": ["id", "name"],
    "notetypes": ["id", "name", "mtime_secs", "config"],
    "fields": ["ntid", "ord", "name", "config"],
    "templates": ["ntid", "ord", "name", "config"],
}
OLD_COLUMNS = {"col": ["ver", "models", "decks"]}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["1", "1300000000001", "name", "flds", "tmpls", "css", "mod", "id"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
).map(json.dumps)
VALUES = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | JSON
)


@st.composite
def changes(draw: st.DrawFn, columns: Mapping[str, list[str]]) -> tuple[str, object]:
    """A statement that gives a column another value, and the value."""
    table = draw(st.sampled_from(sorted(columns)))
    column = draw(st.sampled_from(columns[table]))
    return f"UPDATE OR IGNORE {table} SET {column} = ?", draw(VALUES)


def changed(database: bytes, statement: str, value: object) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(without_log(database))
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        with suppress(sqlite3.IntegrityError):  # an id that is no number: then nothing changes
            connection.execute(statement, (value,))
        connection.commit()
        return connection.serialize()


def check(package: bytes) -> None:
    """A package gives notes and files, or PackageError and nothing else."""
    try:
        contents = contents_in(contents_answer(io.BytesIO(package)))
    except PackageError:
        return
    assert contents == contents_of(package)
    json.dumps([(shown((each,)), each.note_type.texts, each.mod) for each in contents.notes])


OLD_COLLECTION, NEW_COLLECTION = members_of(old_package())[OLD], new_collection()


@given(changes(COLUMNS | OLD_COLUMNS))
def test_an_old_database_with_any_value_is_read_or_told(change: tuple[str, object]) -> None:
    check(zipped({OLD: changed(OLD_COLLECTION, *change)}))


@given(changes(COLUMNS | NEW_COLUMNS))
def test_a_new_database_with_any_value_is_read_or_told(change: tuple[str, object]) -> None:
    check(new_package(changed(NEW_COLLECTION, *change)))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([OLD_COLLECTION, NEW_COLLECTION]),
    st.lists(st.tuples(st.integers(100, 20_000), st.binary(min_size=1, max_size=4)), max_size=5),
)
def test_a_damaged_database_is_read_or_told(
    database: bytes, damages: list[tuple[int, bytes]]
) -> None:
    content = bytearray(database)
    for place, damage in damages:
        content[place % len(content) : place % len(content) + len(damage)] = damage
    if database is NEW_COLLECTION:
        check(new_package(bytes(content)))
    else:
        check(zipped({OLD: bytes(content)}))


@given(st.binary(max_size=60) | st.lists(JSON, min_size=1).map(lambda texts: texts[0].encode()))
def test_any_list_of_media_is_read_or_told(listed: bytes) -> None:
    check(old_package_with(listed))
    check(new_package(media=listed))


def old_package_with(listed: bytes) -> bytes:
    return zipped({OLD: OLD_COLLECTION, "media": listed, "0": b"", "1": b""})


# Protocol Buffers


def test_fields_of_a_message_by_number() -> None:
    fixed = b"\x19" + bytes(8) + b"\x25" + bytes(4)  # 3: eight bytes, 4: four
    assert list(read_message(message({1: 300, 2: "größe"}) + fixed)) == [
        (1, 300),
        (2, "größe".encode()),
        (3, bytes(8)),
        (4, bytes(4)),
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x08", id="no value"),
        pytest.param(b"\x08\x80", id="a number that goes on"),
        pytest.param(b"\x08" + b"\x80" * 10 + b"\0", id="a number of eleven bytes"),
        pytest.param(b"\x0a\x05abc", id="text that ends early"),
        pytest.param(b"\x09abc", id="eight bytes that end early"),
        pytest.param(b"\x0b", id="a group, which nobody writes any more"),
    ],
)
def test_what_is_no_message(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"message|wire"):
        list(read_message(content))


@given(st.binary(max_size=50))
def test_any_bytes_are_a_message_or_none(content: bytes) -> None:
    try:
        list(read_message(content))
    except ValueError:
        return
