"""What happened to notes, and what was decided → what is taken of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.importing.imported_deck import ImportedNote
from ankipress.live.note_differences import (
    AnkiDifferences,
    NoteCase,
    NoteDifference,
)
from ankipress.live.wanted_note import WantedNote

_EDITED = frozenset({NoteCase.THERE, NoteCase.MERGED, NoteCase.OTHER_TYPE})


@dataclass(frozen=True, slots=True)
class ConflictDecisions:
    """Who is right where a note was edited in Anki and here at the same place, by guid. All others
    stay as they are, and are asked again next time.
    """

    theirs: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken from Anki: edits of notes that are cards here, and notes that were made there.

    `settled` are the notes there whose edits are refused for good, and `left` the conflicts that
    nobody has decided.
    """

    wanted: Sequence[WantedNote] = ()
    made: Sequence[ImportedNote] = ()
    settled: Sequence[ImportedNote] = ()
    left: Sequence[NoteDifference] = ()


def taken_notes(differences: AnkiDifferences, decisions: ConflictDecisions) -> Taken:
    """What is taken of all that differs."""
    conflicts = differences.conflicts
    decided = decisions.theirs | decisions.ours
    return Taken(
        tuple(_wanted(differences, decisions)),
        tuple(each.there for each in differences.of(NoteCase.MADE) if each.there),
        tuple(each.there for each in conflicts if each.guid in decisions.ours and each.there),
        tuple(each for each in conflicts if each.guid not in decided),
    )


def _wanted(differences: AnkiDifferences, decisions: ConflictDecisions) -> Iterator[WantedNote]:
    for each in differences.notes:
        wanted = None
        if each.guid in decisions.theirs:
            wanted = each.theirs
        elif each.guid in decisions.ours or (each.case in _EDITED and not each.conflicts):
            wanted = each.wanted
        if wanted is not None:
            yield wanted
