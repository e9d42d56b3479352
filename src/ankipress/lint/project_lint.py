"""Advice on the cards of a project, with what the disk says of the files that they link to."""

from __future__ import annotations

from collections.abc import Iterable

from ankipress.diagnostics import Diagnostic
from ankipress.lint.broken_links import linked_files
from ankipress.lint.card_text import Reading
from ankipress.lint.memo import Memory
from ankipress.media.media_folder import Refusal
from ankipress.model import MediaFile, Note
from ankipress.project.workspace import Workspace
from ankipress.syntax.decoding import decode

_PAGES = (".md", ".markdown")
_LARGEST = 10_000_000  # bytes of a page that are read for its headings


def advice(
    notes: Iterable[Note], workspace: Workspace, memory: Memory | None = None
) -> list[Diagnostic]:
    """What could be better in the cards that are chosen, seen beside all cards of the project.

    Raises NotWantedError where the memory says so.
    """
    project, memory = workspace.project, memory or Memory()
    cards = memory.read_cards([note.entry for note in notes], project.sources)
    texts = {source.path: source.text for source in project.sources}
    files = {
        path: text
        for path in linked_files(cards)
        if (text := texts.get(path, _page(path, workspace))) is not None
    }
    found = memory.advise(Reading(cards, files))
    return [
        each for each in found if project.selected is None or each.location.path in project.selected
    ]


def _page(path: str, workspace: Workspace) -> str | None:
    """The text of a page that is no source, empty for another file or folder, None for what is not
    there.
    """
    files = workspace.project.media
    if path != "." and not files.has(path):  # the project itself is there
        return None
    if not path.lower().endswith(_PAGES):
        return ""
    content = files.find(path)
    if isinstance(content, Refusal) or content.size > _LARGEST:
        return ""
    source, _ = decode(MediaFile(path, content).read(), path)
    return source.text if source else ""
