"""Decks that have another name than before, which Anki takes for other decks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ankipress.diagnostics import Diagnostic, counted
from ankipress.model import Note
from ankipress.parse.document import Document
from ankipress.parse.project_checks import place_of_deck

_Names = tuple[str, str]


def renamed_decks(notes: Sequence[Note], documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """A warning for each deck whose cards are all in another one now.

    Of a deck that was renamed with the decks below it, only the uppermost one is named.
    """
    by_path = {document.path: document for document in documents}
    first: dict[_Names, Note] = {}
    numbers: Counter[_Names] = Counter()
    for note, names in _moved(notes):
        renamed = _without_same_end(names)
        first.setdefault(renamed, note)
        numbers[renamed] += 1
    said: set[str] = set()
    for names, number in numbers.most_common():
        if names[0] in said:  # the deck was cut into several
            continue
        said.add(names[0])
        entry = first[names].entry
        place = place_of_deck(entry, by_path[entry.path])
        yield Diagnostic("deck-renamed", place, _message(names, number), _help(names))


def _moved(notes: Sequence[Note]) -> Iterator[tuple[Note, _Names]]:
    """The notes of decks that are gone, with the names of the deck before and now.

    Anki compares the names of decks without case.
    """
    decks = {note.entry.deck.casefold() for note in notes}
    for note in notes:
        record = note.record
        if record is None or not record.digest:
            continue
        if record.deck.casefold() not in decks:
            yield note, (record.deck, note.entry.deck)


def _without_same_end(names: _Names) -> _Names:
    """The names without the decks at their ends that are the same in both."""
    before = names[0].split("::")
    now = names[1].split("::")
    while before and now and before[-1] == now[-1]:
        before.pop()
        now.pop()
    return "::".join(before), "::".join(now)


def _message(names: _Names, number: int) -> str:
    before, now = names
    cards = counted(number, "note")
    if not before:
        return (
            f'the decks are below "{now}" now: learners keep the cards that they have where they'
            f" are ({cards}), and new cards come into the decks below it"
        )
    if not now:
        return (
            f'the decks are no longer below "{before}": learners keep the cards that they have'
            f" there ({cards}), and new cards come into the other decks"
        )
    return (
        f'the deck "{before}" is now "{now}": learners keep the cards that they have in'
        f' "{before}" ({cards}), and new cards come into "{now}"'
    )


def _help(names: _Names) -> str:
    if not all(names):
        return (
            "Anki moves no card to another deck at an import: set the name back, or tell learners"
        )
    before, now = names
    return (
        "Anki moves no card to another deck at an import: set the name back, or tell learners to"
        f' rename "{before}" to "{now}" in Anki before they import'
    )
