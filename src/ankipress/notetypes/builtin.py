"""The note types of ankipress itself, as files: one folder each, with `notetype.toml`, templates
and a style sheet.

The schema is published: fields and templates keep their ids, order and number for ever. Anki
refuses to update the notes of a learner whose note type has another schema. Texts of templates and
styles may change.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable

from ankipress.identity.ids import make_note_type_id, short_mark
from ankipress.model import Field, NoteType, Template

KEYS = ("basic", "cloze", "occlusion")


def base_style() -> str:
    """The style sheet of ankipress's cards."""
    return "\n".join(_text(files(__package__) / name) for name in ("style.css", "code.css"))


def note_types(uid: str, project: str, code_css: str) -> dict[str, NoteType]:
    """The note types of a project, by key. `code_css` gives code its colours."""
    return {key: _note_type(key, uid, project, code_css) for key in KEYS}


def key_of(fields: Sequence[str]) -> str | None:
    """The key of the note type that has exactly these fields, in this order; None for one of
    another tool.
    """
    return next((key for key in KEYS if _read(key).field_names == tuple(fields)), None)


def _note_type(key: str, uid: str, project: str, code_css: str) -> NoteType:
    base = _read(key)
    return NoteType(
        key=key,
        id=make_note_type_id(uid, key),
        name=f"{project} {base.name} (ankipress {short_mark(uid)})",
        fields=base.fields,
        templates=base.templates,
        css=f"{base.css}\n{code_css}\n",
        cloze=base.cloze,
        stock=base.stock,
    )


@functools.cache
def _read(key: str) -> NoteType:
    """A note type as its folder describes it, with no id yet."""
    folder = files(__package__) / key
    description = tomllib.loads(_text(folder / "notetype.toml"))
    return NoteType(
        key=key,
        id=0,
        name=description["name"],
        fields=tuple(Field(**each) for each in description["fields"]),
        templates=tuple(_template(folder, each) for each in description["templates"]),
        css="\n".join(_text(file) for file in _styles(folder) if file.is_file()),
        cloze=description.get("cloze", False),
        stock=description.get("stock"),
    )


def _styles(folder: Traversable) -> tuple[Traversable, ...]:
    """The style sheets of a note type: those of all, and its own where it has one."""
    return files(__package__) / "style.css", files(__package__) / "code.css", folder / "style.css"


def _template(folder: Traversable, description: dict[str, object]) -> Template:
    file = str(description["file"])
    front, back = (_text(folder / f"{file}.{side}.html") for side in ("front", "back"))
    return Template(str(description["name"]), int(str(description["id"])), front, back)


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8").replace("\r\n", "\n").strip()
