"""Cloze cards that hide all they have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardText, DeckText, cloze_text, deletions_by_number
from ankipress.syntax.deletions import Deletion

_MEANS_SOMETHING = re.compile(r"\w|!\[|<(?:img|audio|video)\b")
_MARKUP = re.compile(
    r"\{\{c[\d,]+::|\}\}"
    r"|</?(?!img|audio|video)[A-Za-z][^<>]*>"
    r"|<!--.{0,2000}?-->"
    r"|^[ \t]*\d+[.)]",
    re.DOTALL | re.MULTILINE,
)
_HELP = "leave a word that says what is meant, or give a hint: {{c1::hidden::hint}}"


def all_hidden(reading: DeckText) -> Iterator[Diagnostic]:
    """Find cloze cards that show nothing, so that nobody can tell what is asked."""
    for card in reading.cards:
        number = _empty_card(card)
        if number:
            yield Diagnostic(
                "all-hidden",
                card.entry.location,
                f"the deletion c{number} hides everything, so nothing says what is asked",
                _HELP,
            )


def _empty_card(card: CardText) -> int:
    """The lowest number whose card shows nothing, 0 where every card shows something."""
    if card.entry.kind != "cloze":
        return 0
    text = cloze_text(card.entry)
    # Anki makes no card of number 0.
    for number, hidden in sorted(deletions_by_number(text).items()):
        has_hint = any(map(_has_hint, hidden))
        if number and not has_hint and not _shows_something(text, hidden):
            return number
    return 0


def _has_hint(deletion: Deletion) -> bool:
    return deletion.hint is not None and deletion.hint + len("::") < deletion.end


def _shows_something(text: str, hidden: Sequence[Deletion]) -> bool:
    shown = []
    position = 0
    for each in hidden:
        shown.append(text[position : each.start])
        # A deletion inside another one ends before it.
        position = max(position, each.end + len("}}"))
    shown.append(text[position:])
    return _MEANS_SOMETHING.search(_MARKUP.sub(" ", " ".join(shown))) is not None
