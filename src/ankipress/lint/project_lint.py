"""Advice on the cards of a project."""

from __future__ import annotations

from collections.abc import Iterable

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import DeckText, read_cards
from ankipress.lint.checks import IsWanted, always, run_checks, while_wanted
from ankipress.model import Note
from ankipress.project.workspace import Workspace


def advice(
    notes: Iterable[Note], workspace: Workspace, is_wanted: IsWanted = always
) -> list[Diagnostic]:
    """Run all checks on a project, and return what concerns its selected files.

    All cards are read, because some checks compare them. Raises NotWantedError soon after
    `is_wanted` says no.
    """
    project = workspace.project
    entries = (note.entry for note in notes)
    cards = read_cards(while_wanted(entries, is_wanted))
    found = run_checks(DeckText(cards), is_wanted)
    if project.selected is None:
        return list(found)
    return [each for each in found if each.location.path in project.selected]
