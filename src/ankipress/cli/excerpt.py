"""A line of a source as a terminal shows it: cut around a place, with carets below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ankipress.cli.columns import clusters, columns

_BEFORE = 40  # columns of a long line that are shown before the place, at most
_TAB = 4
_CUT = "…"
_JOINERS = "\u200c\u200d"  # inside of an emoji, or between letters of Persian or Hindi


class Excerpt(NamedTuple):
    """What is shown of a line, and the carets below it."""

    text: str
    carets: str


class _Cell(NamedTuple):
    """A character as it is shown, where it begins and ends in the line, and its columns."""

    text: str
    start: int
    end: int
    columns: int


def excerpt(line: str, start: int, width: int, limit: int) -> Excerpt:
    """At most `limit` columns of a line around a span, with carets below the text of the span.

    `start` is the 0-based index of its first character, `width` the number of its characters.
    """
    start, end = _within_text(line, start, start + width)
    # Of an endless line, only what can be shown is looked at.
    first = max(0, start - 4 * limit)
    last = start + 4 * limit
    found = _cells(line[first:last], first)
    cut_before, cells = _from_the_left(found, start, end, limit, is_cut=first > 0)
    room = limit - len(cut_before)
    cut_after = ""
    if last < len(line) or sum(each.columns for each in cells) > room:
        cut_after = _CUT
        cells = _fitting(cells, room - 1)
    text = "".join(each.text for each in cells)
    begin = sum(each.columns for each in cells if each.end <= start)
    marked = sum(each.columns for each in cells if each.end > start and each.start < end)
    carets = " " * (len(cut_before) + begin) + "^" * max(1, marked)
    return Excerpt(cut_before + text + cut_after, carets)


def _within_text(line: str, start: int, end: int) -> tuple[int, int]:
    """A span without the spaces at both ends of the line, or as it is where it has nothing else."""
    begin = max(start, len(line) - len(line.lstrip()))
    last = min(end, len(line.rstrip()))
    if begin < last:
        return begin, last
    return start, end


def _cells(text: str, offset: int) -> list[_Cell]:
    """The characters of a text, none of which could command a terminal."""
    cells = []
    column = 0
    for cluster in clusters(text):
        shown = _visible(cluster, column)
        width = columns(shown)
        cells.append(_Cell(shown, offset, offset + len(cluster), width))
        offset += len(cluster)
        column += width
    return cells


def _visible(cluster: str, column: int) -> str:
    """A character as it is shown in a column."""
    if cluster == "\t":
        return " " * (_TAB - column % _TAB)
    if cluster.isprintable():
        return cluster
    shown = ""
    for each in cluster:
        is_joiner = each in _JOINERS and not cluster[0].isascii() and shown != ""
        if each.isprintable() or is_joiner:
            shown += each
        else:
            shown += "\N{REPLACEMENT CHARACTER}"
    return shown


def _from_the_left(
    cells: Sequence[_Cell],
    start: int,
    end: int,
    limit: int,
    *,
    is_cut: bool,
) -> tuple[str, Sequence[_Cell]]:
    """The cells that are shown, with those behind the place still all there, and the mark of a cut
    before them.
    """
    total = sum(each.columns for each in cells)
    reach = sum(each.columns for each in cells if each.start < end)
    if not is_cut and (total <= limit or reach < limit):
        return "", cells
    before = min(_BEFORE, limit // 3)
    behind = sum(each.columns for each in cells if each.end > start)
    before = max(before, limit - 1 - behind)
    first = len(cells)
    used = 0
    while first > 0 and cells[first - 1].end > start:
        first -= 1
    while first > 0 and used + cells[first - 1].columns <= before:
        first -= 1
        used += cells[first].columns
    if first == 0 and not is_cut:
        return "", cells
    return _CUT, cells[first:]


def _fitting(cells: Sequence[_Cell], room: int) -> Sequence[_Cell]:
    """As many of the first cells as fit."""
    used = 0
    for number, each in enumerate(cells):
        used += each.columns
        if used > room:
            return cells[:number]
    return cells
