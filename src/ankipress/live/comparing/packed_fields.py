"""The notes of a compiled deck as they are packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ankipress.build.pipeline import Compiled
from ankipress.identity.stamping import own_tags
from ankipress.project.settings import Settings
from ankipress.render.completing import source_link

_SOURCE = "Source"


@dataclass(frozen=True, slots=True)
class PackedFields:
    """The fields and tags of a note. The `link` to where its card is written, which changes with
    the heading, is apart from them.
    """

    values: Mapping[str, str]
    tags: tuple[str, ...]
    link: str


def packed_fields(compiled: Compiled, settings: Settings) -> Mapping[str, PackedFields]:
    """The fields by name and the tags of the notes that are packed, by guid."""
    names = {each.key: each.field_names for each in compiled.stamped.note_types}
    notes = {each.guid: each for each in compiled.notes}
    found: dict[str, PackedFields] = {}
    for packed in compiled.package.notes:
        values = dict(zip(names[packed.note_type], packed.fields, strict=True))
        link = ""
        if settings.source_url and _SOURCE in values and packed.guid in notes:
            link = source_link(notes[packed.guid], settings)
            values[_SOURCE] = values[_SOURCE].removesuffix(link)
        found[packed.guid] = PackedFields(values, own_tags(packed.tags), link)
    return found
