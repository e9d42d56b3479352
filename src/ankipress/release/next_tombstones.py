"""Tombstones: the notes that a release retires, and which earlier ones it keeps."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from ankipress.identity.stamping import CHANGED_TAG
from ankipress.identity.tombstones import is_file_name
from ankipress.model import PackedNote, Tombstone, own_note_type
from ankipress.project.settings import Settings

RETIRED_TAG = "retired::"
_WORD = re.compile(r"[\w.-]+")
# The field above the picture of Anki's image occlusion. The first one holds the shapes.
_HEADER = 2


def next_tombstones(
    before: Iterable[Tombstone],
    retired: Iterable[PackedNote],
    active: Collection[str],
    media: Collection[str],
    settings: Settings,
) -> tuple[Tombstone, ...]:
    """The tombstones of a release, sorted by guid.

    They are those of before and one for each note that is retired now, as it was packed. Those of
    cards that are back go, and those that have been in as many releases as the settings say.
    `media` are the names of the files that were packed with the retired notes.
    """
    if settings.retired != "tombstone":
        return ()
    tombstones = {}
    for each in before:
        if each.guid not in active and each.releases < settings.retired_releases:
            tombstones[each.guid] = replace(each, releases=each.releases + 1)
    for note in retired:
        tombstones[note.guid] = _tombstone(note, media, settings)
    return tuple(tombstones[guid] for guid in sorted(tombstones))


def _tombstone(note: PackedNote, media: Collection[str], settings: Settings) -> Tombstone:
    fields = list(note.fields)
    place = 0
    if own_note_type(note.note_type) == "occlusion":
        place = _HEADER
    fields[place] = _banner(settings) + fields[place]
    own_tags = [tag for tag in note.tags if not tag.startswith((CHANGED_TAG, RETIRED_TAG))]
    words = {word for text in note.fields for word in _WORD.findall(text)}
    shown = filter(is_file_name, words.intersection(media))
    return Tombstone(
        note.guid,
        note.note_type,
        tuple(fields),
        (*own_tags, f"{RETIRED_TAG}{settings.version}"),
        tuple(sorted(shown)),
        settings.version,
    )


def _banner(settings: Settings) -> str:
    """A box that looks like an alert. Braces must not look like a deletion or a field."""
    text = html.escape(settings.retired_text.replace("{version}", settings.version), quote=False)
    text = text.replace("{{", "{<wbr>{").replace("}}", "}<wbr>}")
    return f'<div class="markdown-alert markdown-alert-warning"><p>{text}</p></div>'
