"""Code that does not fit on a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardBlock, CardText, DeckText

# A phone held upright shows about 40 columns and 35 lines, held sideways about 90 columns.
MOST_COLUMNS = 80
MOST_LINES = 30


def large_code(reading: DeckText) -> Iterator[Diagnostic]:
    """Find blocks of code of which a phone shows only a part, whichever way it is held."""
    for card in reading.cards:
        for block in card.blocks:
            if block.token.type in {"fence", "code_block"}:
                yield from _check(card, block)


def _check(card: CardText, block: CardBlock) -> Iterator[Diagnostic]:
    lines = block.token.content.rstrip("\n").split("\n")
    if len(lines) > MOST_LINES:
        yield Diagnostic(
            "large-code",
            card.locate_line(block.start),
            f"this code has {len(lines)} lines, and a phone shows about {MOST_LINES}",
            "show the lines that matter, and `...` for the rest",
        )
    widths = [_columns(line) for line in lines]
    widest = max(widths)
    if widest > MOST_COLUMNS:
        number = block.start + widths.index(widest)
        # The first line of a fence is its opening mark.
        if block.token.type == "fence":
            number += 1
        yield Diagnostic(
            "large-code",
            card.locate_line(number),
            f"this line has {widest} columns, and a phone shows at most about {MOST_COLUMNS}",
            "break it, or leave out what does not matter",
        )


def _columns(line: str) -> int:
    line = line.expandtabs(4).rstrip()
    if line.isascii():
        return len(line)
    columns = 0
    for character in line:
        # Characters of Chinese, Japanese and Korean are two columns wide; accents have none.
        if unicodedata.east_asian_width(character) in "WF":
            columns += 2
        elif not unicodedata.combining(character):
            columns += 1
    return columns
