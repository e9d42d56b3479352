"""Notes that were edited in Anki and here at the same place: all versions, and who is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ankipress.cli.printing import (
    OwnText,
    ask,
    can_ask,
    echo,
    joined,
    style,
)
from ankipress.diff.marked_words import (
    Marked,
    mark_words,
    shortened,
)
from ankipress.live.note_differences import (
    AnkiDifferences,
    FieldConflict,
    NoteDifference,
)
from ankipress.live.pulled.taken_notes import ConflictDecisions
from ankipress.syntax.plain_html import plain_html
from ankipress.visible_text import one_line

THEIRS = "theirs"
OURS = "ours"
SKIP = "skip"
_LONGEST = 70  # characters of a question
_HELP = "ours is what the project has, theirs what Anki has; skip leaves it for the next pull"


def decisions(differences: AnkiDifferences, always: str | None) -> ConflictDecisions:
    """What becomes of each conflict; those that nobody decides stay open."""
    theirs: set[str] = set()
    ours: set[str] = set()
    for each in differences.conflicts:
        choice = always or _asked(each)
        if choice == THEIRS:
            theirs.add(each.guid)
        elif choice == OURS:
            ours.add(each.guid)
    return ConflictDecisions(frozenset(theirs), frozenset(ours))


def _asked(difference: NoteDifference) -> str:
    """What somebody at a terminal wants."""
    if not can_ask():
        return SKIP
    echo(f"{title_of(difference)} was edited in Anki and here, at the same place:")
    for conflict in difference.conflicts:
        for line in _versions(conflict):
            echo(line)
    echo(f"  {_HELP}")
    return ask("Which is right?", [OURS, THEIRS, SKIP])


def title_of(difference: NoteDifference) -> str:
    """The place and the question of a note."""
    if difference.here is None:
        assert difference.there is not None
        return f'"{one_line(plain_html(difference.there.fields[0]), _LONGEST)}"'
    entry = difference.here.entry
    return f'{entry.path}:{entry.location.line}: "{one_line(difference.here.question, _LONGEST)}"'


def _versions(conflict: FieldConflict) -> Iterator[OwnText]:
    """All versions of a field as text, with the words marked that it did not have before. What is
    far from all of these is shown as it was only.
    """
    base = "" if conflict.base is None else plain_html(conflict.base)
    here = plain_html(conflict.here)
    there = plain_html(conflict.there)
    name = conflict.name
    if conflict.base is None:
        marked_here, marked_there = mark_words(here, there)
    else:
        yield joined([f"  {name}, as it was: ", base])
        marked_here = mark_words(base, here)[1]
        marked_there = mark_words(base, there)[1]
    yield joined([f"  {name}, ours:      ", *_styled(marked_here)])
    yield joined([f"  {name}, theirs:    ", *_styled(marked_there)])


def _styled(marked: Marked) -> Sequence[str]:
    spans = shortened(marked)
    return [
        style(each.text, bold=True, underline=True) if each.marked else each.text for each in spans
    ]
