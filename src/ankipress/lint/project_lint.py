"""Advice on the cards of a project, for which the files that they link to are read."""

from __future__ import annotations

from collections.abc import Iterable

from ankipress.diagnostics import Diagnostic
from ankipress.lint.broken_links import PAGES, linked_files
from ankipress.lint.card_text import DeckText, read_cards
from ankipress.lint.checks import IsWanted, always, run_checks, while_wanted
from ankipress.media.media_folder import Refusal
from ankipress.model import MediaFile, Note
from ankipress.project.workspace import Workspace
from ankipress.syntax.decoding import decode

_LARGEST = 10_000_000  # bytes of a page that is read for its headings


def advice(
    notes: Iterable[Note], workspace: Workspace, is_wanted: IsWanted = always
) -> list[Diagnostic]:
    """Run all checks on a project, and return what concerns its selected files.

    All cards are read, because some checks compare them. Raises NotWantedError soon after
    `is_wanted` says no.
    """
    project = workspace.project
    entries = (note.entry for note in notes)
    cards = read_cards(while_wanted(entries, is_wanted), project.sources)
    reading = DeckText(cards, _read_files(linked_files(cards), workspace))
    found = run_checks(reading, is_wanted)
    if project.selected is None:
        return list(found)
    return [each for each in found if each.location.path in project.selected]


def _read_files(paths: Iterable[str], workspace: Workspace) -> dict[str, str]:
    """Read the texts of pages; other files and folders that are there have none."""
    sources = {source.path: source.text for source in workspace.project.sources}
    media = workspace.project.media
    found = {}
    for path in paths:
        if path in sources:
            found[path] = sources[path]
        elif path == "." or media.has(path):  # the project itself is always there
            found[path] = _read_page(path, workspace)
    return found


def _read_page(path: str, workspace: Workspace) -> str:
    # Of other files it matters only that they are there.
    if not path.lower().endswith(PAGES):
        return ""
    content = workspace.project.media.find(path)
    # A pipe or a file that may not be read has no headings.
    if isinstance(content, Refusal) or content.size > _LARGEST:
        return ""
    source, _ = decode(MediaFile(path, content).read(), path)
    return source.text if source else ""
