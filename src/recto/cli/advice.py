"""Advice on the cards of a project, with what the disk says of the files that they link to."""

from __future__ import annotations

from collections.abc import Iterable

from recto.cli.files import Workspace
from recto.cli.found import is_inside, is_spelled
from recto.craft import Reading, advise, linked_files, read_cards
from recto.diagnostics import Diagnostic
from recto.model import Note
from recto.parse import decode

_PAGES = (".md", ".markdown")
_LARGEST = 10_000_000  # bytes of a page that are read for its headings


def advice(notes: Iterable[Note], workspace: Workspace) -> list[Diagnostic]:
    """What could be better in the cards that are chosen, seen beside all cards of the project."""
    project = workspace.project
    cards = read_cards([note.entry for note in notes], project.sources)
    texts = {source.path: source.text for source in project.sources}
    files = {path: text for path in linked_files(cards) if (text := texts.get(path, _page(path, workspace))) is not None}
    found = advise(Reading(cards, files))
    return [each for each in found if project.selected is None or each.location.path in project.selected]


def _page(path: str, workspace: Workspace) -> str | None:
    """The text of a page that is no source, empty for another file or folder, None for what is not there."""
    file = workspace.root / path
    try:
        if not file.exists() or not is_inside(file, workspace.root) or not is_spelled(file, workspace.root):
            return None
        is_page = path.lower().endswith(_PAGES) and file.is_file() and file.stat().st_size <= _LARGEST
        source, _ = decode(file.read_bytes(), path) if is_page else (None, ())
    except (OSError, ValueError):
        return None
    return source.text if source else ""
