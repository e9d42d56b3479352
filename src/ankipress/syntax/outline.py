"""The outline of a Markdown file: its headings and rules, as CommonMark sees them.

What stands inside fences, lists, quotes, HTML blocks, comments and an open `<details>` is no part
of the outline. One pass over the lines, by the algorithm of CommonMark's appendix: each line first
goes on with the open lists and quotes, then may open new ones, and what is left belongs to one open
block of text at most. The law that this finds what a CommonMark parser finds is tested against one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ankipress.syntax.details import Tag, details_tags, matched_details
from ankipress.syntax.html_blocks import BLANK, end_of_html
from ankipress.syntax.link_definitions import end_of_definitions


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level from 1 to 6, its Markdown, the 0-based line it starts on and the one
    after its end.
    """

    level: int
    text: str
    start: int
    end: int
    underlined: bool = False


@dataclass(slots=True)
class Outline:
    """What stands at the outermost level of a file. Lines are 0-based.

    `dashes` are the lines `---`, which may end a question; other rules are of no account here.
    `open_fence` is the line of a fence that never ends, `open_details` those of `<details>` that
    never end.
    """

    headings: list[Heading] = field(default_factory=list)
    dashes: list[int] = field(default_factory=list)
    open_fence: int | None = None
    open_details: list[int] = field(default_factory=list)


_HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*))?$")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_UNDERLINE = re.compile(r"(?:=+|-+) *$")
_RULE = re.compile(r"([-*_])(?: *\1){2}")
_ITEM = re.compile(r"(?:[-+*]|([0-9]{1,9})[.)])( +|$)")
_MARKS = frozenset("#`~<=-*_>+0123456789")  # a line that starts with none of these starts no block
_NOT_PLAIN = frozenset({*_MARKS, *" \t\f\v"})
_SPACES = re.compile(" *")
_QUOTE = 0  # in place of the width of a list item


def outline(lines: Sequence[str]) -> Outline:
    """The outline of a file, given its lines without their ends."""
    scanner = _Scanner(lines)
    for number, line in enumerate(lines):
        scanner.read(number, line)
    return scanner.finished()


