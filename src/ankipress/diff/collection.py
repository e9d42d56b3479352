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
    return _Import(collection, edition, at).run()


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


class _Import:
    """One import, note by note."""

    def __init__(self, collection: Collection, edition: Edition, at: int | None) -> None:
        self.collection = collection
        self.edition = edition
        self.at = at
        self.new_decks = tuple(_new_decks(collection, edition))
        self.decks = dict(collection.decks)
        self.decks.update((name.casefold(), name) for name in self.new_decks)
        self.copied = frozenset(self._copied())
        self.notes = dict(collection.notes)
        self.outcomes: dict[str, Outcome] = {}
        self.new_cards: set[CardKey] = set()
        self.empty_cards: set[CardKey] = set()
        self.elsewhere: dict[CardKey, str] = {}

    def _copied(self) -> Iterator[str]:
        for key, note_type in self.edition.note_types.items():
            known = self.collection.note_types.get(note_type.id)
            if known and not same_schema(known, note_type):
                yield key

    def run(self) -> Imported:
        for guid, note in self.edition.by_guid.items():
            self.outcomes[guid] = self._import_note(guid, note)
        for guid, known in self.collection.notes.items():
            # A note without cards was a tombstone that the learner never sees.
            if guid not in self.outcomes and known.cards:
                self.outcomes[guid] = Outcome.KEPT
        types = dict(self.collection.note_types)
        for key, note_type in self.edition.note_types.items():
            if key not in self.copied:
                types[note_type.id] = note_type
        return Imported(
            Collection(self.notes, types, self.decks),
            self.outcomes,
            frozenset(self.new_cards),
            frozenset(self.empty_cards),
            self.elsewhere,
            self.new_decks,
            self.copied,
        )

    def _import_note(self, guid: str, note: PackedNote) -> Outcome:
        note_type = self.edition.type_of(note)
        deck = self.decks.get(note.deck.casefold(), note.deck)
        cards = dict.fromkeys(note.ords, deck)
        known = self.collection.notes.get(guid)
        if known is None:
            added = CollectionNote(note.mod, note_type.id, note.fields, note.tags, cards)
            self.notes[guid] = added
            return Outcome.ADDED
        if note.note_type in self.copied or known.note_type != note_type.id:
            return Outcome.BLOCKED
        outcome = _outcome(known, note)
        self._compare_cards(guid, note, known, outcome)
        # Cards come in even where the note is not updated; existing ones stay in their decks.
        cards.update(known.cards)
        updated = replace(known, cards=cards)
        if outcome is Outcome.UPDATED:
            mod = note.mod
            if self.at is not None:
                mod = self.at
            updated = replace(updated, mod=mod, fields=note.fields, tags=note.tags)
        self.notes[guid] = updated
        return outcome

    def _compare_cards(
        self, guid: str, note: PackedNote, known: CollectionNote, outcome: Outcome
    ) -> None:
        for ord in note.ords:
            if ord not in known.cards:
                self.new_cards.add((guid, ord))
            elif known.cards[ord].casefold() != note.deck.casefold():
                self.elsewhere[guid, ord] = known.cards[ord]
        if outcome is not Outcome.OUTDATED:
            generated = self._generated(note)
            self.empty_cards |= {(guid, ord) for ord in known.cards if ord not in generated}

    def _generated(self, note: PackedNote) -> Sequence[int]:
        """The cards that Anki generates from the fields of a note.

        A tombstone still asks for its old cards, though its package has none.
        """
        note_type = self.edition.type_of(note)
        if hides_templates(note_type):
            return note.ords
        return card_ords(note_type, self.edition.values(note))


def _outcome(known: CollectionNote, note: PackedNote) -> Outcome:
    if known.mod < note.mod:
        return Outcome.UPDATED
    if known.fields == note.fields and own_tags(known.tags) == own_tags(note.tags):
        return Outcome.UNCHANGED
    return Outcome.OUTDATED
