"""The link from a card to the place where it is written."""

from __future__ import annotations

from urllib.parse import quote

from ankipress.model import Note
from ankipress.project.settings import Settings
from ankipress.render.html import canonical


def source_link(note: Note, settings: Settings) -> str:
    """The link of a note as HTML, empty where the settings ask for none.

    What is put into the address is percent-encoded, so that no name of a file can lead elsewhere.
    """
    if not settings.source_url:
        return ""
    values = {
        "path": quote(note.entry.path),
        "anchor": quote(note.entry.anchor, safe=""),
        "guid": quote(note.guid, safe=""),
    }
    address = settings.source_url
    for name, value in values.items():
        address = address.replace(f"{{{name}}}", value)
    return canonical(f'<p><a href="{_escaped(address)}">{_escaped(settings.source_label)}</a></p>')


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
