"""Notes that were made elsewhere of note types that ankipress made for this project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ankipress.importing.imported_deck import ImportedDeck, ImportedType
from ankipress.importing.merged.merged_types import TypeThere
from ankipress.importing.own.made_in_anki import with_blocks
from ankipress.model import own_note_type
from ankipress.notetypes.builtin import key_of


@dataclass(frozen=True, slots=True)
class OwnType:
    """A note type that ankipress made: its key, and the names of its fields where it is packed."""

    key: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypesHere:
    """The note types of a deck that a project has too, by their ids: `adopted` ones, and the keys
    of those that ankipress `made`.
    """

    adopted: Mapping[int, TypeThere]
    made: Mapping[int, str]


def made_types(deck: ImportedDeck, own: Mapping[int, OwnType]) -> Mapping[int, str]:
    """The keys of the note types of a deck that ankipress made for this project, by their ids, as
    far as they have the same fields there. `own` are those of the project.
    """
    found = {}
    for imported in deck.note_types:
        type_id = imported.id or 0
        if type_id in own and _fits(imported, own[type_id]):
            found[type_id] = own[type_id].key
    return found


def _fits(imported: ImportedType, own: OwnType) -> bool:
    names = imported.field_names
    return names == own.names or key_of(names) == own_note_type(own.key)


def in_blocks_of(deck: ImportedDeck, made: Mapping[int, str]) -> ImportedDeck:
    """A deck whose notes of such note types have fields as cards of ankipress have them."""
    notes = []
    for note in deck.notes:
        imported = deck.note_types[note.note_type]
        if imported.id in made:
            notes.append(with_blocks(note, imported.field_names))
        else:
            notes.append(note)
    return replace(deck, notes=tuple(notes))
