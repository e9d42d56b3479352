"""What `ankipress push` says: the forecast before it, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ankipress.cli.printing import echo, style
from ankipress.diagnostics import counted, first_of
from ankipress.diff.collection import ImportOutcome
from ankipress.importing.imported_deck import ImportedNote
from ankipress.live.note_differences import NoteDifference
from ankipress.live.pushed.push_plan import PushPlan
from ankipress.syntax.plain_html import plain_html
from ankipress.visible_text import one_line

_SHOWN = 10  # notes of each list
_NAMED = 5  # files and note types in a line
_MOST_IN_SEARCH = 200  # notes: longer searches are hard to copy
_WORDS = {
    ImportOutcome.ADDED: "new",
    ImportOutcome.UPDATED: "updated, reviews kept",
    ImportOutcome.UNCHANGED: "in Anki already, as built",
    ImportOutcome.OUTDATED: "left alone",
    ImportOutcome.BLOCKED: "not updated: in Anki, the note type has other fields or another id",
}


def show_forecast(plan: PushPlan, label: str) -> None:
    """Say what Anki will do, a line for each outcome, and what else there is to know."""
    echo(style(f"{label}:", bold=True))
    counts = plan.counts()
    for outcome, words in _WORDS.items():
        if counts[outcome]:
            echo(f"  {counts[outcome]} {words}")
    for line in _also(plan):
        echo(f"  {line}")
    _show_absent(plan)
    _show_left(plan)
    if plan.lost:
        echo("Edited in Anki since they were built; a push overwrites that:")
        _show_differences(plan.lost)
    _show_retired(plan)


def _also(plan: PushPlan) -> Iterator[str]:
    forecast = plan.forecast
    if forecast.new_cards:
        yield f"{counted(len(forecast.new_cards), 'new card')} of notes that Anki has"
    if forecast.empty_cards:
        empty = counted(len(forecast.empty_cards), "card")
        yield f"{empty} without a front: Anki keeps them, empty"
    if plan.media:
        yield f"{counted(len(plan.media), 'new file')}: {first_of(plan.media, _NAMED)}"
    if plan.styled:
        yield f"other templates or styles: {first_of(plan.styled, _NAMED)}"
    yield from plan.remarks
    if plan.twice:
        guids = first_of(plan.twice, _NAMED)
        yield f"several notes in Anki have one guid, of which Anki updates one: {guids}"


def _show_absent(plan: PushPlan) -> None:
    if plan.absent:
        echo("New ones that were built before: they never came to Anki, or were deleted there:")
        _show_differences(plan.absent)


def _show_left(plan: PushPlan) -> None:
    if plan.left:
        echo("Edited in Anki, and left alone; `ankipress pull` brings the edits here:")
        _show_differences(plan.left)


def _show_differences(differences: Sequence[NoteDifference]) -> None:
    """The first of some notes, a line each."""
    for each in differences[:_SHOWN]:
        echo(f"    {each.guid}  {_question(each)}")
    _show_rest(len(differences))


def _question(difference: NoteDifference) -> str:
    if difference.here is not None:
        return one_line(difference.here.question)
    if difference.there is not None:
        return _first_field(difference.there)
    return ""


def _show_retired(plan: PushPlan) -> None:
    if not plan.retired:
        return
    echo(f"{counted(len(plan.retired), 'note')} retired here and still in Anki:")
    for note in plan.retired[:_SHOWN]:
        echo(f"    {note.guid}  {_first_field(note)}")
    _show_rest(len(plan.retired))
    echo(f"  Search for them in Anki: {search_for(plan.retired)}")
    echo("  --suspend-retired suspends their cards, --delete-retired deletes the notes.")


def _show_rest(number: int) -> None:
    if number > _SHOWN:
        echo(f"    … and {number - _SHOWN} more")


def _first_field(note: ImportedNote) -> str:
    first = ""
    if note.fields:
        first = note.fields[0]
    return one_line(plain_html(first))


def search_for(notes: Sequence[ImportedNote]) -> str:
    """The search by which Anki's browser shows some notes, or the first of very many."""
    numbers = [str(note.note_id) for note in notes[:_MOST_IN_SEARCH]]
    return f"nid:{','.join(numbers)}"
