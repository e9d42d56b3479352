"""Lists that are too long to be recalled."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import DeckText

MOST_ITEMS = 7
_HELP = "group the items, or ask for each in a card of its own"


def long_lists(reading: DeckText) -> Iterator[Diagnostic]:
    """Find lists in hidden answers with more items than one keeps in mind."""
    for card in reading.cards:
        if not card.hides_back:
            continue
        for each in card.nodes("bullets", "numbers", part="Back"):
            items = len(each.node.children)
            if items > MOST_ITEMS:
                yield Diagnostic(
                    "long-list",
                    each.place,
                    f"this list has {items} items; "
                    f"more than {MOST_ITEMS} are hard to recall together",
                    _HELP,
                )
