"""The names of media as learners have them, whatever a package says.

Other tools write names that no system or only some can hold. Anki corrects them when it imports a
package, in fields too (`normalize_filename` of its `rslib/src/media/files.rs`): tests compare this
with the real engine.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from ankipress.diagnostics import counted
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.media.css_addresses import CssAddress
from ankipress.media.template_addresses import rewrite_template
from ankipress.model import MediaContent

_NEVER = re.compile(r'[\[\]<>:"/?*^\\|\x00-\x1f\x7f]')
_DEVICE = re.compile(r"\A(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|\Z)", re.IGNORECASE)
_LONGEST = 120  # bytes


def with_anki_media(deck: ImportedDeck) -> ImportedDeck:
    """A deck whose media have the names that Anki gives them, in its fields too. Its fields must be
    NFC. Where two files come to have one name, the first is kept.
    """
    media: dict[str, MediaContent] = {}
    renamed: dict[str, str] = {}
    for name, content in sorted(deck.media.items()):
        normal = unicodedata.normalize("NFC", name)
        corrected = anki_media_name(name)
        if corrected:
            media.setdefault(corrected, content)
        if corrected and corrected != normal:
            renamed[normal] = corrected
    missing = {unicodedata.normalize("NFC", name) for name in deck.missing}
    found = replace(deck, media=media, missing=tuple(sorted(missing.difference(media))))
    if len(media) < len(deck.media):
        lost = counted(len(deck.media) - len(media), "file")
        warning = f"{lost} of media with the name of another one, as Anki corrects names: left out"
        found = replace(found, warnings=(*found.warnings, warning))
    if renamed:
        notes = tuple(
            replace(note, fields=tuple(_with_names(field, renamed) for field in note.fields))
            for note in found.notes
        )
        found = replace(found, notes=notes)
    return found


def anki_media_name(name: str) -> str:
    """The name that Anki gives a file when it imports it; empty where nothing is left of it."""
    corrected = _NEVER.sub("", unicodedata.normalize("NFC", name))
    corrected = _DEVICE.sub(r"\1_\2", corrected)
    if corrected.endswith((" ", ".")):
        corrected += "_"
    return _shortened(corrected)


def _shortened(name: str) -> str:
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    room = _LONGEST - 2 - len(ending.encode())
    return stem.encode()[: max(0, room)].decode(errors="ignore") + dot + ending


def _with_names(field: str, renamed: Mapping[str, str]) -> str:
    if "<" not in field and "[" not in field:
        return field

    def rename(address: CssAddress) -> str | None:
        name = renamed.get(address.text)
        if name is None:
            return None
        return html.escape(name)

    return rewrite_template(field, rename, lambda _: None)
