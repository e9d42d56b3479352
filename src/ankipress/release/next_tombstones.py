"""Tombstones: what a release leaves in the place of the notes that it retires, and which of those
before it stay.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ankipress.identity.stamping import CHANGED_TAG
from ankipress.model import PackedNote, Tombstone
from ankipress.project.settings import Settings

RETIRED_TAG = "retired::"
_WORD = re.compile(r"[\w.-]+")
# The field of Anki's image occlusion that stands above the picture; its first one holds the shapes.
_HEADER = 2


def next_tombstones(
    before: Iterable[Tombstone],
    retired: Iterable[PackedNote],
    active: Collection[str],
    media: Collection[str],
    settings: Settings,
) -> tuple[Tombstone, ...]:
    """The tombstones of a release, sorted by guid: those of before, but for cards that are back and
    for those that were there for as many releases as the settings say; and one for each note that
    is retired now, as it was packed. `media` are the names of the files that were packed with them.
    """
    if settings.retired != "tombstone":
        return ()
    new = {each.guid: _tombstone(each, media, settings) for each in retired}
    kept = (
        replace(each, releases=each.releases + 1)
        for each in before
        if each.guid not in active
        and each.guid not in new
        and each.releases < settings.retired_releases
    )
    return tuple(sorted((*kept, *new.values()), key=lambda each: each.guid))


def _tombstone(note: PackedNote, media: Collection[str], settings: Settings) -> Tombstone:
    place = _HEADER if note.note_type == "occlusion" else 0
    fields = tuple(
        _banner(settings) + text if number == place else text
        for number, text in enumerate(note.fields)
    )
    shown = {word for text in note.fields for word in _WORD.findall(text)}
    names = tuple(sorted(shown.intersection(media)))
    return Tombstone(
        note.guid,
        note.note_type,
        fields,
        tuple(_tags(note.tags, settings.version)),
        names,
        settings.version,
    )


def _tags(tags: Iterable[str], version: str) -> Iterator[str]:
    yield from (tag for tag in tags if not tag.startswith((CHANGED_TAG, RETIRED_TAG)))
    yield f"{RETIRED_TAG}{version}"


def _banner(settings: Settings) -> str:
    """A box such as alerts have. Braces are kept from looking like a deletion or a field."""
    text = html.escape(settings.retired_text.replace("{version}", settings.version), quote=False)
    text = text.replace("{{", "{<wbr>{").replace("}}", "}<wbr>}")
    return f'<div class="markdown-alert markdown-alert-warning"><p>{text}</p></div>'
