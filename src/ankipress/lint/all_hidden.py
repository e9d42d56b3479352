"""Cloze cards that hide all they have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Card, Reading
from ankipress.lint.cloze_deletions import Deletion, cloze_text, deletions

_MEANS_SOMETHING = re.compile(r"\w|!\[|<(?:img|audio|video)\b")
_MARKUP = re.compile(
    r"\{\{c[\d,]+::|\}\}|</?(?!img|audio|video)[A-Za-z][^<>]*>|<!--.{0,2000}?-->|^[ \t]*\d+[.)]",
    re.DOTALL | re.MULTILINE,
)


def all_hidden(reading: Reading) -> Iterator[Diagnostic]:
    """Cloze cards of which one hides everything, so that nothing says what is asked."""
    for card in reading.cards:
        if card.entry.kind == "cloze" and (number := _hides_all(card)):
            message = f"the deletion c{number} hides everything, so nothing says what is asked"
            way_out = "leave a word that says what is meant, or give a hint: {{c1::hidden::hint}}"
            yield Diagnostic("all-hidden", card.entry.location, message, way_out)


def _hides_all(card: Card) -> int:
    """The lowest number whose card shows nothing, 0 where every card shows something."""
    found = list(deletions(card.entry))
    text = cloze_text(card.entry)
    for number in sorted({number for each in found for number in each.numbers if number}):
        hidden = [each for each in found if number in each.numbers]
        if not any(each.hint for each in hidden) and not _shows_something(text, hidden):
            return number
    return 0


def _shows_something(text: str, hidden: list[Deletion]) -> bool:
    shown, position = [], 0
    for each in sorted(hidden, key=lambda deletion: deletion.start):
        if each.start >= position:
            shown.append(text[position : each.start])
        position = max(position, each.end)
    shown.append(text[position:])
    return _MEANS_SOMETHING.search(_MARKUP.sub(" ", " ".join(shown))) is not None
