"""What is said of notes that a folder holds already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ankipress.build.existing_notes import ExistingNotes, FoundDeck, existing_notes, found_deck
from ankipress.build.file_reading import name_of_reading
from ankipress.diagnostics import Diagnostic, counted
from ankipress.project.other_sources import other_sources
from ankipress.project.workspace import Workspace
from ankipress.visible_text import one_line

_WIDTH = 70  # characters of what is shown of a card
_MOST_LOOKED_AT = 1_000  # files, where nobody asked for it


def description(notes: ExistingNotes, deck: FoundDeck) -> Iterator[str]:
    """What was found, in a few lines, and the first cards."""
    yield from summary(notes, deck)
    for question, answer in deck.examples:
        yield f"  Q {one_line(question, _WIDTH)}"
        yield f"  A {one_line(answer, _WIDTH) or '(no answer)'}"


def summary(notes: ExistingNotes, deck: FoundDeck) -> Iterator[str]:
    """What was found, in three lines or two."""
    yield (
        f"{counted(deck.files, 'file')}, {name_of_reading(replace(deck.reading, kind=''))} · "
        f"{counted(deck.cards, 'card')}{_remarks(deck)}"
    )
    left_out = list(_left_out(notes, deck))
    if left_out:
        yield f"left out: {', '.join(left_out)}"
    yield "decks: the title of each file, or else its name"


def _remarks(deck: FoundDeck) -> str:
    remarks = []
    cards = deck.candidate.cards
    if deck.reading.kind:
        remarks.append(f'with options: kind = "{deck.reading.kind}"')
    details = sum(card.has_details for card in cards)
    if details * 2 > len(cards):
        remarks.append("answers in <details>")
    empty = len(cards) - len(deck.candidate.answered)
    if empty:
        remarks.append(f"{empty} without an answer")
    return "".join(f" · {each}" for each in remarks)


def _left_out(notes: ExistingNotes, deck: FoundDeck) -> Iterator[str]:
    without = len(notes.copies.kept) - deck.files - deck.stray_files
    if without:
        yield f"{counted(without, 'file')} without cards"
    if notes.unread:
        yield f"{counted(len(notes.unread), 'file')} that cannot be read"
    if deck.stray:
        yield f"{counted(deck.stray, 'stray card')} in {counted(deck.stray_files, 'other file')}"
    if notes.copies.left_out:
        copies = counted(len(notes.copies.left_out), "file")
        yield f"{copies} that are copies or translations"
    if deck.answer_headings:
        yield f"{counted(len(deck.answer_headings), 'heading')} that repeat and ask nothing"


def with_existing_notes(problems: Iterable[Diagnostic], workspace: Workspace) -> list[Diagnostic]:
    """The problems. Where a folder has no settings and no cards, what its notes hold is said."""
    return [_with_notes(each, workspace) for each in problems]


def _with_notes(problem: Diagnostic, workspace: Workspace) -> Diagnostic:
    if problem.code != "no-sources" or workspace.settings_path:
        return problem
    if len(other_sources(workspace.root, ())) > _MOST_LOOKED_AT:
        return problem
    notes = existing_notes(workspace.root)
    likeliest = notes.likeliest
    if likeliest is None:
        return problem
    deck = found_deck(notes, likeliest)
    help = "\n".join([*summary(notes, deck), "`ankipress init` makes a deck of them"])
    return replace(problem, help=help)
