"""What a pull says: what differs, what is taken of it, and what is left."""

from __future__ import annotations

from collections.abc import (
    Iterator,
    Mapping,
    Sequence,
)

from ankipress.cli.pull_conflicts import title_of
from ankipress.cli.pull_outcome import PullOutcome
from ankipress.diagnostics import (
    Diagnostic,
    Location,
    counted,
    first_of,
)
from ankipress.live.note_differences import (
    AnkiDifferences,
    NoteCase,
    NoteDifference,
)
from ankipress.live.pulled.pulled_files import PulledProject

_SHOWN = 50  # notes of each sort
_SORTS: Mapping[NoteCase, str] = {
    NoteCase.SAME: "the same in Anki and here",
    NoteCase.HERE: "edited here only: kept",
    NoteCase.THERE: "edited in Anki",
    NoteCase.MERGED: "edited in Anki and here, at different places: merged",
    NoteCase.CONFLICT: "edited in Anki and here, at the same place",
    NoteCase.MADE: "made in Anki",
}
_LISTED: Mapping[NoteCase, str] = {
    NoteCase.ABSENT: "not in Anki any more: kept here; delete the card if it is to go",
    NoteCase.RETIRED: "retired here, and still in Anki",
    NoteCase.OTHER_TYPE: "of another note type in Anki, or with other fields",
    NoteCase.TWICE: "in Anki several times, so nobody knows which of them is meant",
}
CONFLICT_HELP = "pull on a terminal, which asks, or with --theirs or --ours, which says so for all"


def sorts_of(differences: AnkiDifferences) -> Iterator[str]:
    """What happened to the notes, a line for each sort."""
    for case, words in _SORTS.items():
        number = len(differences.of(case))
        if number:
            yield f"{counted(number, 'note')} {words}"
    if _are_strange(differences):
        yield "none of the notes of this project: is it the right profile, or export?"
    else:
        yield from _listed(differences)
    moved = [each for each in differences.notes if each.deck_there]
    if moved:
        yield f"{counted(len(moved), 'note')} moved in Anki to another deck; the cards stay here:"
        yield from (f"  {title_of(each)} → {each.deck_there}" for each in moved[:_SHOWN])
        yield from _more(moved)
    yield from differences.remarks


def _are_strange(differences: AnkiDifferences) -> bool:
    """Whether an Anki has no note of the project: another profile is open, perhaps."""
    return all(each.there is None or each.case is NoteCase.MADE for each in differences.notes)


def _listed(differences: AnkiDifferences) -> Iterator[str]:
    for case, words in _LISTED.items():
        found = differences.of(case)
        if found:
            yield f"{counted(len(found), 'note')} {words}:"
            yield from _named(found)


def _named(notes: Sequence[NoteDifference]) -> Iterator[str]:
    yield from (f"  {title_of(each)}" for each in notes[:_SHOWN])
    yield from _more(notes)


def _more(notes: Sequence[NoteDifference]) -> Iterator[str]:
    if len(notes) > _SHOWN:
        yield f"  … and {len(notes) - _SHOWN:,} more"


def left_over(outcome: PullOutcome, kept: str) -> Iterator[Diagnostic]:
    """An error for each edit in Anki that is not taken, at its card. `kept` says where those that
    cannot be written are kept.
    """
    by_guid = {each.guid: each for each in outcome.differences.notes}
    for each in outcome.taken.left:
        names = first_of([conflict.name for conflict in each.conflicts], _SHOWN)
        message = f"this card was edited in Anki and here, at the same place: {names}"
        yield Diagnostic("changed-twice", _place(each), message, CONFLICT_HELP)
    for edit in outcome.pulled.unwritten:
        found = by_guid[edit.guid]
        if found.here is None:
            message = f"{title_of(found)} was made in Anki, and cannot be written: {edit.reason}"
        else:
            message = f"what was edited in Anki cannot be written here: {edit.reason}"
        yield Diagnostic("not-pulled", _place(found), message, kept)


def _place(difference: NoteDifference) -> Location:
    if difference.here is None:
        return Location("")
    return difference.here.entry.location


def written_counts(pulled: PulledProject) -> str:
    """How much is written."""
    edited = len(pulled.written)
    paths = {each.path for each in pulled.written}
    counts = []
    if edited:
        counts.append(f"{counted(edited, 'card')} edited in {counted(len(paths), 'file')}")
    if pulled.made:
        counts.append(counted(len(pulled.made), "new card"))
    if pulled.media:
        counts.append(f"{counted(len(pulled.media), 'file')} of media")
    return ", ".join(counts) or "no card, and the lock remembers what was decided"
