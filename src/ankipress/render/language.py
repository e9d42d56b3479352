"""The language and the direction of a field.

A paragraph, list or table whose first letter is of a right-to-left script reads from right to left,
as on GitHub, which marks each block with `dir="auto"`. Here it is decided once, so that a card of
other scripts has no mark at all.
"""

from __future__ import annotations

import html
import re
import unicodedata

from ankipress.render.html import TAG

_BLOCKS = frozenset("p ul ol dl table blockquote h1 h2 h3 h4 h5 h6 summary figure div".split())
_LEFT = frozenset(
    {"pre", "code", "kbd", "samp"}
)  # code is written from left to right in every language
_TOKEN = re.compile(rf"{TAG}|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_VOID = frozenset({"br", "col", "hr", "img", "input", "source", "wbr"})


def in_language(text: str, language: str | None, direction: str | None) -> str:
    """A field, canonical HTML, marked with a language and a direction; without a direction, its
    blocks by their scripts.
    """
    marked = text if direction else with_directions(text)
    attributes = (
        f'lang="{language}"' if language else "",
        f'dir="{direction}"' if direction else "",
    )
    return (
        f"<div {' '.join(filter(None, attributes))}>{marked}</div>" if any(attributes) else marked
    )


def with_directions(text: str) -> str:
    """Canonical HTML whose blocks say where they read in another direction than what is around
    them.
    """
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return text
    return _Directions(text).marked()


class _Directions:
    """The blocks of a text, each with the direction of its first letter."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[
            tuple[str, int]
        ] = []  # the name of each open element, and where its tag begins
        self._found: dict[int, str] = {}  # by where a block begins
        self._around: dict[int, int | None] = {}  # the block around a block
        self._own: set[int] = set()  # blocks whose author says it

    def marked(self) -> str:
        """The text, marked."""
        position = 0
        for found in _TOKEN.finditer(self._text):
            self._letters(self._text[position : found.start()])
            if found[0].startswith("<"):
                self._tag(found[0], found.start())
            position = found.end()
        self._letters(self._text[position:])
        return self._written()

    def _tag(self, tag: str, start: int) -> None:
        name = re.split(r"[ >]", tag.lstrip("</"), maxsplit=1)[0]
        if tag.startswith("</"):
            if self._open and self._open[-1][0] == name:
                self._open.pop()
        elif name not in _VOID:
            if name in _BLOCKS:
                self._around[start] = next(
                    (at for _, at in reversed(self._open) if at in self._around), None
                )
                if ' dir="' in tag:
                    self._own.add(start)
            self._open.append((name, start))

    def _letters(self, text: str) -> None:
        if any(name in _LEFT for name, _ in self._open):
            return
        direction = _direction(html.unescape(text))
        if direction:
            for _, start in self._open:
                if start in self._around:
                    self._found.setdefault(start, direction)

    def _written(self) -> str:
        pieces, position = [], 0
        effective: dict[int | None, str] = {None: "ltr"}
        for start, around in self._around.items():
            effective[start] = self._found.get(start, effective[around])
            if effective[start] != effective[around] and start not in self._own:
                name = re.match(r"<[a-z0-9]+", self._text[start : start + 20])
                assert name, "a block begins with its tag"
                end = start + len(name[0])
                pieces += [self._text[position:end], f' dir="{effective[start]}"']
                position = end
        return "".join(pieces) + self._text[position:]


def _direction(text: str) -> str | None:
    """The direction of the first letter that has one, as Unicode has it; None where there is none."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return None
