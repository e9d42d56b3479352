"""The note types of ankipress itself, as files: one folder each, with `notetype.toml`, templates
and a style sheet.

The schema is published: fields and templates keep their ids, order and number for ever. Anki
refuses to update the notes of a learner whose note type has another schema. Texts of templates and
styles may change.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from ankipress.identity.ids import make_note_type_id, short_mark
from ankipress.model import Field, NoteType, Template, own_note_type

KEYS = ("basic", "cloze", "occlusion")


@functools.cache
def base_style() -> str:
    """The style sheet of ankipress's cards."""
    folder = files(__package__)
    return "\n".join([_text(folder / "style.css"), _text(folder / "code.css")])


def note_types(
    uid: str,
    project: str,
    code_css: str,
) -> dict[str, NoteType]:
    """The note types of a project, by key. `code_css` gives code its colours."""
    types = {}
    for key in KEYS:
        base = _read(key)
        types[key] = replace(
            base,
            id=make_note_type_id(uid, key),
            name=f"{project} {base.name} (ankipress {short_mark(uid)})",
            css=f"{base.css}\n{code_css}\n",
        )
    return types


def copies(
    types: Mapping[str, NoteType],
    keys: Iterable[str],
) -> dict[str, NoteType]:
    """The note types of other locks (`basic@1234`) among some keys, by key.

    They look like those of the project; a lock says under which id and name learners have them.
    """
    found = {}
    for key in keys:
        own = own_note_type(key)
        if own != key and own in types:
            found[key] = replace(types[own], key=key)
    return found


def key_of(fields: Sequence[str]) -> str | None:
    """The key of the note type that has exactly these fields, in this order; None for one of
    another tool.
    """
    for key in KEYS:
        if _read(key).field_names == tuple(fields):
            return key
    return None


@functools.cache
def _read(key: str) -> NoteType:
    """A note type as its folder describes it, with no id yet."""
    folder = files(__package__) / key
    description = tomllib.loads(_text(folder / "notetype.toml"))
    css = base_style()
    own_style = folder / "style.css"
    if own_style.is_file():
        css = f"{css}\n{_text(own_style)}"
    return NoteType(
        key=key,
        id=0,
        name=description["name"],
        fields=tuple(Field(**each) for each in description["fields"]),
        templates=tuple(_template(folder, each) for each in description["templates"]),
        css=css,
        cloze=description.get("cloze", False),
        stock=description.get("stock"),
    )


def _template(
    folder: Traversable,
    description: Mapping[str, Any],
) -> Template:
    file = description["file"]
    front = _text(folder / f"{file}.front.html")
    back = _text(folder / f"{file}.back.html")
    return Template(description["name"], description["id"], front, back)


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8").replace("\r\n", "\n").strip()
