"""The rules by which Anki imports a package, applied to the collection of one learner.

They are those of `rslib/src/import_export/package/apkg/import/` with the defaults of the desktop's
dialog, in every version since 23.10; tests compare them with the real engine. The content of a note
does not matter, only its guid, note type and mod.
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


class Outcome(enum.StrEnum):
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
    outcomes: Mapping[str, Outcome]
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
    decks = {**collection.decks, **{name.casefold(): name for name in new_decks}}
    copied = frozenset(_copied(collection, edition))
    notes, outcomes = dict(collection.notes), dict[str, Outcome]()
    new_cards, empty_cards, elsewhere = set[CardKey](), set[CardKey](), dict[CardKey, str]()
    for guid, note in edition.by_guid.items():
        note_type, known = edition.type_of(note), notes.get(guid)
        cards = dict.fromkeys(note.ords, decks.get(note.deck.casefold(), note.deck))
        if known is None:
            notes[guid] = CollectionNote(note.mod, note_type.id, note.fields, note.tags, cards)
            outcomes[guid] = Outcome.ADDED
            continue
        if note.note_type in copied or known.note_type != note_type.id:
            outcomes[guid] = Outcome.BLOCKED
            continue
        outcomes[guid] = _outcome(known, note)
        if outcomes[guid] is Outcome.UPDATED:
            mod = note.mod if at is None else at
            known = replace(known, mod=mod, fields=note.fields, tags=note.tags)
        # Cards come in even where the note is not updated; existing ones stay in their decks.
        notes[guid] = replace(known, cards={**cards, **known.cards})
        new_cards.update((guid, ord) for ord in cards if ord not in known.cards)
        for ord, deck in known.cards.items():
            if ord in cards and deck.casefold() != note.deck.casefold():
                elsewhere[guid, ord] = deck
        if outcomes[guid] is not Outcome.OUTDATED:
            generated = _generated(edition, note)
            empty_cards.update((guid, ord) for ord in known.cards if ord not in generated)
    for guid, known in collection.notes.items():
        # A note without cards was a tombstone that the learner never sees.
        if guid not in outcomes and known.cards:
            outcomes[guid] = Outcome.KEPT
    types = {each.id: each for key, each in edition.note_types.items() if key not in copied}
    return Imported(
        Collection(notes, {**collection.note_types, **types}, decks),
        outcomes,
        frozenset(new_cards),
        frozenset(empty_cards),
        elsewhere,
        new_decks,
        copied,
    )


def _outcome(known: CollectionNote, note: PackedNote) -> Outcome:
    if known.mod < note.mod:
        return Outcome.UPDATED
    if known.fields == note.fields and own_tags(known.tags) == own_tags(note.tags):
        return Outcome.UNCHANGED
    return Outcome.OUTDATED


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
