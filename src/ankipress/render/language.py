"""The language and the direction of a field.

A paragraph, list or table whose first letter is of a right-to-left script reads from right to left,
as on GitHub, which marks each block with `dir="auto"`. Here it is decided once, so that a card of
other scripts has no mark at all.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.render.html import TAG
from ankipress.syntax.spans import replace_spans

_BLOCKS = frozenset("p ul ol dl table blockquote h1 h2 h3 h4 h5 h6 summary figure div".split())
# Code is written from left to right in every language.
_LEFT = frozenset({"pre", "code", "kbd", "samp"})
_VOID = frozenset({"br", "col", "hr", "img", "input", "source", "wbr"})
_TOKEN = re.compile(rf"{TAG}|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}  # by Unicode's bidirectional classes


def in_language(
    text: str,
    language: str | None,
    direction: str | None,
) -> str:
    """Mark a field, canonical HTML, with a language and a direction.

    Without a direction, its blocks are marked by their scripts.
    """
    attributes = ""
    if language:
        attributes += f' lang="{language}"'
    if direction:
        attributes += f' dir="{direction}"'
    else:
        text = with_directions(text)
    if not attributes:
        return text
    return f"<div{attributes}>{text}</div>"


def with_directions(text: str) -> str:
    """Canonical HTML whose blocks say where their direction differs from what is around them."""
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return text
    return replace_spans(text, _direction_attributes(text))


@dataclass(slots=True)
class _Element:
    """An element, with the block around it, and the direction of its first letter."""

    name: str
    start: int
    has_direction: bool  # its author gave it one
    around: _Element | None
    direction: str = ""

    @property
    def is_block(self) -> bool:
        return self.name in _BLOCKS


def _direction_attributes(text: str) -> Iterator[tuple[int, int, str]]:
    """The attributes to insert into the tags of blocks."""
    for block in _read_blocks(text):
        outer = "ltr"
        if block.around:
            outer = block.around.direction
        block.direction = block.direction or outer
        if block.direction != outer and not block.has_direction:
            end = block.start + len(f"<{block.name}")
            yield end, end, f' dir="{block.direction}"'


def _read_blocks(text: str) -> list[_Element]:
    """The blocks of a text in the order of their starts, with their own directions."""
    blocks: list[_Element] = []
    stack: list[_Element] = []
    position = 0
    for found in _TOKEN.finditer(text):
        _set_direction(stack, text[position : found.start()])
        position = found.end()
        tag = found[0]
        name = tag.strip("</>").partition(" ")[0]
        if tag.startswith("</"):
            if stack and stack[-1].name == name:
                stack.pop()
        elif tag.startswith("<") and name not in _VOID:
            around = next((each for each in reversed(stack) if each.is_block), None)
            element = _Element(
                name,
                found.start(),
                ' dir="' in tag,
                around,
            )
            stack.append(element)
            if element.is_block:
                blocks.append(element)
    _set_direction(stack, text[position:])
    return blocks


def _set_direction(stack: Sequence[_Element], text: str) -> None:
    """Set the direction of open elements that have none yet by a text in them."""
    if any(each.name in _LEFT for each in stack):
        return
    direction = _direction(html.unescape(text))
    for each in stack:
        each.direction = each.direction or direction


def _direction(text: str) -> str:
    """The direction of the first letter that has one, else empty."""
    for character in text:
        direction = _DIRECTIONS.get(unicodedata.bidirectional(character))
        if direction:
            return direction
    return ""
