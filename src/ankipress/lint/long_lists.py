"""Lists that are too long to be recalled."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Block, Card, Reading

MOST_ITEMS = 7
_WAY_OUT = "group the items, or ask for each in a card of its own"


def long_lists(reading: Reading) -> Iterator[Diagnostic]:
    """Lists in answers with more items than one keeps in mind. What a cloze card or a choice shows
    is not to be recalled.
    """
    for card in reading.cards:
        if card.answers_below:
            yield from _long_lists(card)


def _long_lists(card: Card) -> Iterator[Diagnostic]:
    opened: list[tuple[Block, int]] = []
    for block in card.of("Back"):
        match block.token.type:
            case "bullet_list_open" | "ordered_list_open":
                opened.append((block, 0))
            case "list_item_open":
                opened[-1] = (opened[-1][0], opened[-1][1] + 1)
            case "bullet_list_close" | "ordered_list_close":
                begin, items = opened.pop()
                if items > MOST_ITEMS:
                    message = f"this list has {items} items; more than {MOST_ITEMS} are hard to recall together"
                    yield Diagnostic("long-list", card.place(begin.start), message, _WAY_OUT)
