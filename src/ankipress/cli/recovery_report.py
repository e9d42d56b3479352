"""What is said of notes of learners that were looked for in the cards of a project."""

from __future__ import annotations

from ankipress.build.lost_lock import LostLock
from ankipress.cli.printing import echo
from ankipress.identity.recovery import Outcome
from ankipress.project.places import place
from ankipress.project.workspace import Workspace

_SHOWN = 20  # notes of each outcome
_OUTCOMES = {
    Outcome.UNCLEAR: "could be several cards: `ankipress ids` settles them",
    Outcome.GONE: "are in no source: the next build retires them",
    Outcome.FOREIGN: "have a note type of another tool or deck: Anki updates no note across note"
    " types, so learners get these cards anew",
}


def report(name: str, lost: LostLock, workspace: Workspace) -> None:
    """Say what became of the notes of a package."""
    number = len(lost.published.notes)
    counts = lost.counts
    known = number - len(lost.recovered.outcomes)
    echo(f"{name}: {number} notes, {known} of them in the lock already")
    echo(f"  {counts[Outcome.MATCHED]} found again in the cards")
    for outcome, text in _OUTCOMES.items():
        if counts[outcome]:
            echo(f"  {counts[outcome]} {text}")
            _show_some(outcome, lost, workspace)


def _show_some(wanted: Outcome, lost: LostLock, workspace: Workspace) -> None:
    """The first notes with an outcome."""
    outcomes = lost.recovered.outcomes
    known = [note for note in lost.published.notes if note.guid in outcomes]
    notes = [note for note in known if outcomes[note.guid][0] is wanted]
    for note in notes[:_SHOWN]:
        line = f"    {note.guid}  {note.question[:90]}"
        card = outcomes[note.guid][1]
        if card:
            line += f" (found at {place(card, workspace)})"
        echo(line)
    if len(notes) > _SHOWN:
        echo(f"    … and {len(notes) - _SHOWN} more")
