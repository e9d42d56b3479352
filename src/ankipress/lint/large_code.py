"""Code that does not fit on a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Block, Card, Reading

# A phone held upright shows about 40 columns, held sideways about 90; upright it shows some 35
# lines.
MOST_COLUMNS = 80
MOST_LINES = 30


def large_code(reading: Reading) -> Iterator[Diagnostic]:
    """Blocks of code of which a phone shows only a part at a time, whichever way it is held."""
    for card in reading.cards:
        for block in card.blocks:
            if block.token.type in {"fence", "code_block"}:
                yield from _advice(card, block)


def _advice(card: Card, block: Block) -> Iterator[Diagnostic]:
    lines = block.token.content.rstrip("\n").split("\n")
    widest = max(range(len(lines)), key=lambda number: _columns(lines[number]))
    if len(lines) > MOST_LINES:
        message = f"this code has {len(lines)} lines, and a phone shows about {MOST_LINES}"
        yield Diagnostic(
            "large-code",
            card.place(block.start),
            message,
            "show the lines that matter, and `...` for the rest",
        )
    if (columns := _columns(lines[widest])) > MOST_COLUMNS:
        first = block.start + (block.token.type == "fence")
        message = f"this line has {columns} columns, and a phone shows at most about {MOST_COLUMNS}"
        way_out = "break it, or leave out what does not matter"
        yield Diagnostic(
            "large-code", card.place(first + widest, lines[widest].strip()), message, way_out
        )


def _columns(line: str) -> int:
    line = line.expandtabs(4).rstrip()
    if line.isascii():
        return len(line)
    return sum(
        2 if unicodedata.east_asian_width(each) in "WF" else not unicodedata.combining(each)
        for each in line
    )
