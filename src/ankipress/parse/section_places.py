"""Places in a section → places in its file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Breaks, Part
from ankipress.parse.document import Section


class SectionPlaces:
    """Where the pieces of a section stand in the file of a path.

    In a section that is made of pieces, footnotes stand below its last line: `Section.footnotes`.
    """

    def __init__(
        self,
        section: Section,
        path: str,
    ) -> None:
        self._path = path
        self._line = section.line
        self._pieces: _Pieces | None = None
        if section.breaks:
            self._pieces = _Pieces(section)

    def location(self, place: Location) -> Location:
        """A place that counts from the first line of the section."""
        if self._pieces and place.line <= self._pieces.lines:
            return self._pieces.location(place, self._path)
        line = self._line_in_file(place.line)
        return replace(
            place,
            path=self._path,
            line=line,
        )

    def part(self, part: Part) -> Part:
        """A part whose line and breaks count from the first line of the section."""
        if self._pieces and not part.text:
            return replace(part, line=self._pieces.last_line)
        if self._pieces and part.line <= self._pieces.lines:
            return self._pieces.part(part)
        line = self._line_in_file(part.line)
        return replace(part, line=line)

    def _line_in_file(self, line: int) -> int:
        """The line of what stands in complete lines, such as a footnote."""
        if self._pieces:
            return line - self._pieces.lines
        return line + self._line

    def parts(self, parts: Mapping[str, Part]) -> dict[str, Part]:
        """Parts by their names, each as `part` has it."""
        return {name: self.part(part) for name, part in parts.items()}

    def problems(self, problems: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Problems of a section as those of its file."""
        return tuple(self._problem(each) for each in problems)

    def _problem(self, problem: Diagnostic) -> Diagnostic:
        location = self.location(problem.location)
        return replace(problem, location=location)


class _Pieces:
    """The text of a section with breaks. `lines` is the number of its lines."""

    def __init__(self, section: Section) -> None:
        self._whole = Part(
            section.text,
            section.line + 1,
            section.breaks,
        )
        self._starts = _line_starts(section.text)
        self._offsets = [offset for offset, _, _ in section.breaks]
        self.lines = len(self._starts)

    @property
    def last_line(self) -> int:
        """The line of the file, from 1, on which the last piece stands."""
        _, lines, _ = self._whole.breaks[-1]
        return self._whole.line + lines

    def location(
        self,
        place: Location,
        path: str,
    ) -> Location:
        """A place of the section in the file of a path. Column 0 stands for the whole line."""
        start = self._starts[place.line - 1] + max(0, place.column - 1)
        end = start + max(1, place.width)
        found = self._whole.place(
            path,
            start,
            end,
        )
        if place.column:
            return found
        return replace(
            found,
            column=0,
            width=place.width,
        )

    def part(self, part: Part) -> Part:
        """A part of the section as one of the file."""
        breaks = list(self._breaks(part))
        _, first, _ = breaks[0]
        below = [(offset, line - first, column) for offset, line, column in breaks]
        return replace(
            part,
            line=first,
            breaks=tuple(below),
        )

    def _breaks(self, part: Part) -> Iterator[tuple[int, int, int]]:
        """The offset of each piece of a part, its line in the file, from 1, and its column."""
        pieces = part.breaks or _complete_lines(part.text)
        ends = [offset for offset, _, _ in pieces[1:]]
        ends.append(len(part.text) + 1)
        for (offset, lines, column), end in zip(pieces, ends, strict=True):
            number = min(part.line - 1 + lines, self.lines - 1)
            start = self._starts[number] + column
            stop = start + end - offset
            place = self._whole.place(
                "",
                start,
                start + 1,
            )
            yield offset, place.line, place.column - 1
            for own, below, other in self._breaks_in(start, stop):
                yield offset + own - start, self._whole.line + below, other

    def _breaks_in(
        self,
        start: int,
        end: int,
    ) -> Breaks:
        """The breaks of the section that are after a start and before an end."""
        first = bisect_right(self._offsets, start)
        last = bisect_left(self._offsets, end)
        return self._whole.breaks[first:last]


def _line_starts(text: str) -> Sequence[int]:
    """The offset of each line."""
    lines = text.split("\n")
    lengths = (len(line) + 1 for line in lines[:-1])
    return list(accumulate(lengths, initial=0))


def _complete_lines(text: str) -> Breaks:
    starts = enumerate(_line_starts(text))
    return tuple((start, number, 0) for number, start in starts)
