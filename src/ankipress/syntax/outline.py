"""The outline of a Markdown file: its headings and rules, as CommonMark sees them.

What is inside fences, lists, quotes, HTML blocks, comments and an open `<details>` is not part of
the outline. The scanner makes one pass over the lines, by the algorithm of CommonMark's appendix:
each line first continues the open lists and quotes, then may open new ones, and the rest belongs to
at most one open block of text. A test compares the outline with that of a CommonMark parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from ankipress.syntax.blocks import begins_table
from ankipress.syntax.definition_labels import FOOTNOTE, end_of_definitions
from ankipress.syntax.details import DetailsTag, HeadingLine, details_tags, matched_details
from ankipress.syntax.formulas import lines_of_block
from ankipress.syntax.html_blocks import BLANK, end_of_html, hides_headings


class Heading(NamedTuple):
    """A heading: its level from 1 to 6, its Markdown, its first 0-based line and the one after its
    last.
    """

    level: int
    text: str
    start: int
    end: int
    underlined: bool = False

    @property
    def last_line(self) -> int:
        """The 0-based line on which its text ends, and so its braces."""
        if self.underlined:
            return self.end - 2
        return self.end - 1


@dataclass(slots=True)
class Outline:
    """The outermost level of a file. Lines are 0-based.

    `dashes` are the lines `---`, which may end a question; other rules do not matter. `open_fence`
    is the line of a fence that never ends, `open_details` are the tags `<details>` that never end,
    `details` the ranges of lines between the tags of the outermost ones,
    `open_html` the lines of comments and other HTML that never end, or go on to the end of another.
    """

    headings: list[Heading] = field(default_factory=list)
    dashes: list[int] = field(default_factory=list)
    open_fence: int | None = None
    open_html: list[int] = field(default_factory=list)
    open_details: list[DetailsTag] = field(default_factory=list)
    details: list[tuple[int, int]] = field(default_factory=list)


_HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*))?$")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_UNDERLINE = re.compile(r"(?:=+|-+) *$")
_RULE = re.compile(r"([-*_])(?: *\1){2}")
_ITEM = re.compile(r"(?:[-+*]|([0-9]{1,9})[.)])( +|$)")
_FOOTNOTE = re.compile(f"{FOOTNOTE.pattern}:")
_FOOTNOTE_WIDTH = 4
_MARKS = frozenset("#`~<=-*_>+0123456789[$\\")  # every block starts with one of these
_NOT_PLAIN = frozenset({*_MARKS, *" \t\f\v"})
_SPACES = re.compile(" *")
_QUOTE = 0  # stands for a quote among the widths of list items


def outline(lines: Sequence[str]) -> Outline:
    """The outline of a file, given its lines without their ends."""
    scanner = _Scanner(lines)
    for number, line in enumerate(lines):
        scanner.read(number, line)
    return scanner.finished()


class _Scanner:
    """The state between two lines, and of the current line.

    At most one of `paragraph`, `in_table`, `fence` and `html_end` is set.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.outline = Outline()
        self.details: list[DetailsTag] = []
        # The open lists, footnotes and quotes. An item is the number of columns that indent it.
        self.containers: list[int] = []
        self.item_is_empty = False  # nothing is in the innermost item yet
        self.paragraph: int | None = None  # the first line of an open paragraph, at any depth
        self.above = ""  # the last line of an open paragraph, which may be the head of a table
        self.in_table = False
        self.formula_end = 0  # the line after the last line of the last block of mathematics
        self.fence = ""  # the marks that opened an open fence
        self.html_end: re.Pattern[str] | None = None
        self.html_start = 0
        # The current line: its number, how far it has been read, where its next text starts, and
        # how many columns are between the two.
        self.number = self.position = self.start = self.indent = 0
        self.line = ""
        # The column from which the line holds one mark and spaces only; -1 is not known yet.
        self.rules_from = -1

    def read(self, number: int, line: str) -> None:
        """Read the next line. Its tabs are expanded, so that an index is a column."""
        if number < self.formula_end:
            return
        if not self.containers and self._is_plain(number, line):
            return
        self.number = number
        self.line = line.expandtabs(4)
        self.position = 0
        self.start = self.indent = len(self.line) - len(self.line.lstrip(" "))
        self.rules_from = -1
        depth = 0
        if self.containers:
            depth = self._continue_containers()
        inside = depth == len(self.containers)
        if inside and self.fence:
            self._continue_fence()
        elif inside and self.html_end is not None:
            self._continue_html(self.html_end)
        elif self.start == len(self.line):
            self._end_blocks(depth)
        else:
            self._read_text(depth)

    def finished(self) -> Outline:
        """The outline, after the last line."""
        if not self.fence or self.containers:
            self.outline.open_fence = None
        if self.html_end not in {None, BLANK} and not self.containers:
            self.outline.open_html.append(self.html_start)
        hidden = self._in_details()
        if hidden:
            headings = self.outline.headings
            dashes = self.outline.dashes
            self.outline.headings = [each for each in headings if each.start not in hidden]
            self.outline.dashes = [each for each in dashes if each not in hidden]
        return self.outline

    def _in_details(self) -> set[int]:
        """The lines inside <details>: a heading or rule there belongs to the card that opens it."""
        if not self.details:
            return set()
        headings = [HeadingLine(each.start, each.level) for each in self.outline.headings]
        found = matched_details(self.details, headings, self.lines)
        self.outline.open_details = found.unclosed
        self.outline.details = found.ranges
        return {number for start, end in found.ranges for number in range(start + 1, end)}

    def _is_plain(self, number: int, line: str) -> bool:
        """Read a line that obviously starts and ends nothing, as most do."""
        if self.fence:
            return self.fence[0] not in line
        if self.html_end is not None:
            return False
        if not line:
            self._end_blocks(0)
            return True
        if line[0] in _NOT_PLAIN:
            return False
        if line[0] in "|:" and self._begins_table(line):
            self._end_blocks(0)
            self.in_table = True
        elif not self.in_table:
            if self.paragraph is None:
                self.paragraph = number
            self.above = line
        if "<" in line:
            self.details += details_tags(number, line)
        return True

    def _begins_table(self, line: str) -> bool:
        """Whether a line is the second of a table, whose first is the last of a paragraph."""
        if self.paragraph is None or "|" not in self.above or _UNDERLINE.match(line):
            return False
        return begins_table(self.above.strip(), line.strip())

    def _move_to(self, position: int) -> None:
        self.position = position
        self.start = _SPACES.match(self.line, position).end()  # type: ignore[union-attr]
        self.indent = self.start - position

    def _continue_containers(self) -> int:
        """Read the marks of the open containers, and count those that the line continues."""
        if self.start == len(self.line):
            return self._continued_by_blank_line()
        for depth, width in enumerate(self.containers):
            if width == _QUOTE:
                if self.indent > 3 or not self.line.startswith(">", self.start):
                    return depth
                self._enter_quote()
            elif self.indent >= width:
                self.position += width
                self.indent -= width
            else:
                return depth
        return len(self.containers)

    def _continued_by_blank_line(self) -> int:
        """A blank line continues items, but no quote and no empty item."""
        if _QUOTE in self.containers:
            return self.containers.index(_QUOTE)
        return len(self.containers) - self.item_is_empty

    def _enter_quote(self) -> None:
        after = self.start + 1
        if self.line.startswith(" ", after):
            after += 1
        self._move_to(after)

    def _continue_fence(self) -> None:
        mark = self.line[self.start :].rstrip(" ")
        only_marks = not mark.strip(self.fence[0])
        if mark.startswith(self.fence) and only_marks and self.indent < 4:
            self.fence = ""

    def _continue_html(self, end: re.Pattern[str]) -> None:
        if end is BLANK:
            self._note_details()
            if self.start == len(self.line):
                self.html_end = None
        elif end.search(self.line, self.start):
            self.html_end = None
            html = "\n".join(self.lines[self.html_start : self.number + 1])
            if not self.containers and hides_headings(html):
                self.outline.open_html.append(self.html_start)

    def _end_blocks(self, depth: int) -> None:
        """End the open block of text, and the containers from a depth on."""
        del self.containers[depth:]
        self.paragraph = None
        self.in_table = False
        self.fence = ""
        self.html_end = None

    def _read_text(self, depth: int) -> None:
        """Read the rest of a line that is not blank."""
        self.item_is_empty = False
        text = self.line[self.start :]
        if depth == len(self.containers) and self.indent < 4 and self._begins_table(text):
            self._end_blocks(depth)
            self.in_table = True
            return
        while self.indent < 4 and self.line[self.start] in _MARKS:
            in_paragraph = depth == len(self.containers) and self.paragraph is not None
            if self._read_leaf(depth, in_paragraph=in_paragraph):
                return
            width = self._read_container(in_paragraph=in_paragraph)
            if width is None:
                break
            self._end_blocks(depth)
            self.containers.append(width)
            depth += 1
            self.item_is_empty = self.start == len(self.line)
            if self.item_is_empty:
                return
        is_row = self.in_table and depth == len(self.containers) and self.indent < 4
        if self.paragraph is None and not is_row:
            self._end_blocks(depth)
            if self.indent >= 4:
                return
            self.paragraph = self.number
        self.above = ""
        if depth == len(self.containers) and self.indent < 4:
            self.above = self.line[self.start :]
        self._note_details()

    def _read_leaf(self, depth: int, *, in_paragraph: bool) -> bool:
        """Read a heading, fence, HTML or rule, and say whether there was one."""
        first = self.line[self.start]
        if first == "#":
            return self._read_heading(depth)
        if first in "`~":
            return self._read_fence(depth)
        if first == "<":
            return self._read_html(depth)
        if first in "$\\":
            return self._read_formula(depth)
        if in_paragraph and _UNDERLINE.match(self.line, self.start) and self._underline(depth):
            return True
        return first in "-*_" and self._read_rule(depth)

    def _read_heading(self, depth: int) -> bool:
        # At the outermost level, the text is that of the line as written: a tab stays a tab.
        line = self.line
        start = self.start
        if depth == 0:
            line = self.lines[self.number].strip(" \t")
            start = 0
        found = _HEADING.match(line, start)
        if found is None:
            return False
        self._end_blocks(depth)
        text = _without_closing_hashes(found[2] or "").strip(" \t")
        self._add_heading(
            Heading(
                len(found[1]),
                text,
                self.number,
                self.number + 1,
            )
        )
        return True

    def _add_heading(self, heading: Heading) -> None:
        if not self.containers:
            self.outline.headings.append(heading)

    def _underline(self, depth: int) -> bool:
        """Make a heading of the open paragraph, unless it holds nothing but definitions."""
        text = "\n".join(self.lines[self.paragraph : self.number])
        start = end_of_definitions(text)
        if start == len(text):
            return False
        first = self.number - text.count("\n", start) - 1
        self._end_blocks(depth)
        text = "\n".join(line.strip(" \t") for line in text[start:].split("\n"))
        level = 2
        if self.line[self.start] == "=":
            level = 1
        self._add_heading(
            Heading(
                level,
                text,
                first,
                self.number + 1,
                underlined=True,
            )
        )
        return True

    def _read_rule(self, depth: int) -> bool:
        if self.rules_from < 0:
            line = self.line.rstrip(" ")
            self.rules_from = len(line.rstrip(line[-1] + " "))
        if self.start < self.rules_from or not _RULE.match(self.line, self.start):
            return False
        self._end_blocks(depth)
        if depth == 0 and self.line.strip(" ") == "---":
            self.outline.dashes.append(self.number)
        return True

    def _read_fence(self, depth: int) -> bool:
        found = _FENCE.match(self.line, self.start)
        if found is None:
            return False
        self._end_blocks(depth)
        self.fence = found[1] or found[2]
        if depth == 0:
            self.outline.open_fence = self.number
        return True

    def _read_formula(self, depth: int) -> bool:
        """Read a block of mathematics; in a quote, one of a single line."""
        is_lazy = self.paragraph is not None and any(self.containers[depth : depth + 1])
        if is_lazy and not self._formula_length(len(self.containers)):
            return False
        length = self._formula_length(depth)
        if not length:
            return False
        self._end_blocks(depth)
        self.formula_end = self.number + length
        return True

    def _formula_length(self, depth: int) -> int:
        containers = self.containers[:depth]
        lines = self._lines_of_item(sum(containers), is_alone=_QUOTE in containers)
        return lines_of_block(lines)

    def _lines_of_item(self, width: int, *, is_alone: bool) -> Iterator[str]:
        """This line and those below it that are indented as far, without the blanks around them."""
        yield self.line[self.start :].rstrip()
        if is_alone:
            return
        for line in islice(self.lines, self.number + 1, None):
            expanded = line.expandtabs(4)
            text = expanded.strip()
            if text and len(expanded) - len(expanded.lstrip(" ")) < width:
                return
            yield text

    def _read_html(self, depth: int) -> bool:
        # A line that continues a paragraph in a list or quote without its marks is in no paragraph.
        is_open = self.paragraph is not None or self.in_table
        in_paragraph = is_open and depth == len(self.containers)
        end = end_of_html(self.line, self.start, in_paragraph=in_paragraph)
        if end is None:
            return False
        self._end_blocks(depth)
        self.html_start = self.number
        if end is BLANK:
            self._note_details()
            self.html_end = BLANK
        elif not end.search(self.line, self.start):
            self.html_end = end
        return True

    def _read_container(self, *, in_paragraph: bool) -> int | None:
        """Read the mark of a quote or list item. The result is the width of the container."""
        if self.line[self.start] == ">":
            self._enter_quote()
            return _QUOTE
        note = _FOOTNOTE.match(self.line, self.start)
        if note:
            self._move_to(note.end())
            self.position, self.indent = self.start, 0
            return _FOOTNOTE_WIDTH
        found = _ITEM.match(self.line, self.start)
        if found is None:
            return None
        is_empty = found.end() == len(self.line)
        # Only an item that has text, and the number 1 if any, interrupts a paragraph.
        if in_paragraph and (is_empty or int(found[1] or 1) != 1):
            return None
        spaces = len(found[2])
        if is_empty or spaces > 4:
            spaces = 1
        width = found.start(2) - self.position + spaces
        position = min(self.position + width, len(self.line))
        self._move_to(position)
        return width

    def _note_details(self) -> None:
        line = self.lines[self.number]
        self.details += details_tags(self.number, line, len(self.containers))


def _without_closing_hashes(text: str) -> str:
    """The text of a heading without its closing hashes, which need a space before them."""
    bare = text.rstrip("#")
    if bare[-1:] in {"", " ", "\t"}:
        return bare
    return text
