"""Lines with a separator between a question and its answer, and what is no such line: code,
formulas, deletions, properties, and names such as `std::vector`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ankipress.model import Separators
from ankipress.parse.shapes.shaped_file import ShapedFile

_ITEM = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,4}[.)])[ \t]+(?:\[.\][ \t]+)?|#{1,6}[ \t]+)?")
_TARGET = re.compile(
    r"(?:TARGET DECK|FILE TAGS)\b|(?:cards-deck|cards-tags|tags)[ \t]*:", re.IGNORECASE
)
# A property of Logseq or Dataview: a key without spaces at the start of its line.
_PROPERTY = re.compile(r"[ \t]*(?:[-*+][ \t]+)?[A-Za-z0-9_\-./]+::(?=[ \t]|$)")
_HIDDEN = re.compile(
    r"(?<!`)(?P<marks>`+)(?!`).+?(?<!`)(?P=marks)(?!`)|\$\$.+?\$\$|\$[^$\n]+\$"
    r"|\{\{(?:(?!\{\{).)*?\}\}|<!--(?:(?!<!--).)*?-->|%%.*?%%"
    r"|!?\[\[[^\[\]]*\]\]|\[[\w /-]+::[^\[\]]*\]|\([\w /-]+::[^()]*\)"
    r"|\]\([^()\s]*\)|<?\bhttps?://\S+"
)
_BEFORE = re.compile(r"[A-Za-z_][\w:]*$", re.ASCII)
_BEHIND = re.compile(r"~?[A-Za-z_][\w:]*(?P<call>\(\)|<)?", re.ASCII)
_LONGEST = 100  # characters of a name that are looked at
_NAMESPACES = frozenset("absl ax boost chrono core crate detail self std stdx super".split())


@dataclass(frozen=True, slots=True)
class LineCard:
    """Offsets of a question and of its answer, and the 0-based lines of both."""

    question: tuple[int, int]
    answer: tuple[int, int]
    line: int
    end: int
    is_both_ways: bool


def separated(
    file: ShapedFile,
    lines: Sequence[int],
    separators: Separators,
) -> Iterator[LineCard]:
    """The cards of lines with separators, and of the paragraphs around lines of separators."""
    around = dict(around_lines(file, lines, separators))
    for line in lines:
        card = around.get(line) or on_line(file, line, separators)
        if card:
            yield card


def on_line(
    file: ShapedFile,
    line: int,
    separators: Separators,
    *,
    is_strict: bool = False,
) -> LineCard | None:
    """The card on a line, None for a line that is none. A strict reading takes no text such as
    `A::B` for one.
    """
    text = file.body[line]
    if _TARGET.match(text) or _PROPERTY.match(text):
        return None
    marks = [(mark, True) for mark in separators.both_ways]
    marks += [(mark, False) for mark in separators.one_way]
    marks.sort(key=lambda each: -len(each[0]))
    for mark, is_both_ways in marks:
        at = _place_of(text, mark, is_strict=is_strict)
        if at is None:
            continue
        first = 0
        if begin := _ITEM.match(text):
            first = begin.end()
        behind = text[at + len(mark) :]
        last = len(text) - len(behind.lstrip())
        if text[first:at].strip() and last < len(text):
            start = file.offset(line)
            question = (start + first, start + at)
            answer = (start + last, start + len(text))
            return LineCard(question, answer, line, line + 1, is_both_ways)
    return None


def _place_of(
    text: str,
    mark: str,
    *,
    is_strict: bool,
) -> int | None:
    """Where a separator stands first on a line: outside code, formulas, deletions and names."""
    at = text.find(mark)
    if at < 0:
        return None
    hidden = [each.span() for each in _HIDDEN.finditer(text)]
    while at >= 0:
        before = bisect_right(hidden, (at, len(text)))
        is_hidden = before > 0 and at < hidden[before - 1][1]
        if not is_hidden and not _is_in_name(text, at, mark, is_strict=is_strict):
            return at
        at = text.find(mark, at + len(mark))
    return None


def _is_in_name(
    text: str,
    at: int,
    mark: str,
    *,
    is_strict: bool,
) -> bool:
    """Whether a separator is a part of a name in code: `std::vector`, `a::b::c`, `Vec::new()`."""
    if mark != "::":
        return False
    behind = at + len(mark)
    before = text[max(0, at - _LONGEST) : at]
    left = _BEFORE.search(before)
    right = _BEHIND.match(text, behind, behind + _LONGEST)
    if left is None or right is None:
        return False
    if is_strict or right["call"] or text[behind] == "~":
        return True
    return left[0] in _NAMESPACES or "::" in left[0] or "::" in right[0]


def around_lines(
    file: ShapedFile,
    lines: Sequence[int],
    separators: Separators,
) -> Iterator[tuple[int, LineCard]]:
    """Those of some lines that are a separator, each with the card whose question stands above it,
    and whose answer stands below it.
    """
    both_ways = {separators.below: False, separators.below_both_ways: True}
    both_ways.pop("", None)
    marks = [line for line in lines if file.body[line].strip() in both_ways]
    first = 0
    for line, following in pairwise([*marks, len(file.body)]):
        start, end = line, line + 1
        while start > first and file.body[start - 1].strip():
            start -= 1
        while end < following and file.body[end].strip():
            end = file.code_blocks.get(end, end + 1)
        first = line + 1
        if start == line or end == line + 1:
            continue
        first = end
        question = (file.offset(start), file.offset(line) - 1)
        answer = (file.offset(line + 1), file.offset(end))
        is_both_ways = both_ways[file.body[line].strip()]
        yield line, LineCard(question, answer, start, end, is_both_ways)
