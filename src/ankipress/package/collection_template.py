"""Note types → a collection without notes, by genanki.

genanki knows the tables of a collection and the many keys of note types and decks. What it decides
itself (ids from a counter, one time for all, card rows by rules that differ from Anki's, no order
of new cards) is not used.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

import genanki

from ankipress.model import Adopted, Field, NoteType
from ankipress.package.database import CollectionTemplate

# Anki imports no package without these. What came from one has them.
_NEEDED_OF_TYPE: Mapping[str, Any] = {"sortf": 0, "usn": -1, "did": None}
_NEEDED_OF_FIELD: Mapping[str, Any] = {"sticky": False, "rtl": False, "font": "Arial", "size": 20}
_LAST_NEEDED = 4  # the tag of an image occlusion's comments, which a learner may delete


def make_template(note_types: Sequence[NoteType]) -> CollectionTemplate:
    """The tables of a collection, its row `col`, and the note types as JSON."""
    own = [each for each in note_types if each.adopted is None]
    adopted = {
        str(each.id): _adopted_model(each, each.adopted) for each in note_types if each.adopted
    }
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        genanki.Package([]).write_to_db(connection.cursor(), 0, iter(()))
        return CollectionTemplate(
            tables=_schema(connection, "table"),
            indexes=_schema(connection, "index"),
            col=list(connection.execute("SELECT * FROM col").fetchone()),
            models={str(each.id): _model(each) for each in own},
            deck=genanki.Deck(1, "", "").to_json(),
            adopted={id: json.dumps(model) for id, model in adopted.items()},
        )


def _schema(connection: sqlite3.Connection, sort: str) -> list[str]:
    """The statements that make the tables or the indexes, in order."""
    query = "SELECT sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY rowid"
    return [sql for (sql,) in connection.execute(query, (sort,))]


def _model(note_type: NoteType) -> dict[str, Any]:
    """A note type as genanki writes it, with ids for its fields and templates, and a mod of its
    own.
    """
    templates = [
        {"name": each.name, "id": each.id, "qfmt": each.front, "afmt": each.back}
        for each in note_type.templates
    ]
    model_type = genanki.Model.FRONT_BACK
    if note_type.cloze:
        model_type = genanki.Model.CLOZE
    model = genanki.Model(
        note_type.id,
        note_type.name,
        fields=[_field(each) for each in note_type.fields],
        templates=templates,
        css=note_type.css,
        model_type=model_type,
    )
    values: dict[str, Any] = model.to_json(note_type.mod, 1)
    if note_type.stock is not None:
        values["originalStockKind"] = note_type.stock
    return values


def _adopted_model(note_type: NoteType, adopted: Adopted) -> dict[str, Any]:
    """A note type with every key that learners have, and no other."""
    fields = []
    for ord, (field, settings) in enumerate(zip(note_type.fields, adopted.fields, strict=True)):
        fields.append({**_NEEDED_OF_FIELD, **settings, "name": field.name, "ord": ord})
    templates = []
    pairs = zip(note_type.templates, adopted.templates, strict=True)
    for ord, (template, settings) in enumerate(pairs):
        sides = {"qfmt": template.front, "afmt": template.back}
        templates.append({**settings, "name": template.name, "ord": ord, **sides})
    return {
        **_NEEDED_OF_TYPE,
        **adopted.settings,
        "id": note_type.id,
        "name": note_type.name,
        "type": int(note_type.cloze),
        "mod": note_type.mod,
        "css": note_type.css,
        "flds": fields,
        "tmpls": templates,
    }


def _field(field: Field) -> dict[str, Any]:
    values = {"name": field.name, "id": field.id}
    if field.tag is not None:
        # By the tag Anki finds a field that it treats specially, whatever its name is, and keeps a
        # learner from deleting it.
        values["tag"] = field.tag
        values["preventDeletion"] = field.tag < _LAST_NEEDED
    return values
