"""The Markdown of a Jupyter notebook, and the way back from a place in it to one in the JSON."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import attrgetter
from typing import BinaryIO, NamedTuple

from ankipress.diagnostics import Diagnostic, Location
from ankipress.project.notebook_json import offset_in_json

_NO_FIX = "`--fix` changes no notebook: do it in Jupyter"
_start_of = attrgetter("start")


@dataclass(frozen=True, slots=True)
class NotebookPicture:
    """A picture of a notebook, as media. A card may show it often, so its digest is kept."""

    data: bytes
    digest: str

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.data)

    def open(self) -> BinaryIO:
        """The bytes from their start."""
        return io.BytesIO(self.data)


class NotebookPart(NamedTuple):
    """A part of the text: where it begins there and in the JSON, and in which line of which cell.

    Of a part that is `written`, every character stands in the JSON. The others stand for their
    first place, and have line 0 if they are of an output.
    """

    start: int
    offset: int
    cell: int
    line: int
    written: bool


class LineStarts:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        lengths = (len(line) + 1 for line in text.split("\n"))
        self._starts = [0, *accumulate(lengths)]

    def offset(self, location: Location) -> int:
        """The offset of a place. A line that is not there is the last one."""
        line = min(location.line, len(self._starts))
        return self._starts[line - 1] + location.column - 1

    def location(
        self,
        path: str,
        start: int,
        end: int,
    ) -> Location:
        """The place of a span, which has one character at least."""
        line = bisect_right(self._starts, start)
        column = start - self._starts[line - 1] + 1
        return Location(path, line, column, max(1, end - start))


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook: its Markdown, its JSON, and its pictures by path from its folder.

    `parts` say what of the text stands where in the JSON. There is one at least.
    """

    text: str
    json: str
    parts: Sequence[NotebookPart]
    pictures: Mapping[str, NotebookPicture]
    lines: LineStarts
    json_lines: LineStarts

    def located(self, location: Location) -> Location:
        """The place in the JSON of a place in the text."""
        if not location.line:
            return location
        begin = min(self.lines.offset(location), len(self.text))
        number = self._number(begin)
        part = self.parts[number]
        start = part.offset
        end = start
        if part.written:
            width = location.width
            if number + 1 < len(self.parts):
                width = min(width, self.parts[number + 1].start - begin)
            start = offset_in_json(self.json, part.offset, begin - part.start)
            end = offset_in_json(self.json, start, width)
        return self.json_lines.location(location.path, start, end)

    def with_lines(self, message: str, path: str) -> str:
        """A message in which places of the text, such as `a.ipynb:3`, are places in the JSON."""

        def place(found: re.Match[str]) -> str:
            line = int(found[1])
            return f"{path}:{self.located(Location(path, line)).line}"

        return re.sub(rf"{re.escape(path)}:([1-9][0-9]{{0,8}})\b", place, message)

    def diagnostic(self, diagnostic: Diagnostic) -> Diagnostic:
        """A problem of the text as one of the notebook. Nothing in JSON is fixed by itself."""
        location = diagnostic.location
        if not location.line:
            return diagnostic
        first, end, rest = diagnostic.message.partition("\n")
        message = f"{first} ({self._cell(location)}){end}{rest}"
        help = diagnostic.help
        if diagnostic.fix is not None:
            help = f"{help}\n{_NO_FIX}".strip()
        place = self.located(location)
        return replace(diagnostic, location=place, message=message, help=help, fix=None)

    def _cell(self, location: Location) -> str:
        """A place as Jupyter shows it."""
        offset = self.lines.offset(location)
        part = self.parts[self._number(offset)]
        if not part.line:
            return f"cell {part.cell}, output"
        line = part.line + self.text.count("\n", part.start, offset)
        return f"cell {part.cell}, line {line}"

    def _number(self, offset: int) -> int:
        """The number of the part in which an offset of the text is."""
        return max(0, bisect_right(self.parts, offset, key=_start_of) - 1)
