"""Which note of a page is which note of the page before.

Until a build has put a new note into the lock, its guid is made of its question: while the question
is being typed, each letter makes another note. On the page it stays one card in one place. Before
the first build the title of the deck is in every guid, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

_Neighbours = tuple[str, str]


class NamedNote(NamedTuple):
    """A note: its name on the page, its guid, its question. A new note has no name yet."""

    name: str
    guid: str
    question: str


def continued(before: Sequence[NamedNote], now: Sequence[NamedNote]) -> Mapping[str, str]:
    """A name on the page for each guid.

    A note keeps its name. A new note gets that of a note that is gone, if it has its question or
    stands exactly in its place; else its guid is its name.
    """
    names = {note.guid: note.name for note in before}
    guids = {note.guid for note in now}
    by_question = {note.question: note.name for note in before if note.guid not in guids}
    # Where no note is gone, none can be continued.
    if by_question:
        for note in now:
            if note.guid not in names and note.question in by_question:
                names[note.guid] = by_question.pop(note.question)
        current = [names.get(note.guid, note.guid) for note in now]
        names |= _in_place([note.name for note in before], current)
    return _distinct({note.guid: names.get(note.guid, note.guid) for note in now})


def _in_place(before: Sequence[str], now: Sequence[str]) -> Mapping[str, str]:
    """Old names for new ones that stand between the same neighbours."""
    staying = set(before).intersection(now)
    gone = _runs(before, staying)
    found: dict[str, str] = {}
    for neighbours, new in _runs(now, staying).items():
        old = gone.get(neighbours, [])
        # Of two old notes and one new one, nobody can tell which is which.
        if len(old) == len(new):
            found.update(zip(new, old, strict=True))
    return found


def _runs(names: Sequence[str], staying: Collection[str]) -> Mapping[_Neighbours, list[str]]:
    """The names between two that stay, by these two; an end of the page is an empty name."""
    runs = {}
    before = ""
    run: list[str] = []
    for name in [*names, ""]:
        if name and name not in staying:
            run.append(name)
            continue
        runs[before, name] = run
        before = name
        run = []
    return runs


def _distinct(names: Mapping[str, str]) -> Mapping[str, str]:
    """The names, each once: a guid may come back whose name another note has taken meanwhile."""
    taken: set[str] = set()
    found = {}
    for guid, wanted in names.items():
        name = wanted
        while name in taken:
            name += "."
        taken.add(name)
        found[guid] = name
    return found
