"""Lists that are too long to be recalled."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardText, DeckText

MOST_ITEMS = 7
_HELP = "group the items, or ask for each in a card of its own"
_OPENING = ("bullet_list_open", "ordered_list_open")
_CLOSING = ("bullet_list_close", "ordered_list_close")


def long_lists(reading: DeckText) -> Iterator[Diagnostic]:
    """Find lists in hidden answers with more items than one keeps in mind."""
    for card in reading.cards:
        if not card.hides_back:
            continue
        for line, items in _lists(card):
            if items > MOST_ITEMS:
                yield Diagnostic(
                    "long-list",
                    card.locate_line(line),
                    f"this list has {items} items; "
                    f"more than {MOST_ITEMS} are hard to recall together",
                    _HELP,
                )


def _lists(card: CardText) -> Iterator[tuple[int, int]]:
    """The first line and the number of items of each list, inner lists first."""
    lines: list[int] = []
    items: list[int] = []
    for block in card.back():
        kind = block.token.type
        if kind in _OPENING:
            lines.append(block.start)
            items.append(0)
        elif kind == "list_item_open":
            items[-1] += 1
        elif kind in _CLOSING:
            yield lines.pop(), items.pop()
