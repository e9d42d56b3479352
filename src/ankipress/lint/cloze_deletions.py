"""The deletions in the text of a cloze card, as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ankipress.model import Entry

_MARK = re.compile(r"\{\{c(\d{1,5}(?:,\d{1,5})*)::|\}\}")

_DEEPEST = 10  # Anki reads no deletion that stands in more of them


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deletion: its numbers, what it hides, its hint, and where it begins and ends in the text of
    the card.
    """

    numbers: tuple[int, ...]
    text: str
    hint: str
    start: int
    end: int


def cloze_text(entry: Entry) -> str:
    """The heading of a cloze card and what belongs to its text below it."""
    return f"{entry.heading}\n\n{entry.part('Front') or entry.part('Back')}"


def deletions(entry: Entry) -> Iterator[Deletion]:
    """The deletions that are closed, inner ones before those around them."""
    text = cloze_text(entry)
    opened: list[re.Match[str]] = []
    for mark in _MARK.finditer(text):
        if mark[1]:
            opened.append(mark)
        elif opened:
            opening = opened.pop()
            if len(opened) >= _DEEPEST:
                continue
            hidden, _, hint = text[opening.end() : mark.start()].partition("::")
            if "{{c" in hidden:  # the mark of a deletion inside it, not of its own hint
                hidden, hint = text[opening.end() : mark.start()], ""
            numbers = tuple(map(int, opening[1].split(",")))
            yield Deletion(numbers, hidden, hint, opening.start(), mark.end())
