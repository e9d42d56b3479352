"""Adopted note types as they are packed, and what Anki would refuse of an author's change to one.

See docs/decisions/015-adopted-note-types.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from ankipress.diagnostics import Diagnostic
from ankipress.model import Adopted, CustomType, Field, NoteType, NoteTypeStamp, Schema, Template

NO_UPDATE = (
    "Anki would update no note of this type: learners would have to delete the old notes and lose"
    " their reviews."
)
_Part = tuple[str, int | None]  # a name and an id


def adopted_type(custom: CustomType, adopted: Adopted) -> NoteType:
    """The note type exactly as learners have it."""
    fields = []
    for named, settings in zip(custom.fields, adopted.fields, strict=True):
        fields.append(Field(named.name, stable_id(settings)))
    templates = []
    for each, settings in zip(custom.templates, adopted.templates, strict=True):
        templates.append(Template(each.named.name, stable_id(settings), each.front, each.back))
    return NoteType(
        key=custom.key,
        id=adopted.id,
        name=custom.name,
        fields=tuple(fields),
        templates=tuple(templates),
        css=custom.css,
        cloze=custom.cloze,
        is_custom=True,
        adopted=adopted,
    )


def stable_id(settings: Mapping[str, Any]) -> int | None:
    """The id of a field or template, None where learners have it without one."""
    id = settings.get("id")
    if type(id) is int and -(2**63) <= id < 2**63:
        return id
    return None


def are_same_parts(note_type: NoteType, schema: Schema) -> bool:
    """Whether Anki takes fields and templates for those of a published schema."""
    now = note_type.schema
    if now is None or now.cloze != schema.cloze:
        return False
    pairs = ((schema.fields, now.fields), (schema.templates, now.templates))
    return not any(_first_change(before, after) for before, after in pairs)


def changes_of_adopted(
    custom: CustomType,
    note_type: NoteType,
    stamp: NoteTypeStamp | None,
) -> Iterator[Diagnostic]:
    """What Anki would refuse of a note type, compared with what learners have of it."""
    now = note_type.schema
    if stamp is None or now is None:
        return
    if note_type.id != stamp.id:
        message = f"this was the note type {stamp.id} when it was published"
        yield _refusal(custom, "id", message)
    before = stamp.schema
    if before is None:
        return
    if now.cloze != before.cloze:
        was = "no cloze note type"
        if before.cloze:
            was = "a cloze note type"
        yield _refusal(custom, "cloze", f"this was {was} when it was published")
    for key, old, new in (
        ("fields", before.fields, now.fields),
        ("templates", before.templates, now.templates),
    ):
        change = _first_change(old, new)
        if change:
            number, message = change
            entry = f"{key}[{number}]"
            if entry not in custom.places:
                entry = key
            yield _refusal(custom, entry, f"of the {key}, {message}")


def _first_change(
    before: Sequence[_Part],
    now: Sequence[_Part],
) -> tuple[int, str] | None:
    """The first place at which Anki sees another field or template, and what differs there."""
    for number, (old, new) in enumerate(zip_longest(before, now)):
        if new is None:
            return number, f'"{old[0]}" is gone'
        if old is None:
            return number, f'"{new[0]}" is new'
        if not _is_same(old, new):
            return number, f'"{new[0]}" stands in the place of "{old[0]}"'
    return None


def _is_same(old: _Part, new: _Part) -> bool:
    """Anki knows a field or template by its id where both have one, and else by its name."""
    if old[1] is None or new[1] is None:
        return old[0] == new[0]
    return old[1] == new[1]


def _refusal(custom: CustomType, entry: str, message: str) -> Diagnostic:
    help = f"{NO_UPDATE} Put it back as it was; a name may change only where it has an id"
    return Diagnostic("schema-changed", custom.places[entry], message, help)
