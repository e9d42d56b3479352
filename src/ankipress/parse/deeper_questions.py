"""Files whose questions stand below the headings that make cards of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic, location_of_text
from ankipress.parse.attributes import split_attributes
from ankipress.parse.document import Document
from ankipress.syntax.outline import Heading

_SEVERAL = 2  # in one card
_MARKS = ("?", "\uff1f", "\u061f")  # also full width, and that of Arabic


def deeper_questions(document: Document) -> Iterator[Diagnostic]:
    """Warn where several headings in one card ask a question: they were likely meant as cards."""
    level = document.context.card_level
    cards = [heading for heading in document.headings if heading.level == level and asks(heading)]
    below: Counter[int] = Counter()
    card: Counter[int] = Counter()
    for heading in document.headings:
        if heading.level <= level:
            below += _several(card)
            card = Counter()
        elif asks(heading):
            card[heading.level] += 1
    below += _several(card)
    if not below:
        return
    deeper, number = below.most_common(1)[0]
    if number <= len(cards):
        return
    first = next(each for each in document.headings if each.level == deeper and asks(each))
    place = location_of_text(document.path, first.start + 1, document.lines[first.start])
    message = f"{number} headings of level {deeper} ask a question, but are parts of answers here"
    help = f"set `card_level = {deeper}` if they are the questions of this deck"
    yield Diagnostic("deeper-questions", place, message, help)


def _several(counts: Counter[int]) -> Counter[int]:
    """The levels at which one card has several questions, with their numbers."""
    return Counter({level: number for level, number in counts.items() if number >= _SEVERAL})


def asks(heading: Heading) -> bool:
    """Whether the text of a heading ends with a question mark."""
    text, _, _ = split_attributes(heading.text)
    return text.rstrip(' *_`"').endswith(_MARKS)
