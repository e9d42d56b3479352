"""A line of a source as a terminal shows it: cut around a place, with carets below it."""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ankipress.cli.columns import clusters, columns
from ankipress.visible_text import on_one_line

_BEFORE = 40  # columns of a long line that are shown before the place, at most
_TAB = 4
_CUT = "…"
_REACH = 4  # times the limit: of an endless line, only what can be shown is looked at


class Excerpt(NamedTuple):
    """What is shown of a line, and the carets below it."""

    text: str
    carets: str


class _Cells(NamedTuple):
    """The characters of a part of a line as they are shown, and where each begins and ends in the
    line. `edges` are the columns before each, and at last those of all.
    """

    texts: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    edges: Sequence[int]


def excerpt(line: str, start: int, width: int, limit: int) -> Excerpt:
    """At most `limit` columns of a line around a span, with carets below the text of the span.

    `start` is the 0-based index of its first character, `width` the number of its characters.
    """
    start, end = _within_text(line, start, start + width)
    # Places that are near each other look at the same part, which is read once.
    size = _REACH * limit
    part = start // size
    before = max(0, part - 1)
    first = before * size
    last = (part + 2) * size
    cells = _cells(line, first, last)
    begin = bisect_right(cells.ends, start)
    behind = bisect_left(cells.starts, end)
    left = _left(cells, begin, behind, limit, is_cut=first > 0)
    cut_before = ""
    if left or first:
        cut_before = _CUT
    right = len(cells.texts)
    room = cells.edges[left] + limit - len(cut_before)
    cut_after = ""
    if last < len(line) or cells.edges[-1] > room:
        cut_after = _CUT
        right = bisect_right(cells.edges, room - 1) - 1
    text = "".join(cells.texts[left:right])
    carets = _carets(
        cells.edges[left : right + 1],
        begin - left,
        behind - left,
    )
    return Excerpt(
        cut_before + text + cut_after,
        " " * len(cut_before) + carets,
    )


def _carets(edges: Sequence[int], begin: int, behind: int) -> str:
    """Carets below some of the cells that are shown, and one at least."""
    last = len(edges) - 1
    start = edges[max(0, min(begin, last))]
    end = edges[max(0, min(behind, last))]
    indent = start - edges[0]
    marked = max(1, end - start)
    return " " * indent + "^" * marked


def _within_text(line: str, start: int, end: int) -> tuple[int, int]:
    """A span without the spaces at both ends of the line, or as it is where it has nothing else."""
    text_start, text_end = _text_of(line)
    begin = max(start, text_start)
    last = min(end, text_end)
    if begin < last:
        return begin, last
    return start, end


@functools.lru_cache(maxsize=8)
def _text_of(line: str) -> tuple[int, int]:
    """Where a line's text begins and ends. A line with many problems is looked at once."""
    return len(line) - len(line.lstrip()), len(line.rstrip())


@functools.lru_cache(maxsize=8)
def _cells(line: str, first: int, last: int) -> _Cells:
    """The characters of a part of a line, none of which could command a terminal."""
    texts = list[str]()
    starts = list[int]()
    ends = list[int]()
    edges = [0]
    offset = first
    for cluster in clusters(line[first:last]):
        shown = cluster
        width = 1
        if not (cluster.isascii() and cluster.isprintable()):
            shown = _shown(cluster, edges[-1])
            width = columns(shown)
        texts.append(shown)
        starts.append(offset)
        offset += len(cluster)
        ends.append(offset)
        edges.append(edges[-1] + width)
    return _Cells(texts, starts, ends, edges)


def _shown(cluster: str, column: int) -> str:
    """A character as it is shown in a column."""
    if cluster == "\t":
        return " " * (_TAB - column % _TAB)
    return on_one_line(cluster)


def _left(cells: _Cells, begin: int, behind: int, limit: int, *, is_cut: bool) -> int:
    """The first cell that is shown. The line begins with it where nothing has to be cut."""
    edges = cells.edges
    total = edges[-1]
    if not is_cut and (total <= limit or edges[behind] < limit):
        return 0
    before = min(_BEFORE, limit // 3)
    before = max(before, limit - 1 - (total - edges[begin]))
    return bisect_left(edges, edges[begin] - before)
