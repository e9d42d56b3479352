"""Code that does not fit on a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.lint.card_text import CardNode, DeckText

# A phone held upright shows about 40 columns and 35 lines, held sideways about 90 columns.
MOST_COLUMNS = 80
MOST_LINES = 30


def large_code(reading: DeckText) -> Iterator[Diagnostic]:
    """Find blocks of code of which a phone shows only a part, whichever way it is held."""
    for card in reading.cards:
        for code in card.nodes("code"):
            yield from _check(code)


def _check(code: CardNode) -> Iterator[Diagnostic]:
    lines = code.node.text.rstrip("\n").split("\n")
    if len(lines) > MOST_LINES:
        yield Diagnostic(
            "large-code",
            code.place,
            f"this code has {len(lines)} lines, and a phone shows about {MOST_LINES}",
            "show the lines that matter, and `...` for the rest",
        )
    widths = [_columns(line) for line in lines]
    widest = max(widths)
    if widest > MOST_COLUMNS:
        yield Diagnostic(
            "large-code",
            _place(code, lines, widths.index(widest)),
            f"this line has {widest} columns, and a phone shows at most about {MOST_COLUMNS}",
            "break it, or leave out what does not matter",
        )


def _place(code: CardNode, lines: Sequence[str], number: int) -> Location:
    """Where a line of code stands, without the blanks around it."""
    assert code.node.content is not None
    line = lines[number]
    start = sum(len(each) + 1 for each in lines[:number])
    indentation = len(line) - len(line.lstrip())
    span = code.node.content.span(start + indentation, start + len(line.rstrip()))
    return code.tree.place(*span)


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
