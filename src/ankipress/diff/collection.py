"""The rules by which Anki imports a package, applied to the collection of one learner.

They are those of `rslib/src/import_export/package/apkg/import/` with the defaults of the desktop's
dialog, in every version since 23.10; tests compare them with the real engine. Whether Anki
updates a note depends on its guid, note type and mod alone. Its content tells which notes differ
though Anki leaves them alone, and which cards become empty.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankipress.diff.edition import Edition, hides_templates
from ankipress.identity.stamping import own_tags
from ankipress.model import Field, NoteType, PackedNote, Template
from ankipress.package.card_generation import card_ords

CardKey = tuple[str, int]
"""A card by the guid of its note and its ord, from 0."""


class ImportOutcome(enum.StrEnum):
    """What Anki does with a note of a package, or of the collection."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    # It differs from what the learner has, but is not newer: Anki leaves the learner's.
    OUTDATED = "outdated"
    # It has another note type than the learner's, or one of another schema: Anki skips it.
    BLOCKED = "blocked"
    KEPT = "kept"  # no package has it any more, and the collection keeps it


@dataclass(frozen=True, slots=True)
class CollectionNote:
    """A note in a learner's collection. `cards` are the decks of its cards, by ord."""

    mod: int
    note_type: int
    fields: Sequence[str]
    tags: tuple[str, ...]
    cards: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Collection:
    """A learner's collection as far as imports change it. Decks are by their casefolded names."""

    notes: Mapping[str, CollectionNote] = field(default_factory=dict)
    note_types: Mapping[int, NoteType] = field(default_factory=dict)
    decks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """The collection after an import, and what became of every note, card and deck.

    `outcomes` are by guid, of all notes that a package ever brought. `new_cards` are cards added to
    existing notes, `empty_cards` those that their note does not ask for any more, and `elsewhere`
    the cards that stay in another deck than that of the package. `copied` are the keys of the note
    types that Anki copies, since the learner's has another schema.
    """

    collection: Collection
    outcomes: Mapping[str, ImportOutcome]
    new_cards: frozenset[CardKey]
    empty_cards: frozenset[CardKey]
    elsewhere: Mapping[CardKey, str]
    new_decks: tuple[str, ...]
    copied: frozenset[str]


def import_edition(collection: Collection, edition: Edition, at: int | None = None) -> Imported:
    """Import an edition into a learner's collection.

    `at` is the second of the import. Anki 2.1.54 to 24.11 give it to the notes that they update,
    in place of the package's mod; None stands for newer versions.
    """
    new_decks = tuple(_new_decks(collection, edition))
    decks = dict(collection.decks)
    for name in new_decks:
        decks[name.casefold()] = name
    copied = frozenset(_copied(collection, edition))
    notes = dict(collection.notes)
    outcomes: dict[str, ImportOutcome] = {}
    for guid, note in edition.by_guid.items():
        known = notes.get(guid)
        added = _added(note, edition, decks)
        if known is None:
            outcomes[guid] = ImportOutcome.ADDED
            notes[guid] = added
        elif note.note_type in copied or known.note_type != added.note_type:
            outcomes[guid] = ImportOutcome.BLOCKED
        else:
            outcomes[guid] = _outcome(known, note)
            if outcomes[guid] is ImportOutcome.UPDATED:
                mod = note.mod if at is None else at
                known = replace(known, mod=mod, fields=note.fields, tags=note.tags)
            # Cards come in even where the note is not updated; existing ones stay in their decks.
            notes[guid] = replace(known, cards={**added.cards, **known.cards})
    for guid, known in collection.notes.items():
        # A note without cards was a tombstone that the learner never sees.
        if guid not in outcomes and known.cards:
            outcomes[guid] = ImportOutcome.KEPT
    types = dict(collection.note_types)
    for key, note_type in edition.note_types.items():
        if key not in copied:
            types[note_type.id] = note_type
    return Imported(
        Collection(notes, types, decks),
        outcomes,
        frozenset(_new_cards(collection, notes)),
        frozenset(_empty_cards(collection, edition, outcomes)),
        dict(_elsewhere(collection, edition, outcomes)),
        new_decks,
        copied,
    )


def _added(note: PackedNote, edition: Edition, decks: Mapping[str, str]) -> CollectionNote:
    """A note as it comes to a learner who has it not."""
    deck = decks.get(note.deck.casefold(), note.deck)
    cards = dict.fromkeys(note.ords, deck)
    note_type = edition.type_of(note).id
    return CollectionNote(note.mod, note_type, note.fields, note.tags, cards)


def _new_cards(before: Collection, notes: Mapping[str, CollectionNote]) -> Iterator[CardKey]:
    for guid, known in before.notes.items():
        for ord in notes[guid].cards:
            if ord not in known.cards:
                yield guid, ord


def _empty_cards(
    before: Collection, edition: Edition, outcomes: Mapping[str, ImportOutcome]
) -> Iterator[CardKey]:
    for guid, note in edition.by_guid.items():
        if outcomes[guid] not in {ImportOutcome.UPDATED, ImportOutcome.UNCHANGED}:
            continue
        generated = _generated(edition, note)
        for ord in before.notes[guid].cards:
            if ord not in generated:
                yield guid, ord


def _elsewhere(
    before: Collection, edition: Edition, outcomes: Mapping[str, ImportOutcome]
) -> Iterator[tuple[CardKey, str]]:
    for guid, note in edition.by_guid.items():
        if outcomes[guid] in {ImportOutcome.ADDED, ImportOutcome.BLOCKED}:
            continue
        cards = before.notes[guid].cards
        for ord in note.ords:
            if ord in cards and cards[ord].casefold() != note.deck.casefold():
                yield (guid, ord), cards[ord]


def _outcome(known: CollectionNote, note: PackedNote) -> ImportOutcome:
    if known.mod < note.mod:
        return ImportOutcome.UPDATED
    if known.fields == note.fields and own_tags(known.tags) == own_tags(note.tags):
        return ImportOutcome.UNCHANGED
    return ImportOutcome.OUTDATED


def _generated(edition: Edition, note: PackedNote) -> Sequence[int]:
    """The cards that Anki generates from the fields of a note.

    A tombstone still asks for its old cards, though its package has none.
    """
    note_type = edition.type_of(note)
    if hides_templates(note_type):
        return note.ords
    return card_ords(note_type, edition.values(note))


def _copied(collection: Collection, edition: Edition) -> Iterator[str]:
    for key, note_type in edition.note_types.items():
        known = collection.note_types.get(note_type.id)
        if known and not same_schema(known, note_type):
            yield key


def same_schema(one: NoteType, other: NoteType) -> bool:
    """Whether Anki takes two note types of one id for the same.

    Their fields and templates must agree in number, order, and id or name.
    """
    return _agree(one.fields, other.fields) and _agree(one.templates, other.templates)


def _agree(ones: Sequence[Field | Template], others: Sequence[Field | Template]) -> bool:
    return len(ones) == len(others) and all(map(_matches, ones, others))


def _matches(one: Field | Template, other: Field | Template) -> bool:
    if one.id and other.id:
        return one.id == other.id
    return one.name == other.name  # an old package has no ids


def _new_decks(collection: Collection, edition: Edition) -> Iterator[str]:
    """The decks that an import creates, parents first."""
    seen = set(collection.decks)
    for name in edition.decks:
        parts = name.split("::")
        for length in range(1, len(parts) + 1):
            deck = "::".join(parts[:length])
            if deck.casefold() not in seen:
                seen.add(deck.casefold())
                yield deck
