"""Note types that learners have from elsewhere, packed anew: the real Anki updates every note and
loses no review.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import genanki
import pytest
from anki.collection import ExportAnkiPackageOptions

from ankipress.build.pipeline import make_package
from ankipress.identity.stamping import stamp_of
from ankipress.importing.anki_names import with_anki_names
from ankipress.importing.imported_deck import ImportedField, ImportedTemplate, ImportedType
from ankipress.importing.note_type_files import folder_keys, note_type_files
from ankipress.model import NoteType, Package, PackedNote, TextMode
from ankipress.notetypes.adopted_schema import adopted_type
from ankipress.notetypes.custom_types import read_custom
from ankipress.package.card_generation import card_ords
from author import DAY
from learner import ImportLog, Learner

SCRIPT = '<script>if (1 < 2) { document.title = "{{Front}}"; }</script>'
OCCLUSION = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.25:height=.3:oi=1}}<br>"

LATER = 2_000_000_000
"""After any test runs: May 2033, in seconds since 1970."""

Model = dict[str, Any]


def odd_basic(models: Any) -> Model:
    """One with fields called as ankipress calls its own, in tags and scripts, and with everything
    that Anki lets a user set.
    """
    model: Model = models.new("Odd / Basic: 1")
    for name in ("Front", "Key", "Source", "a/b", "Zwei Wörter"):
        models.add_field(model, models.new_field(name))
    model["flds"][2] |= {"rtl": True, "font": "Noto Sans", "size": 33, "sticky": True}
    model["flds"][3] |= {"description": "two\nlines", "plainText": True}
    first = models.new_template('Card/1: "so"')
    first |= {"qfmt": f'{SCRIPT}<a href="x?{{{{a/b}}}}">{{{{Front}}}}</a>\r\n', "bqfmt": "{{Key}}"}
    first |= {"afmt": "  {{FrontSide}}<hr id=answer>{{Key}}\n\n", "bafmt": "{{Front}}"}
    second = models.new_template("card/1: 'so'")
    second |= {"qfmt": "{{#Source}}{{Source}}{{/Source}}", "afmt": "{{Front}}", "did": 1}
    models.add_template(model, first)
    models.add_template(model, second)
    model |= {"sortf": 1, "latexPre": "\\documentclass{article}\n'''", "latexsvg": True}
    return model


def clozes(models: Any) -> Model:
    """One with two fields that hide, and one that does not."""
    model: Model = models.copy(models.by_name("Cloze"), add=False)
    model["name"] = "Two clozes"
    models.add_field(model, models.new_field("Second"))
    model["tmpls"][0]["qfmt"] = "{{cloze:Text}}<br>{{type:cloze:Second}}"
    return model


def made_by_anki(learner: Learner, path: Path) -> Path:
    """A package of Anki's own, with notes of odd note types and Anki's own one of occlusions."""
    collection = learner.collection
    models = collection.models
    for model in (odd_basic(models), clozes(models)):
        models.add_dict(model)
    notes = {
        "Odd / Basic: 1": ["one<br>two", "the key", "the source", "1&2", "x"],
        "Two clozes": ["{{c1::a}} {{c2::b}}", "", "{{c3::c}}"],
        "Image Occlusion": [OCCLUSION, '<img src="x.png">', "", "", ""],
        "Basic (and reversed card)": ["front", "back"],
    }
    deck = collection.decks.id("Odd")
    for name, fields in notes.items():
        note = collection.new_note(models.by_name(name))
        note.fields = fields
        note.guid = f"guid-{name[:3]}"
        collection.add_note(note, deck)
    options = ExportAnkiPackageOptions(with_scheduling=False, with_media=False, legacy=True)
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def made_by_genanki(_: Learner, path: Path) -> Path:
    """A package of genanki, whose fields and templates have no ids."""
    many = genanki.Model(
        1_300_000_001,
        "Many / templates",
        fields=[{"name": "Key"}, {"name": "Word"}],
        templates=[
            {"name": f"Card: {number}", "qfmt": f"{number} {{{{Word}}}}", "afmt": "{{Key}}"}
            for number in range(300)
        ],
        css="\r\n.card { }\r\n",
    )
    hiding = genanki.Model(
        1_300_000_002,
        "Cloze",
        fields=[{"name": "Text"}, {"name": "More"}],
        templates=[{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}{{More}}"}],
        model_type=genanki.Model.CLOZE,
        sort_field_index=1,
    )
    deck = genanki.Deck(1_300_000_003, "Odd")
    deck.add_note(genanki.Note(many, ["key", "word"], guid="guid-many"))
    deck.add_note(genanki.Note(hiding, ["{{c1::a}}{{c4::b}}", "x"], guid="guid-cloze"))
    genanki.Package(deck).write_to_file(path)
    return path


def database_of(path: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(path) as package:
        name = "collection.anki2"
        if "collection.anki21" in package.namelist():
            name = "collection.anki21"
        content = package.read(name)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection


def imported(model: Mapping[str, Any]) -> ImportedType:
    """A note type of a package's JSON as readers of sources give it."""

    def other(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
        return {name: value for name, value in values.items() if name not in names}

    fields = [ImportedField(each["name"], other(each, "name", "ord")) for each in model["flds"]]
    templates = [
        ImportedTemplate(
            each["name"],
            each["qfmt"],
            each["afmt"],
            other(each, "name", "ord", "qfmt", "afmt"),
        )
        for each in model["tmpls"]
    ]
    return ImportedType(
        int(model["id"]),
        model["name"],
        model["mod"],
        model["type"] == 1,
        tuple(fields),
        tuple(templates),
        model["css"],
        other(model, "id", "name", "mod", "type", "flds", "tmpls", "css"),
    )


def adopted(model: Mapping[str, Any]) -> NoteType:
    """The note type as a project packs it that keeps it in files."""
    source = with_anki_names(imported(model))
    [key] = folder_keys([source])
    files = note_type_files(source, key, [TextMode.LINES] * len(source.fields))
    found = read_custom(files)
    assert found.diagnostics == ()
    custom = found.types[key]
    assert custom.adopted is not None
    note_type = adopted_type(custom, custom.adopted)
    return replace(note_type, mod=stamp_of(note_type, source.mod).mod)


def packed_again(
    path: Path, *, later: int = 0, edit: Callable[[str], str] = str
) -> tuple[Package, Sequence[Mapping[str, Any]]]:
    """The notes of a package with the note types that a project would have, and the note types as
    they were.
    """
    with closing(database_of(path)) as database:
        models = json.loads(database.execute("SELECT models FROM col").fetchone()[0])
        rows = database.execute("SELECT guid, id, mod, mid, flds FROM notes ORDER BY id").fetchall()
    used = {str(mid): models[str(mid)] for _, _, _, mid, _ in rows}
    types = {mid: adopted(model) for mid, model in used.items()}
    notes = []
    for guid, note_id, mod, mid, flds in rows:
        note_type = types[str(mid)]
        fields = tuple(map(edit, flds.split("\x1f")))
        ords = card_ords(note_type, dict(zip(note_type.field_names, fields, strict=True)))
        notes.append(PackedNote(guid, note_id, mod + later, note_type.key, "Odd", fields, (), ords))
    package = Package("Odd", "1.0.0", "", tuple(types.values()), notes, ())
    return package, list(used.values())


@pytest.fixture(params=[made_by_anki, made_by_genanki])
def old_package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with Learner(tmp_path / "author") as author:
        path: Path = request.param(author, tmp_path / "old.apkg")
    return path


@pytest.mark.parametrize(
    "names",
    [
        ["Front", "front", "FRONT", "front+"],
        [" a ", "b:c", '#"x"', "/ #y"],
        ["É", "é", "ß", "SS"],
    ],
)
def test_fields_have_the_names_that_anki_gave_them(names: list[str], tmp_path: Path) -> None:
    """Packages of other tools have names that Anki corrects."""
    fields = [{"name": name} for name in names]
    templates = [{"name": "Card", "qfmt": "{{Front}}x", "afmt": ""}]
    odd = genanki.Model(1_300_000_009, "Odd names", fields=fields, templates=templates)
    deck = genanki.Deck(1_300_000_003, "Odd")
    deck.add_note(genanki.Note(odd, ["1", "2", "3", "4"], guid="guid"))
    old = tmp_path / "old.apkg"
    genanki.Package(deck).write_to_file(old)
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(old)
        model = learner.collection.models.get(1_300_000_009)
        assert model is not None
        again, models = packed_again(old, later=DAY)
        assert with_anki_names(imported(models[0])).field_names == tuple(
            each["name"] for each in model["flds"]
        )
        assert learner.import_package(written(again, tmp_path / "new.apkg")).updated == ("guid",)


def written(package: Package, path: Path) -> Path:
    path.write_bytes(make_package(package))
    return path


def test_what_is_packed_is_what_learners_have(old_package: Path, tmp_path: Path) -> None:
    package, models = packed_again(old_package)
    with closing(database_of(written(package, tmp_path / "new.apkg"))) as new:
        packed = json.loads(new.execute("SELECT models FROM col").fetchone()[0])
        new_rows = new.execute("SELECT guid, sfld, flds, csum FROM notes ORDER BY guid").fetchall()
    with closing(database_of(old_package)) as old:
        rows = old.execute("SELECT guid, sfld, flds, csum FROM notes ORDER BY guid").fetchall()
    # genanki writes an id as a text, which Anki reads as the number.
    assert packed == {str(model["id"]): {**model, "id": int(model["id"])} for model in models}
    assert [row[:3] for row in new_rows] == [row[:3] for row in rows]
    # genanki leaves the checksum out.
    assert all(new[3] == old[3] or not old[3] for new, old in zip(new_rows, rows, strict=True))


def test_an_update_reaches_every_note_and_loses_no_review(
    old_package: Path, tmp_path: Path
) -> None:
    again, _ = packed_again(old_package)
    edited, _ = packed_again(old_package, later=DAY, edit=lambda field: field + " new")
    guids = tuple(sorted(note.guid for note in edited.notes))
    with Learner(tmp_path / "learner") as learner:
        assert len(learner.import_package(old_package).new) == len(guids)
        before_types = learner.collection.models.all_names()
        for guid, ord in learner.snapshot():
            if ord < 5:
                learner.answer(guid, ord=ord)
        studied = learner.snapshot()
        first = learner.import_package(written(again, tmp_path / "again.apkg"))
        assert first == ImportLog(duplicate=guids)
        second = learner.import_package(written(edited, tmp_path / "edited.apkg"))
        assert second == ImportLog(updated=guids)
        assert learner.snapshot() == studied
        assert sum(len(each.reviews) for each in studied.values()) > len(guids)
        assert learner.collection.models.all_names() == before_types
        fields = {guid: tuple(note.fields.values()) for guid, note in learner.notes().items()}
        assert fields == {note.guid: tuple(note.fields) for note in edited.notes}


def test_a_changed_style_reaches_learners_by_a_newer_mod(old_package: Path, tmp_path: Path) -> None:
    package, _ = packed_again(old_package)
    types = [replace(each, css=".card { color: red }", mod=LATER) for each in package.note_types]
    changed = replace(package, note_types=tuple(types))
    with Learner(tmp_path / "learner") as learner:
        learner.import_package(old_package)
        log = learner.import_package(written(changed, tmp_path / "new.apkg"))
        assert log.conflicting == ()
        for each in types:
            model = learner.collection.models.get(each.id)
            assert model is not None
            assert model["css"] == ".card { color: red }"
