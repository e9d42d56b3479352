"""A part of a deck from elsewhere."""

from __future__ import annotations

from dataclasses import replace

from ankipress.diagnostics import first_of, suggestion
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.readers.named_media import named_media
from ankipress.importing.readers.source_error import SourceError
from ankipress.package.whole_collection import is_below

_MOST_NAMED = 5  # decks in a message


def check_deck(deck: str, names: tuple[str, ...], source: str) -> None:
    """Raise SourceError where no deck of a source is the one of a name, or below it."""
    if any(is_below(name, deck) for name in names):
        return
    shown = first_of([f'"{name}"' for name in sorted(names)], _MOST_NAMED)
    raise SourceError(
        f'{source} has no deck "{deck}"{suggestion(deck, names)}',
        f"give --deck one of its decks: {shown}",
    )


def part_of(found: ImportedDeck, deck: str, source: str) -> ImportedDeck:
    """The notes that are in a deck, or below it. Raises SourceError where there is none."""
    names = tuple(dict.fromkeys(note.deck for note in found.notes))
    check_deck(deck, names, source)
    notes = tuple(note for note in found.notes if is_below(note.deck, deck))
    part = with_used_types(replace(found, name=deck, notes=notes))
    used = frozenset(named_media(part.note_types, notes))
    return replace(part, missing=tuple(name for name in found.missing if name in used))


def with_used_types(found: ImportedDeck) -> ImportedDeck:
    """The deck without the note types that have no notes."""
    used = sorted({note.note_type for note in found.notes})
    places = {old: new for new, old in enumerate(used)}
    return replace(
        found,
        note_types=tuple(found.note_types[old] for old in used),
        notes=tuple(replace(each, note_type=places[each.note_type]) for each in found.notes),
    )
