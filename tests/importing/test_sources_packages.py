"""Packages of other tools and odd ones are taken over as they are, and broken ones refused."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import genanki
import pytest

from ankipress.diff.package_files import read_few_files
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.readers import package_media
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import SourceOptions, read_source
from packages import (
    MEDIA,
    NEWEST,
    OLD,
    edited_package,
    listing,
    members_of,
    new_collection,
    new_package,
    old_package,
    without_log,
    zipped,
)


def read(content: bytes, folder: Path, deck: str | None = None) -> ImportedDeck:
    path = folder / "a.apkg"
    path.write_bytes(content)
    return read_source(path, SourceOptions(deck=deck))


def refused(content: bytes, folder: Path, name: str = "a.apkg") -> str:
    """What is said of a source that is none, with its help."""
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as raised:
        read_source(path)
    assert raised.value.help
    return f"{raised.value} | {raised.value.help}"


# Odd packages

ODD = {
    "ids below zero": ("UPDATE notes SET id = -id; UPDATE cards SET nid = -nid", "note_id"),
    "an id of 0": ("UPDATE notes SET id = 0 WHERE id = 11", "note_id"),
    "no time of change": ("UPDATE notes SET mod = 0", "mod"),
    "one guid twice": ("UPDATE notes SET guid = 'same'", "guid"),
    "no guid": ("UPDATE notes SET guid = ''", "guid"),
    "an odd guid": ("UPDATE notes SET guid = '-a/b%#[*`''\"&<'", "guid"),
    "an empty first field": ("UPDATE notes SET flds = char(31) || 'A' WHERE id = 11", "flds"),
    "a field of 3 MB": (
        "UPDATE notes SET flds = hex(zeroblob(1500000)) || char(31) WHERE id = 11",
        "flds",
    ),
    "letters that are not composed": (
        "UPDATE notes SET flds = 'u' || char(776) || char(31) WHERE id = 11",
        "flds",
    ),
    "no cards": ("DELETE FROM cards", "ords"),
    "tags of every character": ("UPDATE notes SET tags = ' a::b:: \"#{x}* leech '", "tags"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_notes_are_read_as_they_are(name: str, tmp_path: Path) -> None:
    statements, column = ODD[name]
    package = old_package(*statements.split("; "))
    found = {note.note_id: note for note in read(package, tmp_path).notes}
    rows = stored(package)
    assert found.keys() == rows.keys()
    for note_id, (guid, mod, fields, tags, deck, ords) in rows.items():
        note = found[note_id]
        assert note.guid == guid
        assert note.mod == mod
        assert "\x1f".join(note.fields) == fields
        assert note.tags == tuple(tags.split())
        assert note.ords == ords
        assert note.deck == deck
    assert column  # what the statement changes


def stored(package: bytes) -> dict[int, tuple[str, int, str, str, str, tuple[int, ...]]]:
    """The notes in a database, as it has them."""
    with sqlite3.connect(":memory:") as database:
        database.deserialize(without_log(members_of(package)[OLD]))
        [(decks,)] = database.execute("SELECT decks FROM col")
        names = {int(key): deck["name"] for key, deck in json.loads(decks).items()}
        found = {}
        for note_id, guid, mod, fields, tags in database.execute(
            "SELECT id, guid, mod, flds, tags FROM notes"
        ):
            cards = database.execute(
                "SELECT ord, did FROM cards WHERE nid = ? ORDER BY ord", [note_id]
            ).fetchall()
            deck = names[cards[0][1]] if cards else ""
            found[note_id] = (guid, mod, fields, tags, deck, tuple(ord for ord, _ in cards))
    return found


def test_cards_of_a_note_in_several_decks(tmp_path: Path) -> None:
    package = old_package(
        "UPDATE cards SET did = (SELECT did FROM cards WHERE nid = 11) WHERE nid = 10 AND ord = 2"
    )
    assert [note.deck for note in read(package, tmp_path).notes] == ["Deck::Größe", "Deck"]
    part = read(package, tmp_path, "Deck::GRÖSSE")
    assert [(note.guid, note.deck, note.ords) for note in part.notes] == [
        ("one", "Deck::Größe", (0,)),
        ("two", "Deck::Größe", (0, 2)),
    ]


def test_a_card_in_a_filtered_deck_is_in_the_one_that_it_came_from(tmp_path: Path) -> None:
    package = old_package("UPDATE cards SET odid = did, did = 99")
    assert [note.deck for note in read(package, tmp_path).notes] == ["Deck::Größe", "Deck"]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE notes SET mid = 5 WHERE id = 11", "a note type that is not there"),
        ("UPDATE notes SET flds = 'x' WHERE id = 11", "not as many fields"),
    ],
)
def test_notes_that_anki_could_not_show_are_left_out(
    statement: str, why: str, tmp_path: Path
) -> None:
    found = read(old_package(statement), tmp_path)
    assert [note.guid for note in found.notes] == ["two"]
    assert [each.name for each in found.note_types] == ["deck Cloze"]
    [warning] = found.warnings
    assert why in warning
    assert warning.startswith("the note one has")
    assert warning.endswith("it is left out")


def test_cards_that_no_note_type_has_are_left_out_without_their_note(tmp_path: Path) -> None:
    """Anki imports such notes, so learners have them."""
    found = read(old_package("UPDATE cards SET ord = 7 WHERE nid = 11"), tmp_path)
    assert [(note.guid, note.ords) for note in found.notes] == [("one", ()), ("two", (0, 2))]
    [warning] = found.warnings
    assert warning == "the note one has cards that its note type has not: without them"


def test_only_the_first_of_many_faults_are_said(tmp_path: Path) -> None:
    package = old_package(
        *(
            "INSERT INTO notes SELECT "
            f"{number}, guid, 5, mod, usn, tags, flds, sfld, csum, flags, data"
            " FROM notes WHERE id = 11"
            for number in range(100, 108)
        )
    )
    assert len(read(package, tmp_path).warnings) == 6
    assert read(package, tmp_path).warnings[-1] == "3 other notes with such faults"


def test_a_note_type_with_thousands_of_templates(tmp_path: Path) -> None:
    def more(database: sqlite3.Connection) -> None:
        [(models,)] = database.execute("SELECT models FROM col")
        found = json.loads(models)
        for model in found.values():
            first = model["tmpls"][0]
            model["tmpls"] = [{**first, "name": f"C{n}", "ord": n} for n in range(2000)]
        database.execute("UPDATE col SET models = ?", [json.dumps(found)])

    found = read(edited_package(old_package(), more), tmp_path)
    assert [len(each.templates) for each in found.note_types] == [2000, 2000]
    assert found.note_types[0].templates[1999].name == "C1999"


def test_what_genanki_makes_is_read(tmp_path: Path) -> None:
    model = genanki.Model(
        1_607_392_319,
        "Odd / type",
        fields=[{"name": "Key", "font": "Own"}, {"name": "B/C"}],
        templates=[{"name": "Card", "qfmt": "{{Key}}", "afmt": "{{B/C}}", "bqfmt": "x"}],
        css="@font-face { src: url(_font.woff2) }",
        sort_field_index=1,
    )
    deck = genanki.Deck(2_059_400_110, "Geo::A", description="About")
    deck.add_note(genanki.Note(model, ["<img src='a b.png'>", "two"], tags=["t"], guid="g"))
    (tmp_path / "a b.png").write_bytes(b"picture")
    (tmp_path / "other.png").write_bytes(b"another")
    package = genanki.Package(deck, [str(tmp_path / "a b.png"), str(tmp_path / "other.png")])
    package.write_to_file(str(tmp_path / "a.apkg"), timestamp=1_700_000_000)
    found = read_source(tmp_path / "a.apkg")
    [note_type] = found.note_types
    assert (note_type.id, note_type.name, note_type.mod) == (
        model.model_id,
        model.name,
        1_700_000_000,
    )
    assert note_type.field_names == ("Key", "B/C")
    assert note_type.fields[0].settings["font"] == "Own"
    assert "id" not in note_type.fields[0].settings
    assert note_type.templates[0].settings["bqfmt"] == "x"
    assert note_type.settings["sortf"] == 1
    assert "usn" not in note_type.settings
    [note] = found.notes
    assert (note.guid, note.tags, note.deck) == ("g", ("t",), "Geo::A")
    assert sorted(found.media) == ["a b.png", "other.png"]
    assert found.missing == ("_font.woff2",)
    assert (found.name, found.descriptions) == ("Geo", {"Geo::A": "About"})


# Media


def test_media_are_read_when_they_are_opened_and_some_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number:02}.png" for number in range(20)]
    members = {str(n): f"content {n}".encode() for n in range(20)}
    found = read(old_package(media=listing(*names), **members), tmp_path)
    asked: list[list[str]] = []

    def counted(path: Path, some: list[str]) -> object:
        asked.append(some)
        return read_few_files(path, some)

    monkeypatch.setattr(package_media, "read_few_files", counted)
    for name, content in found.media.items():
        with content.open() as file:
            data = file.read()
        assert data == members[str(int(name[:2]))]
        assert (content.size, content.digest) == (len(data), hashlib.sha256(data).hexdigest())
    assert asked == [names]


def test_large_media_are_not_in_memory_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_media, "_BYTES_AT_ONCE", 25)
    names = ["a", "b", "c", "d"]
    members = {"0": bytes(10), "1": bytes(10), "2": bytes(10), "3": bytes(30)}
    found = read(old_package(media=listing(*names), **members), tmp_path)
    sizes = []
    for name in ("c", "a", "d", "b"):  # in any order
        with found.media[name].open() as file:
            sizes.append(len(file.read()))
    assert sizes == [10, 10, 30, 10]


OTHER = zipped({**members_of(old_package()), "0": b"another"})


@pytest.mark.parametrize(
    ("later", "error"),
    [(OTHER, "changed it meanwhile"), (b"", "no zip file"), (None, "No such file")],
    ids=["another", "empty", "gone"],
)
def test_a_package_that_changes_meanwhile_gives_no_other_file(
    later: bytes | None, error: str, tmp_path: Path
) -> None:
    found = read(old_package(), tmp_path)
    path = tmp_path / "a.apkg"
    path.unlink()
    if later is not None:
        path.write_bytes(later)
    with pytest.raises(OSError, match=error):
        found.media[MEDIA[0].name].open()


# A profile


def test_a_collection_has_the_media_of_the_folder_beside_it(tmp_path: Path) -> None:
    database = members_of(
        old_package(
            'UPDATE notes SET flds = \'<img src="ü.png"><img src="../secret.png">'
            '<img src="a/b.png">\' || char(31) || \'<img src="link.png">\' WHERE id = 11'
        )
    )[OLD]
    media = tmp_path / "collection.media"
    (media / "a").mkdir(parents=True)
    for name in ("ü.png", "a/b.png", "unused.png", "../secret.png"):
        (media / name).write_bytes(b"x")
    (media / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "collection.anki2").write_bytes(database)
    found = read_source(tmp_path)
    assert set(found.media) == {"ü.png"}
    assert found.missing == ("../secret.png", "a/b.png", "link.png")


def test_the_log_of_a_killed_anki_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "open.anki2"
    path.write_bytes(without_log(members_of(old_package())[OLD]))
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("UPDATE notes SET guid = 'changed' WHERE guid = 'one'")
    database.commit()
    for end in ("", "-wal"):  # as they were when it was killed
        shutil.copy(f"{path}{end}", tmp_path / f"collection.anki2{end}")
    database.close()
    assert {note.guid for note in read_source(tmp_path).notes} == {"changed", "two"}
    (tmp_path / "collection.anki2-wal").write_bytes(b"no log at all")
    assert {note.guid for note in read_source(tmp_path).notes} == {"one", "two"}


# What is no source


def test_what_is_wrong_with_a_package_is_said(tmp_path: Path) -> None:
    package = old_package()
    assert "a.apkg cannot be read: it is no zip file" in refused(package[:-99], tmp_path)
    assert "cut off or damaged" in refused(package[:-99], tmp_path)
    assert "a.apkg is no package of Anki" in refused(b"front,back\na,b\n", tmp_path)
    assert "a.apkg is empty" in refused(b"", tmp_path)
    assert "holds no collection" in refused(zipped({"a.txt": b"x"}), tmp_path)
    assert "is a file of a spreadsheet" in refused(zipped({"a": b"x"}), tmp_path, "a.xlsx")
    assert "unpack it and give the folder" in refused(zipped({"a": b"x"}), tmp_path, "a.zip")
    assert "is neither a package of Anki nor a text" in refused(bytes(range(256)), tmp_path, "x")
    assert "`ankipress init`" in refused(b"# Cards\n", tmp_path, "a.md")


@pytest.mark.parametrize(
    "package",
    [
        old_package(meta=b"\x08\x09"),
        old_package("UPDATE col SET ver = 19"),
        new_package(new_collection("UPDATE col SET ver = 19")),
    ],
    ids=["package", "old", "new"],
)
def test_a_collection_of_a_newer_anki_is_told(package: bytes, tmp_path: Path) -> None:
    said = refused(package, tmp_path)
    assert "a newer Anki may have made it" in said
    assert "Support older Anki versions" in said


def test_a_package_without_notes_is_told(tmp_path: Path) -> None:
    empty = old_package("DELETE FROM notes", "DELETE FROM cards")
    assert "a.apkg holds no notes" in refused(empty, tmp_path)
    path = tmp_path / "a.apkg"
    path.write_bytes(
        old_package("DELETE FROM notes WHERE id = 11", "DELETE FROM cards WHERE nid = 11")
    )
    with pytest.raises(SourceError, match=r'the deck "Deck::Größe" of a\.apkg holds no notes'):
        read_source(path, SourceOptions(deck="Deck::Größe"))


@pytest.mark.parametrize(
    "message",
    [
        b"\x09",
        b"\x0a\x01",
        b"\x42\x02\x10\x09",
        b"\xfa\x0f\x01{",
        b"\xfa\x0f\x02[]",
        b"\x1a\x01\xff",
    ],
)
def test_messages_of_note_types_that_are_damaged_are_refused(
    message: bytes, tmp_path: Path
) -> None:
    database = new_collection(f"UPDATE notetypes SET config = x'{message.hex()}'")
    assert "its database cannot be read" in refused(new_package(database), tmp_path)
    assert NEWEST in members_of(new_package(database))


@pytest.mark.parametrize("depth", [100, 970, 980, 990, 1000, 5000])
def test_settings_that_are_nested_deeply_are_kept_or_refused(depth: int, tmp_path: Path) -> None:
    nested = "[" * depth + "]" * depth
    package = old_package(
        f"""UPDATE col SET models = replace(models, '"sortf":', '"deep": {nested}, "sortf":')"""
    )
    if depth < 900:
        found = read(package, tmp_path)
        assert json.dumps(found.note_types[0].settings["deep"]) == nested
        return
    with suppress(SourceError):  # where it is depends on the system
        read(package, tmp_path)


def test_what_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path / "no.apkg", "there is no "),
        (tmp_path, "holds no deck.json and no collection.anki2"),
    ):
        with pytest.raises(SourceError, match=said):
            read_source(path)
