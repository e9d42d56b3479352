"""What Anki does when a package is imported, without Anki: the rules of its importer, over and over
for one learner.

They are those of `rslib/src/import_export/package/apkg/import/` with what the dialog of the desktop
has ticked at first, in every version since 23.10; tests hold them against the real engine. Nothing
of a note's content counts: only guid, note type and mod.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankipress.diff.edition import Edition
from ankipress.identity.stamping import own_tags
from ankipress.model import NoteType, PackedNote
from ankipress.package.card_generation import card_ords


class Outcome(enum.StrEnum):
    """What Anki does with a note of a package, or of the collection."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    # It differs from what the learner has, and is not newer: Anki leaves the learner's.
    OUTDATED = "outdated"
    # It has another note type than the learner's, or one of another schema: Anki skips it.
    BLOCKED = "blocked"
    LINGERS = "lingers"  # it is in no package any more, and stays


@dataclass(frozen=True, slots=True)
class Held:
    """A note in a learner's collection. `cards` are the decks of its cards, by ord."""

    mod: int
    note_type: int
    fields: Sequence[str]
    tags: tuple[str, ...]
    cards: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Collection:
    """A learner's collection as far as imports change it. Decks are by their names in folded case."""

    notes: Mapping[str, Held] = field(default_factory=dict)
    note_types: Mapping[int, NoteType] = field(default_factory=dict)
    decks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """The collection after an import, and what became of every note, card and deck.

    `outcomes` are by guid; notes of no package before, the learner's own, are not among them.
    `new_cards` are cards added to notes that were there, `empty_cards` those that their note does
    not ask for any more, and `elsewhere` the cards that stay in another deck than the package has
    them in, each by guid and ord. `copied` are the keys of note types of which Anki makes a copy,
    since the learner's has another schema.
    """

    collection: Collection
    outcomes: Mapping[str, Outcome]
    new_cards: frozenset[tuple[str, int]]
    empty_cards: frozenset[tuple[str, int]]
    elsewhere: Mapping[tuple[str, int], str]
    new_decks: tuple[str, ...]
    copied: frozenset[str]


def import_edition(collection: Collection, edition: Edition, at: int | None = None) -> Imported:
    """Import an edition over what a learner has.

    `at` is the second of the import for Anki 2.1.54 to 24.11, which give it to the notes that they
    update in the place of the package's mod; None for others.
    """
    new_decks = tuple(_new_decks(collection, edition))
    decks = {**collection.decks, **{name.casefold(): name for name in new_decks}}
    copied = frozenset(
        key
        for key, each in edition.note_types.items()
        if each.id in collection.note_types
        and not same_schema(collection.note_types[each.id], each)
    )
    importer = _Importer(collection, edition, decks, copied, at)
    for guid, note in edition.by_guid.items():
        importer.add(guid, note)
    left = collection.notes.keys() - importer.outcomes.keys()
    kept = {
        guid: Outcome.LINGERS for guid in left if collection.notes[guid].cards
    }  # a tombstone brought none
    types = {each.id: each for key, each in edition.note_types.items() if key not in copied}
    after = Collection(
        {**collection.notes, **importer.notes}, {**collection.note_types, **types}, decks
    )
    return Imported(
        after,
        {**importer.outcomes, **kept},
        frozenset(importer.new_cards),
        frozenset(importer.empty_cards),
        importer.elsewhere,
        new_decks,
        copied,
    )


def same_schema(one: NoteType, other: NoteType) -> bool:
    """Whether Anki takes two note types of one id for the same: fields and templates in number,
    order, and id or name.
    """
    return _same(one.fields, other.fields) and _same(one.templates, other.templates)


def _same(ones: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(ones) == len(others) and all(map(_matches, ones, others))


def _matches(one: object, other: object) -> bool:
    ids = getattr(one, "id", 0), getattr(other, "id", 0)
    return ids[0] == ids[1] if all(ids) else getattr(one, "name", "") == getattr(other, "name", "")


def _new_decks(collection: Collection, edition: Edition) -> Iterator[str]:
    """The decks that an import makes, each after the one that it is in."""
    seen = set(collection.decks)
    for name in edition.decks:
        parts = name.split("::")
        for length in range(1, len(parts) + 1):
            deck = "::".join(parts[:length])
            if deck.casefold() not in seen:
                seen.add(deck.casefold())
                yield deck


class _Importer:
    """Takes in one note after another."""

    def __init__(
        self,
        collection: Collection,
        edition: Edition,
        decks: Mapping[str, str],
        copied: frozenset[str],
        at: int | None,
    ) -> None:
        self._collection, self._edition, self._decks, self._copied, self._at = (
            collection,
            edition,
            decks,
            copied,
            at,
        )
        self.notes: dict[str, Held] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.new_cards: set[tuple[str, int]] = set()
        self.empty_cards: set[tuple[str, int]] = set()
        self.elsewhere: dict[tuple[str, int], str] = {}

    def add(self, guid: str, note: PackedNote) -> None:
        known = self._collection.notes.get(guid)
        note_type = self._edition.note_types[note.note_type].id
        deck = self._decks.get(note.deck.casefold(), note.deck)
        if known is None:
            cards = dict.fromkeys(note.ords, deck)
            self._note(
                guid, Outcome.ADDED, Held(note.mod, note_type, note.fields, note.tags, cards)
            )
            return
        if note.note_type in self._copied or known.note_type != note_type:
            self._note(guid, Outcome.BLOCKED, known)
            return
        outcome, held = self._updated(known, note)
        # Cards come in also where their note does not; those that are there stay where they are.
        self.new_cards |= {(guid, ord) for ord in note.ords if ord not in known.cards}
        asked = self._asked(note)
        self.empty_cards |= {
            (guid, ord)
            for ord in known.cards
            if ord not in asked and outcome is not Outcome.OUTDATED
        }
        self.elsewhere |= {
            (guid, ord): known.cards[ord]
            for ord in note.ords
            if ord in known.cards and known.cards[ord].casefold() != note.deck.casefold()
        }
        self._note(
            guid, outcome, replace(held, cards={**dict.fromkeys(note.ords, deck), **known.cards})
        )

    def _asked(self, note: PackedNote) -> tuple[int, ...]:
        """The cards that Anki finds in a note: of a tombstone these are those of before, though its
        package brings none.
        """
        note_type = self._edition.note_types[note.note_type]
        if not all(each.front for each in note_type.templates):
            return note.ords  # the package hides its templates
        return card_ords(note_type, dict(zip(note_type.field_names, note.fields, strict=False)))

    def _updated(self, known: Held, note: PackedNote) -> tuple[Outcome, Held]:
        if known.mod < note.mod:
            mod = note.mod if self._at is None else self._at
            return Outcome.UPDATED, replace(known, mod=mod, fields=note.fields, tags=note.tags)
        is_same = (known.fields, own_tags(known.tags)) == (note.fields, own_tags(note.tags))
        return Outcome.UNCHANGED if is_same else Outcome.OUTDATED, known

    def _note(self, guid: str, outcome: Outcome, held: Held) -> None:
        self.outcomes[guid], self.notes[guid] = outcome, held
