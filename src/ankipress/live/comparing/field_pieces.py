"""The HTML of a field in its pieces, each to the letter: blocks, and lines that are in none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.importing.fields.html_tree import VOID
from ankipress.live.comparing.editor_lines import BLOCKS
from ankipress.render.html import TAG

_TAG = re.compile(TAG)
_IN_LINES = re.compile(rf"(?P<break><br>\n?)|(?P<formula>\\[(\[])|{TAG}")
_FORMULA_ENDS = {"\\(": "\\)", "\\[": "\\]"}
_ONE_ELEMENT = re.compile(rf"({TAG})(.*)(</[a-z0-9-]+>)", re.DOTALL)
_CONTAINERS = frozenset(
    "blockquote details div dl ol section table tbody td thead tr ul li".split()
)


@dataclass(frozen=True, slots=True)
class FieldPiece:
    """A block or a line. `gap` is what stands behind it, up to the next one."""

    html: str
    is_line: bool
    gap: str = ""

    @property
    def tag(self) -> str:
        """The name of the element that a block is; empty for a line."""
        if self.is_line:
            return ""
        return _name(self.html)


@dataclass(frozen=True, slots=True)
class Container:
    """A block that holds others, such as a list: its tags, and what stands between them."""

    opening: str
    inner: str
    closing: str


def pieces_of(
    html: str,
    *,
    by_line: bool,
) -> Sequence[FieldPiece]:
    """The pieces of canonical HTML. With `by_line` a text that is in no block is a piece for each
    of its lines, else it is one piece.
    """
    found: list[FieldPiece] = []
    for is_block, text in _stretches(html):
        if is_block:
            found.append(FieldPiece(text, is_line=False))
        elif not text.strip():
            _add_gap(found, text)
        elif by_line:
            found += _lines(text)
        else:
            end = len(text.rstrip())
            found.append(FieldPiece(text[:end], is_line=True, gap=text[end:]))
    return found


def joined_pieces(pieces: Sequence[FieldPiece]) -> str:
    """The HTML of some pieces: two lines are kept apart, and nothing stands behind the last."""
    written: list[str] = []
    for number, piece in enumerate(pieces):
        written.append(piece.html)
        if number + 1 == len(pieces):
            break
        are_lines = piece.is_line and pieces[number + 1].is_line
        if are_lines == ("<br>" in piece.gap):
            written.append(piece.gap)
        elif are_lines:
            written.append("<br>")
    return "".join(written)


def container_of(piece: FieldPiece) -> Container | None:
    """What a block is outside of the blocks or items in it; None for one without such."""
    if piece.is_line or piece.tag not in _CONTAINERS:
        return None
    found = _ONE_ELEMENT.fullmatch(piece.html)
    if found is None:
        return None
    return Container(found[1], found[2], found[3])


def _name(tag: str) -> str:
    return tag[1:-1].lstrip("/").partition(" ")[0].partition(">")[0]


def _stretches(html: str) -> Iterator[tuple[bool, str]]:
    """Each outermost block, and the texts between them."""
    start = 0
    depth = 0
    for found in _TAG.finditer(html):
        name = _name(found[0])
        if found[0].startswith("</"):
            depth -= 1
            if depth == 0 and name in BLOCKS:
                yield True, html[start : found.end()]
                start = found.end()
            continue
        if depth == 0 and name in BLOCKS:
            if found.start() > start:
                yield False, html[start : found.start()]
            start = found.start()
            if name in VOID:
                yield True, found[0]
                start = found.end()
        if name not in VOID:
            depth += 1
    if start < len(html):
        yield False, html[start:]


def _add_gap(pieces: list[FieldPiece], text: str) -> None:
    if pieces:
        last = pieces[-1]
        pieces[-1] = FieldPiece(last.html, last.is_line, last.gap + text)


def _lines(text: str) -> Iterator[FieldPiece]:
    """The lines of a text. A `<br>` inside another element or a formula ends none."""
    start = 0
    for found in _outermost_breaks(text):
        yield FieldPiece(text[start : found.start()], is_line=True, gap=found[0])
        start = found.end()
    if text[start:].strip():
        yield FieldPiece(text[start:], is_line=True)


def _outermost_breaks(text: str) -> Iterator[re.Match[str]]:
    depth = 0
    formula_end = 0
    never_ending: set[str] = set()
    for found in _IN_LINES.finditer(text):
        if found.start() < formula_end:
            continue
        if found["break"]:
            if depth == 0:
                yield found
        elif mark := found["formula"]:
            if mark not in never_ending:
                formula_end = text.find(_FORMULA_ENDS[mark], found.end())
            if formula_end < 0:
                never_ending.add(mark)
        elif found[0].startswith("</"):
            depth -= 1
        elif _name(found[0]) not in VOID:
            depth += 1
