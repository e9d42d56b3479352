"""Where the Markdown of a field stands: its pieces, and what an edit of them is in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ankipress.live.editing.edit_transfer import SourceEdit
from ankipress.live.text_edits import TextEdit, TextPlace
from ankipress.model import Entry, Part
from ankipress.syntax.entry_trees import EntryTrees

Span = tuple[int, int]

_BETWEEN = "\n\n"
_HARD_BREAK = re.compile(r"(?:\\| {2,})\n[ \t]*")
_CELL = re.compile(r"(?:\*\*[^*\n]+:\*\* )?(?P<cell>[^\n]+)")
_AROUND = r"(?:b|strong|h[1-6]|i|em|u|p|span)"
_OPENED = re.compile(rf"(?:<{_AROUND}(?:\s[^<>]*)?>\s*)+\Z", re.IGNORECASE)
_CLOSED = re.compile(rf"(?:\s*</{_AROUND}>)+", re.IGNORECASE)
_MARKER = re.compile(r"[^\s>]")
_EMPTY_LINE = re.compile(r"\n[ \t]+(?=\n)")


class UnwritableError(Exception):
    """An edit has no place in the source; the text says why, as a clause."""


@dataclass(frozen=True, slots=True)
class SourcePiece:
    """A span of a part of an entry, and where it begins in the text of its field. `name` is that
    of the part, empty for the heading and for a footnote.
    """

    part: Part
    start: int
    span: tuple[int, int]
    name: str = ""
    is_heading: bool = False

    @property
    def text(self) -> str:
        """Its Markdown."""
        return self.part.text[slice(*self.span)]

    @property
    def end(self) -> int:
        """Where it ends in the text of its field."""
        first, last = self.span
        return self.start + last - first


@dataclass(frozen=True, slots=True)
class FieldSource:
    """The Markdown of a field as one text, and the pieces that it is made of."""

    text: str
    pieces: tuple[SourcePiece, ...]

    def piece_of(self, edit: SourceEdit) -> SourcePiece | None:
        """The piece in which an edit stands altogether."""
        for piece in self.pieces:
            if piece.start <= edit.start and edit.end <= piece.end:
                return piece
        return None


def field_source(
    entry: Entry,
    names: Sequence[str],
    *,
    has_heading: bool,
) -> FieldSource:
    """The Markdown of a field that is made of some parts, below the heading of its card or without
    it, and of the footnotes that these refer to.
    """
    builder = _SourceBuilder()
    question = entry.question
    if has_heading and question.text:
        builder.add(question, (0, len(question.text)), "", is_heading=True)
    notes: list[tuple[Part, Span]] = []
    for name in names:
        part = entry.parts.get(name, Part("", 1))
        texts, definitions = _spans(entry, part)
        notes += [(part, span) for span in definitions]
        for span in texts:
            builder.add(part, span, name)
    for part, span in notes:
        builder.add(part, span)
    for each in _footnotes(entry, names, has_heading=has_heading):
        builder.add(each, (0, len(each.text)))
    return FieldSource(builder.text, tuple(builder.pieces))


@dataclass(slots=True)
class _SourceBuilder:
    """Puts pieces together, with an empty line between them."""

    text: str = ""
    pieces: list[SourcePiece] = field(default_factory=list)

    def add(
        self,
        part: Part,
        span: Span,
        name: str = "",
        *,
        is_heading: bool = False,
    ) -> None:
        """Add a span of a part, if anything stands in it."""
        if span[0] == span[1]:
            return
        if self.pieces:
            self.text += _BETWEEN
        piece = SourcePiece(part, len(self.text), span, name, is_heading)
        self.pieces.append(piece)
        self.text += piece.text


def _spans(entry: Entry, part: Part) -> tuple[list[Span], list[Span]]:
    """The spans of a part that are its text, and those that define footnotes, which are shown below
    all of it.
    """
    whole = 0, len(part.text)
    if "[^" not in part.text:
        return [whole], []
    nodes = EntryTrees(entry).tree(part).nodes
    definitions = [(node.start, node.end) for node in nodes if node.kind == "footnote"]
    if not definitions:
        return [whole], []
    texts: list[Span] = []
    start = 0
    for first, last in (*definitions, (len(part.text), 0)):
        texts.append(_stripped(part.text, start, first))
        start = last
    notes = [_stripped(part.text, *span) for span in definitions]
    return texts, notes


def _stripped(text: str, start: int, end: int) -> Span:
    """A span without the empty lines around it."""
    while start < end and text[start] == "\n":
        start += 1
    while start < end and text[end - 1] == "\n":
        end -= 1
    return start, end


def _footnotes(
    entry: Entry,
    names: Sequence[str],
    *,
    has_heading: bool,
) -> Iterator[Part]:
    """The footnotes that stand outside of the parts that refer to them."""
    if not entry.footnotes:
        return
    trees = EntryTrees(entry)
    seen: set[Part] = set()
    for name in names or ("",):
        part = entry.parts.get(name, Part("", entry.location.line))
        question = entry.question if has_heading else Part("", 1)
        for each in trees.passage(part, question).footnotes:
            if each.part not in seen:
                seen.add(each.part)
                yield each.part


@dataclass(frozen=True, slots=True)
class FileText:
    """The lines of a file, in which edits get their places."""

    path: str
    lines: Sequence[str]

    def in_piece(
        self,
        piece: SourcePiece,
        edit: SourceEdit,
    ) -> TextEdit:
        """An edit of a piece as one of the file. Raises UnwritableError."""
        part = piece.part
        shift = piece.span[0] - piece.start
        first = edit.start + shift
        last = edit.end + shift
        start = self._start(part, first, is_empty=first == last)
        end = start
        if last > first and part.text[last - 1] == "\n":
            end = self._place(part, last, 0)
        elif last > first:
            end = self._place(part, last - 1, 1)
        if end[0] - start[0] != part.text[first:last].count("\n"):
            raise UnwritableError("its text stands in several places of its file")
        return TextEdit(start, end, self._as_written(piece, edit.text, start))

    def _as_written(self, piece: SourcePiece, text: str, start: TextPlace) -> str:
        """A text as it is written at a place of a piece: on one line where the piece is one, else
        with the signs before each line that the part has in its file.
        """
        if self._is_in_row(piece.part, start):
            return _without_line_ends(text).replace("|", "\\|")
        if piece.is_heading:
            return _without_line_ends(text)
        if "\n" not in text:
            return text
        text = text.replace("\n", f"\n{self._prefix(piece.part, start)}")
        return _EMPTY_LINE.sub("\n", text)

    def with_tags(self, edit: TextEdit) -> TextEdit | None:
        """An edit that takes off the tags around its place too; None where none are."""
        line, column = edit.start
        last, end = edit.end
        opened = _OPENED.search(self.lines[line][:column])
        closed = _CLOSED.match(self.lines[last], end)
        if opened is None or closed is None:
            return None
        return TextEdit(
            (line, opened.start()),
            (last, closed.end()),
            edit.text,
        )

    def emptied(self, piece: SourcePiece) -> TextEdit:
        """The edit after which a piece has no text."""
        return self.in_piece(
            piece,
            SourceEdit(
                piece.start,
                piece.end,
                "",
            ),
        )

    def _start(
        self,
        part: Part,
        offset: int,
        *,
        is_empty: bool,
    ) -> TextPlace:
        is_behind = offset > 0 and part.text[offset - 1] != "\n"
        if is_behind and (is_empty or offset == len(part.text)):
            return self._place(
                part,
                offset - 1,
                1,
            )
        return self._place(
            part,
            offset,
            0,
        )

    def _place(
        self,
        part: Part,
        offset: int,
        more: int,
    ) -> TextPlace:
        """Where a character stands in the file, or what is behind it."""
        found = part.place(
            self.path,
            offset,
            offset + 1,
        )
        return found.line - 1, found.column - 1 + more

    def _is_in_row(
        self,
        part: Part,
        start: TextPlace,
    ) -> bool:
        """Whether a part is the cell of a table with bars."""
        if not part.breaks or "\n" in part.text:
            return False
        line = self.lines[start[0]]
        return line.lstrip().startswith("|") or " | " in line

    def _prefix(
        self,
        part: Part,
        place: TextPlace,
    ) -> str:
        """What stands before each line of a part in its file."""
        if not part.breaks:
            return ""
        others = [each for each in part.breaks if each[0] > 0 and each[1] > 0]
        if others:
            _, lines, column = others[-1]
            line = self.lines[part.line - 1 + lines]
            if not _MARKER.search(line[:column]):
                return line[:column]
        _, lines, column = part.breaks[0]
        line = self.lines[part.line - 1 + lines]
        return _MARKER.sub(" ", line[:column])


def hard_breaks_inside(text: str) -> str:
    """A text whose lines are broken inside of a line of its file."""
    return _HARD_BREAK.sub("<br>", text)


def _without_line_ends(text: str) -> str:
    """A text as it stands on one line of a file. Raises UnwritableError."""
    text = hard_breaks_inside(text)
    if "\n" in text:
        raise UnwritableError("it stands on one line of its file")
    return text


def source_of_cells(
    entry: Entry,
    name: str,
    lines: Sequence[str],
) -> FieldSource:
    """The Markdown of a field that a row of a table fills by several cells, each below the name of
    its column.
    """
    text = entry.part(name)
    number = entry.location.line - 1
    pieces = []
    for found in _CELL.finditer(text):
        cell = found["cell"]
        column = lines[number].find(cell)
        if column >= 0 and lines[number].count(cell) == 1:
            part = Part(
                cell,
                number + 1,
                ((0, 0, column),),
            )
            span = 0, len(cell)
            pieces.append(SourcePiece(part, found.start("cell"), span, name))
    return FieldSource(text, tuple(pieces))
