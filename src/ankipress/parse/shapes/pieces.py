"""Pieces of a file → the text of a card as the shape `headings` would have it, with its places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.model import Breaks
from ankipress.parse.attributes import split_attributes
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.syntax.outline import outline
from ankipress.syntax.tree import Content

_TAB = 4
_END_OF_QUESTION = "---"
_LINE_END = re.compile(r"(?:\\| )?\n")  # one that breaks the line leaves its mark out
_HEADING_MARKS = re.compile(r"\s*#{1,6}[ \t]+")


@dataclass(frozen=True, slots=True)
class CardPieces:
    """Where the question and the sides of a card stand in a file, from a 0-based line up to `end`.

    The lines of `question` become one heading. `front` is what else belongs to the question.
    `braces` are attributes that the shape itself tells. With `is_split` the shape says where the
    answer begins, so that no rule in it ends the question. `problems` are those of its marks.
    """

    question: Content
    front: Sequence[Content]
    back: Sequence[Content]
    line: int
    end: int
    braces: str = ""
    is_split: bool = False
    problems: tuple[Diagnostic, ...] = ()


def section_of(file: ShapedFile, card: CardPieces) -> FoundSection:
    """The section of a card."""
    writer = _Writer()
    _write_heading(
        writer,
        file.level,
        card,
    )
    front = _filled(card.front)
    for each in front:
        writer.add_block(_without_rules(each))
    if front:
        writer.add_made(f"\n\n{_END_OF_QUESTION}")
    for each in _filled(card.back):
        answer = each
        if card.is_split:
            answer = _without_rules(each)
        writer.add_block(answer)
    return FoundSection(
        writer.text,
        card.line,
        card.end,
        file.trail(card.line),
        writer.breaks(file, card.line),
        card.problems,
    )


def _write_heading(
    writer: _Writer,
    level: int,
    card: CardPieces,
) -> None:
    marks = "#" * level
    question = _on_one_line(card.question)
    writer.add_made(f"{marks} ")
    if card.braces:
        _write_with_braces(
            writer,
            question,
            card.braces,
        )
        return
    writer.add(question)
    if question.text.endswith("#"):
        # Hashes at the end would be taken for the end of the heading.
        writer.add_made(f" {marks}")


def _write_with_braces(
    writer: _Writer,
    question: Content,
    braces: str,
) -> None:
    """Write a question with attributes that its shape tells, within its own braces if it has some,
    since a heading has one list of them.
    """
    before = split_attributes(question.text)[0]
    if before == question.text:
        writer.add(question)
        writer.add_made(f" {braces}")
        return
    closing = question.text.rindex("}")
    own = question.part(0, closing)
    attributes = braces.strip("{}")
    writer.add(own)
    writer.add_made(f" {attributes}")
    writer.add(question.without_start(closing))


class _Added(NamedTuple):
    """A span of a text and the offset in the file at which it stands."""

    start: int
    end: int
    other: int


class _Writer:
    """Joins pieces, and remembers where each of them stands in the file."""

    def __init__(self) -> None:
        self.text = ""
        self._added: list[_Added] = []

    def add(self, piece: Content) -> None:
        """Add a piece of the file."""
        base = len(self.text)
        self.text += piece.text
        ends = [own for own, _ in piece.starts[1:]]
        ends.append(len(piece.text))
        for (own, other), end in zip(piece.starts, ends, strict=False):
            self._added.append(_Added(base + own, base + end, other))

    def add_made(self, text: str) -> None:
        """Add a text that stands nowhere in the file."""
        self.text += text

    def add_block(self, piece: Content) -> None:
        """Add a piece below an empty line."""
        self.add_made("\n\n")
        self.add(piece)

    def content(self) -> Content:
        """All that was added."""
        starts = [(each.start, each.other) for each in self._added]
        return Content(self.text, starts)

    def breaks(
        self,
        file: ShapedFile,
        first: int,
    ) -> Breaks:
        """Where each line of the pieces stands below a line; what was made stands where the next
        piece begins, or behind the last.
        """
        found: list[tuple[int, int, int]] = []
        for each in self._added:
            for start, line, column in _lines(file, each):
                found.append((start, line - first, column))
        _, lines, column = found[0]
        return ((0, lines, column), *found)


def _lines(file: ShapedFile, added: _Added) -> Iterator[tuple[int, int, int]]:
    """The offset of each line of a span, its 0-based line in the file, and its column there."""
    line = file.line_of(added.other)
    yield added.start, line, added.other - file.offset(line)
    end = min(added.other + added.end - added.start, len(file.text))
    while file.offset(line + 1) < end:
        line += 1
        below = file.offset(line) - added.other
        yield added.start + below, line, 0


def made(text: str) -> Content:
    """A piece of text that stands nowhere in the file."""
    return Content(text, ())


def joined(pieces: Iterable[Content]) -> Content:
    """Pieces as one text."""
    writer = _Writer()
    for each in pieces:
        writer.add(each)
    return writer.content()


def content_of(
    text: str,
    start: int,
    end: int,
    width: int = 0,
) -> Content:
    """A span of a text whose lines lose up to `width` columns of blanks, but for the first one
    where the span begins within it.
    """
    inside = text[start:end]
    if not width:
        return Content(inside, [(0, start)])
    kept: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    position = start
    for line in inside.split("\n"):
        cut = 0
        if position == 0 or text[position - 1] == "\n":
            cut = _blanks(line, width)
        kept.append(line[cut:])
        starts.append((length, position + cut))
        length += len(line) - cut + 1
        position += len(line) + 1
    return Content("\n".join(kept), starts)


def _blanks(line: str, width: int) -> int:
    """The number of characters at the start of a line that take up to `width` columns of blanks."""
    column = 0
    for number, character in enumerate(line):
        if column >= width or character not in " \t":
            return number
        if character == "\t":
            column += _TAB - column % _TAB
        else:
            column += 1
    return len(line)


def trimmed(piece: Content) -> Content:
    """A piece without blanks around it."""
    end = len(piece.text.rstrip())
    start = len(piece.text) - len(piece.text.lstrip())
    return piece.part(min(start, end), end)


def without_blank_lines(piece: Content) -> Content:
    """A piece without blank lines around it, each line of which stays complete."""
    end = len(piece.text.rstrip())
    blanks = len(piece.text) - len(piece.text.lstrip())
    start = piece.text.rfind("\n", 0, blanks) + 1
    return piece.part(min(start, end), end)


def without_heading_marks(piece: Content) -> Content:
    """A question that is written as a heading, without the marks before it."""
    found = _HEADING_MARKS.match(piece.text)
    if not found:
        return piece
    return piece.without_start(found.end())


def _filled(pieces: Iterable[Content]) -> list[Content]:
    """The pieces in which something stands."""
    without_lines = map(without_blank_lines, pieces)
    return [each for each in without_lines if each.text]


def _on_one_line(piece: Content) -> Content:
    """A text of several lines as one, with every character in its place."""
    inside = trimmed(piece)
    text = _LINE_END.sub(_as_blanks, inside.text)
    return Content(text, inside.starts)


def _as_blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _without_rules(piece: Content) -> Content:
    """A piece in which no rule ends the question: it is written with other marks."""
    lines = piece.text.split("\n")
    for number in outline(lines).dashes:
        lines[number] = lines[number].replace("-", "*")
    return Content("\n".join(lines), piece.starts)
