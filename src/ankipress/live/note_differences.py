"""What differs between the notes of a project and those in Anki: the values that are told."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from ankipress.importing.imported_deck import ImportedNote
from ankipress.live.wanted_note import WantedNote
from ankipress.model import Note


class NoteCase(enum.Enum):
    """What happened to a note since it was packed."""

    SAME = enum.auto()  # both look the same, or nothing was edited there
    THERE = enum.auto()  # edited there only
    HERE = enum.auto()  # edited here only
    MERGED = enum.auto()  # edited in both, at different places
    CONFLICT = enum.auto()  # edited in both, at the same place
    MADE = enum.auto()  # made there
    ABSENT = enum.auto()  # of this project, and not there
    RETIRED = enum.auto()  # retired here, and still there
    OTHER_TYPE = enum.auto()  # of another note type there, or with other fields
    TWICE = enum.auto()  # several notes there have its guid


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that was edited in both, at the same place: its HTML in all three versions. `base` is
    None where nobody knows how it was packed.
    """

    name: str
    base: str | None
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class NoteDifference:
    """A note and what happened to it.

    `here` is None where no card of the project is this note, and `there` where it is not in Anki.
    `wanted` is what its card should become without what is in conflict, None where nothing changes;
    `theirs` is what it should become if those edits of Anki win, too. `deck_there` is the deck to
    which it was moved there, empty where it was not.
    """

    guid: str
    case: NoteCase
    here: Note | None = None
    there: ImportedNote | None = None
    wanted: WantedNote | None = None
    theirs: WantedNote | None = None
    conflicts: tuple[FieldConflict, ...] = ()
    deck_there: str = ""


@dataclass(frozen=True, slots=True)
class AnkiDifferences:
    """All notes of a project and of an Anki. `remarks` are lines on what was met there."""

    notes: Sequence[NoteDifference] = ()
    remarks: Sequence[str] = field(default_factory=tuple)

    def of(self, case: NoteCase) -> Sequence[NoteDifference]:
        """The notes to which something happened."""
        return [each for each in self.notes if each.case is case]

    @property
    def conflicts(self) -> Sequence[NoteDifference]:
        """The notes that were edited in both at the same place, whatever else happened to them."""
        return [each for each in self.notes if each.conflicts]
