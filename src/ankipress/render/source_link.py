"""The link from a card to its source."""

from __future__ import annotations

import html
from urllib.parse import quote

from ankipress.model import Note
from ankipress.project.settings import Settings
from ankipress.render.html import canonical


def source_link(note: Note, settings: Settings) -> str:
    """The link of a note as HTML, empty if the settings ask for none.

    What is put into the URL is percent-encoded, so that no file name can lead elsewhere.
    """
    if not settings.source_url:
        return ""
    values = {
        "path": quote(note.entry.path),
        "anchor": quote(note.entry.anchor, safe=""),
        "guid": quote(note.guid, safe=""),
    }
    url = settings.source_url
    for name, value in values.items():
        url = url.replace(f"{{{name}}}", value)
    label = html.escape(settings.source_label)
    return canonical(f'<p><a href="{html.escape(url)}">{label}</a></p>')