class _Scanner:
    """The state between two lines, and of the line that is read. At most one of `paragraph`,
    `fence` and `html_end` is set.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.outline = Outline()
        self.details: list[Tag] = []
        self.containers: list[
            int
        ] = []  # the open lists and quotes: for an item, the columns by which its content is indented
        self.item_is_empty = False  # the innermost item has nothing in it yet
        self.paragraph: int | None = (
            None  # the line on which an open paragraph began, at whatever depth
        )
        self.fence = ""  # the marks that opened an open fence
        self.html_end: re.Pattern[str] | None = None
        self.number = self.position = self.start = (
            0  # the line, what of it has been read, and where its next text starts
        )
        self.line = ""
        # The column from which the line holds one mark and spaces only, -1 where that is not known
        # yet.
        self.rules_from = -1

    def read(self, number: int, line: str) -> None:
        """Take the next line. Its tabs are expanded, so that an index is a column."""
        if not self.containers and self._is_passed_over(number, line):
            return
        self.number, self.line = number, line.expandtabs(4)
        self.position, self.start = 0, len(self.line) - len(self.line.lstrip(" "))
        self.rules_from = -1
        depth = self._continued() if self.containers else 0
        inside = depth == len(self.containers)
        if inside and self.fence:
            self._go_on_in_fence()
        elif inside and self.html_end is not None:
            self._go_on_in_html()
        elif self.start == len(self.line):
            self._end_blocks(depth)
        else:
            self._read_text(depth)

    def _is_passed_over(self, number: int, line: str) -> bool:
        """Take a line that plainly starts and ends nothing, as most do: one of open code, one of
        text, or none.
        """
        if self.fence:
            return self.fence[0] not in line
        if self.html_end is not None:
            return False
        if not line:
            self.paragraph = None
            return True
        if line[0] in _NOT_PLAIN:
            return False
        if self.paragraph is None:
            self.paragraph = number
        if "<" in line:
            self.details += details_tags(number, line)
        return True

    def _move(self, position: int) -> None:
        self.position = position
        self.start = _SPACES.match(self.line, position).end()  # type: ignore[union-attr]

    def _continued(self) -> int:
        """The number of open containers that the line goes on with; the line is read up to behind
        their marks.
        """
        if self.start == len(
            self.line
        ):  # an empty line goes on with items, unless they are empty too
            return (
                self.containers.index(_QUOTE)
                if _QUOTE in self.containers
                else len(self.containers) - self.item_is_empty
            )
        for depth, width in enumerate(self.containers):
            if width == _QUOTE:
                if self.start - self.position > 3 or not self.line.startswith(">", self.start):
                    return depth
                self._enter_quote()
            elif self.start - self.position >= width:
                self.position += width
            else:
                return depth
        return len(self.containers)

    def _enter_quote(self) -> None:
        self._move(self.start + 1 + self.line.startswith(" ", self.start + 1))

    def _go_on_in_fence(self) -> None:
        mark = self.line[self.start :].rstrip(" ")
        if (
            mark.startswith(self.fence)
            and not mark.strip(self.fence[0])
            and self.start - self.position < 4
        ):
            self.fence = ""

    def _go_on_in_html(self) -> None:
        assert self.html_end is not None
        if self.html_end is BLANK:
            self._note_details()
        is_end = (
            self.start == len(self.line)
            if self.html_end is BLANK
            else self.html_end.search(self.line, self.start)
        )
        self.html_end = None if is_end else self.html_end

    def _end_blocks(self, depth: int) -> None:
        """End the open block of text, and the containers from some depth on."""
        del self.containers[depth:]
        self.paragraph, self.fence, self.html_end = None, "", None

    def _read_text(self, depth: int) -> None:
        """Take the rest of a line that is not empty: it starts blocks, goes on with a paragraph, or
        begins one.
        """
        self.item_is_empty = False
        while self.start - self.position < 4 and self.line[self.start] in _MARKS:
            inside = depth == len(self.containers)
            in_paragraph = inside and self.paragraph is not None
            if self._leaf(depth, in_paragraph=in_paragraph):
                return
            width = self._container(in_paragraph=in_paragraph)
            if width is None:
                break
            self._end_blocks(depth)
            self.containers.append(width)
            depth += 1
            self.item_is_empty = self.start == len(self.line)
            if self.item_is_empty:
                return
        if self.paragraph is None:
            self._end_blocks(depth)
            self.paragraph = self.number if self.start - self.position < 4 else None
        if self.paragraph is not None:
            self._note_details()

    def _leaf(self, depth: int, *, in_paragraph: bool) -> bool:
        """Take a heading, fence, HTML or rule, and say whether there was one."""
        first = self.line[self.start]
        if first == "#":
            return self._heading(depth)
        if first in "`~":
            return self._fenced(depth)
        if first == "<":
            return self._html(depth)
        if in_paragraph and _UNDERLINE.match(self.line, self.start) and self._underlined(depth):
            return True
        return first in "-*_" and self._rule(depth)

    def _heading(self, depth: int) -> bool:
        # The text is that of the line as written: inside a heading, a tab is a tab.
        line, start = (
            (self.lines[self.number].strip(" \t"), 0) if depth == 0 else (self.line, self.start)
        )
        found = _HEADING.match(line, start)
        if found:
            self._end_blocks(depth)
            text = _without_hashes(found[2] or "").strip(" \t")
            self._add_heading(Heading(len(found[1]), text, self.number, self.number + 1))
        return found is not None

    def _add_heading(self, heading: Heading) -> None:
        if not self.containers:
            self.outline.headings.append(heading)

    def _underlined(self, depth: int) -> bool:
        text = "\n".join(self.lines[self.paragraph : self.number])
        start = end_of_definitions(text)
        if start == len(text):
            return False
        first = self.number - text.count("\n", start) - 1
        self._end_blocks(depth)
        text = "\n".join(line.strip(" \t") for line in text[start:].split("\n"))
        level = 1 if self.line[self.start] == "=" else 2
        self._add_heading(Heading(level, text, first, self.number + 1, underlined=True))
        return True

    def _rule(self, depth: int) -> bool:
        if self.rules_from < 0:
            line = self.line.rstrip(" ")
            self.rules_from = len(line.rstrip(line[-1] + " "))
        if self.start < self.rules_from or not _RULE.match(self.line, self.start):
            return False
        self._end_blocks(depth)
        if depth == 0 and self.line.strip(" ") == "---":
            self.outline.dashes.append(self.number)
        return True

    def _fenced(self, depth: int) -> bool:
        found = _FENCE.match(self.line, self.start)
        if found:
            self._end_blocks(depth)
            self.fence = found[1] or found[2]
            if depth == 0:
                self.outline.open_fence = self.number
        return found is not None

    def _html(self, depth: int) -> bool:
        end = end_of_html(self.line, self.start, in_paragraph=self.paragraph is not None)
        if end is None:
            return False
        self._end_blocks(depth)
        if end is BLANK:
            self._note_details()
        self.html_end = end if end is BLANK or not end.search(self.line, self.start) else None
        return True

    def _container(self, *, in_paragraph: bool) -> int | None:
        """Read the mark of a quote or a list item, and return the width of the container; None
        where there is no mark.
        """
        if self.line[self.start] == ">":
            self._enter_quote()
            return _QUOTE
        found = _ITEM.match(self.line, self.start)
        is_empty = found is not None and found.end() == len(self.line)
        if found is None or (in_paragraph and (is_empty or int(found[1] or 1) != 1)):
            return None
        spaces = len(found[2])
        width = found.start(2) - self.position + (spaces if spaces <= 4 and not is_empty else 1)
        self._move(min(self.position + width, len(self.line)))
        return width

    def _note_details(self) -> None:
        if not self.containers:
            self.details += details_tags(self.number, self.line)

    def finished(self) -> Outline:
        """The outline, when the last line has been read."""
        if not self.fence or self.containers:
            self.outline.open_fence = None
        ranges, self.outline.open_details = matched_details(self.details)
        if ranges:
            # A heading or rule inside an open <details> is part of what opens there.
            hidden = {number for start, end in ranges for number in range(start + 1, end)}
            self.outline.headings = [
                each for each in self.outline.headings if each.start not in hidden
            ]
            self.outline.dashes = [each for each in self.outline.dashes if each not in hidden]
        return self.outline


def _without_hashes(text: str) -> str:
    """The text of a heading without the hashes that close it: they have a space before them, or
    stand alone.
    """
    bare = text.rstrip("#")
    return bare if bare[-1:] in {"", " ", "\t"} else text
