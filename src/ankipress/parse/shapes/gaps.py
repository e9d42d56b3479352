"""Gaps in brackets, `The [mitochondrion] makes ATP`, → deletions of a cloze."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.parse.shapes.pieces import joined, made
from ankipress.syntax.tree import Content

_KEPT = re.compile(
    r"(?P<code>(?<!`)(?P<marks>`+)(?!`).*?(?<!`)(?P=marks)(?!`))"
    r"|\$\$.*?\$\$|\$[^$\n]+\$|\\.|!?\[[^\[\]]*\]\([^()]*\)"
    r"|!\[[^\[\]]*\]|\[\^[^\[\]]*\]|\[[ xX]\](?=\s)",
    re.DOTALL,
)
_GAP = re.compile(rf"{_KEPT.pattern}|\[(?P<gap>[^\[\]\n]+)\](?!\()", re.DOTALL)


def with_deletions(piece: Content) -> Content:
    """A text in which each pair of brackets that is no link becomes a deletion of its own."""
    return joined(_pieces(piece))


def _pieces(piece: Content) -> Iterator[Content]:
    position = 0
    number = 0
    for found in _GAP.finditer(piece.text):
        if found["gap"] is None:
            continue
        number += 1
        start, end = found.span("gap")
        yield piece.part(position, found.start())
        yield made(f"{{{{c{number}::")
        yield piece.part(start, end)
        yield made("}}")
        position = found.end()
    yield piece.without_start(position)
