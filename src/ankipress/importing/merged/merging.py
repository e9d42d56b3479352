"""A newer version of a deck that a project came from: what changed there, here, and in both.

Guids tell which note is which, and never texts. The lock says what was imported last: the time at
which each note had changed there.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote
from ankipress.model import Entry, NoteTypeStamp, Record, State


class MergeCase(enum.Enum):
    """What happened to a note, or to a note type, since it was imported last."""

    SAME = enum.auto()
    NEW = enum.auto()
    THERE = enum.auto()
    HERE = enum.auto()
    BOTH = enum.auto()
    GONE_HERE = enum.auto()
    OTHER_TYPE = enum.auto()
    NO_GUID = enum.auto()


@dataclass(frozen=True, slots=True)
class CardHere:
    """A card of the project: where it stands, and what is packed of it now, its files called as in
    Anki. `record` is what the lock says of it, and `digest` that of what is packed.
    """

    entry: Entry
    record: Record
    note_type: int
    fields: Sequence[str]
    digest: str

    @property
    def is_changed(self) -> bool:
        """Whether it may have changed here since it was imported."""
        return self.digest != self.record.digest or self.record.mod != self.record.imported

    @property
    def base(self) -> int:
        """The time of its last change that is known here to have happened there."""
        return self.record.imported or self.record.mod


@dataclass(frozen=True, slots=True)
class NoteThere:
    """A note of the newer deck, the card that it is here, and what happened to it."""

    note: ImportedNote
    case: MergeCase
    card: CardHere | None = None


def compare_notes(
    deck: ImportedDeck,
    cards: Mapping[str, CardHere],
    known: Mapping[str, Record],
    own_types: Collection[int],
    fitting: Collection[int] = (),
) -> tuple[NoteThere, ...]:
    """What happened to each note of a deck. `cards` are those of the project and `known` the
    records of its lock, by guid. `own_types` are ids of note types that ankipress made, and
    `fitting` those of them that have the same fields there, so that a note made there can come.
    """
    found = []
    for note in deck.notes:
        type_id = deck.note_types[note.note_type].id
        card = cards.get(note.guid)
        record = known.get(note.guid)
        if not note.guid:
            case = MergeCase.NO_GUID
        elif type_id in fitting and card is None and record is None:
            case = MergeCase.NEW
        elif type_id in own_types or (card is not None and card.note_type != type_id):
            case = MergeCase.OTHER_TYPE
        elif card is not None:
            case = _case_of(note, card)
        elif record is not None:
            case = MergeCase.GONE_HERE
        else:
            case = MergeCase.NEW
        found.append(NoteThere(note, case, card))
    return tuple(found)


def gone_there(deck: ImportedDeck, known: Mapping[str, Record]) -> tuple[Record, ...]:
    """The notes that were imported, are still cards here, and are not in the deck any more."""
    there = {note.guid for note in deck.notes}
    return tuple(
        each
        for each in known.values()
        if each.imported and each.state is State.ACTIVE and each.guid not in there
    )


def _case_of(note: ImportedNote, card: CardHere) -> MergeCase:
    same_tags = set(note.tags) == set(card.entry.tags)
    pairs = zip(note.fields, card.fields, strict=True)
    is_same = same_tags and all(looks_same(there, here) for there, here in pairs)
    return case_of(note.mod, card.base, is_same=is_same, is_changed_here=card.is_changed)


def case_of(time: int | None, base: int, *, is_same: bool, is_changed_here: bool) -> MergeCase:
    """What happened to something that changed there at a `time`, None where the source does not
    tell, and that was taken from there as it was at the time `base`.
    """
    if is_same:
        return MergeCase.SAME
    if time is not None and time <= base:
        return MergeCase.HERE
    if is_changed_here:
        return MergeCase.BOTH
    return MergeCase.THERE


def type_case(time: int, stamp: NoteTypeStamp, digest: str, *, is_same: bool) -> MergeCase:
    """What happened to a note type. `stamp` is what the lock says of it, and `digest` that of what
    is packed now.
    """
    is_changed = digest != stamp.digest or stamp.mod != stamp.imported
    base = stamp.imported or stamp.mod
    return case_of(time or None, base, is_same=is_same, is_changed_here=is_changed)
