"""Merging three versions of a list of pieces: as it was, as it is here, and as it is there.

Both sides are read as changes of spans of the base. Changes of different spans are all made. Where
spans overlap, and the two sides do not say the same, nobody but an author can tell.
"""

from __future__ import annotations

from collections import deque
from collections.abc import (
    Callable,
    Hashable,
    Iterator,
    Sequence,
)
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Any

Piece = Hashable
Span = tuple[int, int]
"""The numbers of the first piece and of the one behind the last."""

Likeness = Callable[[Any, Any], float]

_MOST_ALIGNED = 400
_LEAST_ALIKE = 0.3
_MOST_COMPARED = 250_000  # pairs of pieces: what is longer is compared by its ends alone


def _unlike(_one: object, _other: object) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a merged list: the spans of the three versions that correspond to each other.

    `is_here` and `is_there` tell that it changed on that side. It is in conflict where both are
    set: the two sides then differ.
    """

    base: Span
    here: Span
    there: Span
    is_here: bool = False
    is_there: bool = False

    @property
    def is_conflict(self) -> bool:
        """Whether both sides changed it, to something else."""
        return self.is_here and self.is_there


@dataclass(frozen=True, slots=True)
class _SpanChange:
    """A span of the base in place of which a side has a span of its own."""

    base: Span
    side: Span


def merged_stretches(
    base: Sequence[Piece],
    here: Sequence[Piece],
    there: Sequence[Piece],
    likeness: Likeness = _unlike,
) -> Sequence[Stretch]:
    """All of three versions in stretches, in order.

    Pieces that are equal are the same piece. Of those that were changed, the ones that are most
    alike by `likeness`, from 0 to 1, are taken for the same.
    """
    changes_here = deque(_changes(base, here, likeness))
    changes_there = deque(_changes(base, there, likeness))
    found: list[Stretch] = []
    done = _Position(0, 0, 0)
    while changes_here or changes_there:
        group_here, group_there = _next_group(changes_here, changes_there)
        start = min(each.base[0] for each in (*group_here, *group_there))
        end = max(each.base[1] for each in (*group_here, *group_there))
        if start > done.base:
            stable, done = done.stretch_to(start)
            found.append(stable)
        here_end = done.here + _length(group_here, start, end)
        there_end = done.there + _length(group_there, start, end)
        here_span = (done.here, here_end)
        there_span = (done.there, there_end)
        is_same = here[slice(*here_span)] == there[slice(*there_span)]
        found.append(
            Stretch(
                (start, end),
                here_span,
                there_span,
                is_here=bool(group_here),
                is_there=bool(group_there) and not (group_here and is_same),
            )
        )
        done = _Position(end, here_end, there_end)
    if done.base < len(base):
        found.append(done.stretch_to(len(base))[0])
    return found


@dataclass(frozen=True, slots=True)
class _Position:
    """How far each version has been read."""

    base: int
    here: int
    there: int

    def stretch_to(self, base_end: int) -> tuple[Stretch, _Position]:
        """The stretch up to a piece of the base in which nothing changed, and where it ends."""
        length = base_end - self.base
        end = _Position(base_end, self.here + length, self.there + length)
        stretch = Stretch((self.base, end.base), (self.here, end.here), (self.there, end.there))
        return stretch, end


def _length(
    changes: Sequence[_SpanChange],
    start: int,
    end: int,
) -> int:
    """How many pieces a side has for a span of the base."""
    grown = sum(each.side[1] - each.side[0] - (each.base[1] - each.base[0]) for each in changes)
    return end - start + grown


def _next_group(
    here: deque[_SpanChange],
    there: deque[_SpanChange],
) -> tuple[Sequence[_SpanChange], Sequence[_SpanChange]]:
    """Take off the first change, and every other one that overlaps with it."""
    group_here: list[_SpanChange] = []
    group_there: list[_SpanChange] = []
    if not there or (here and here[0].base <= there[0].base):
        group_here.append(here.popleft())
        span = group_here[0].base
    else:
        group_there.append(there.popleft())
        span = group_there[0].base
    is_growing = True
    while is_growing:
        is_growing = False
        for waiting, group in ((here, group_here), (there, group_there)):
            while waiting and _overlap(span, waiting[0].base):
                taken = waiting.popleft()
                group.append(taken)
                span = (min(span[0], taken.base[0]), max(span[1], taken.base[1]))
                is_growing = True
    return group_here, group_there


def _overlap(one: Span, other: Span) -> bool:
    """Whether two changes concern the same pieces, or put something in at the same place."""
    if one == other:
        return True
    return one[0] < other[1] and other[0] < one[1]


def _changes(
    base: Sequence[Piece],
    side: Sequence[Piece],
    likeness: Likeness,
) -> Iterator[_SpanChange]:
    """What a side changed, each piece by itself as far as it can be known again."""
    for tag, base_start, base_end, start, end in _opcodes(base, side):
        if tag == "equal":
            continue
        for pair in _pairs((base_start, base_end), (start, end), base, side, likeness):
            yield from _pieces_before(base_start, pair[0], start, pair[1])
            base_start, start = pair[0] + 1, pair[1] + 1  # noqa: PLW2901
            yield _SpanChange((pair[0], base_start), (pair[1], start))
        yield from _pieces_before(base_start, base_end, start, end)


def _pieces_before(
    base_start: int,
    base_end: int,
    start: int,
    end: int,
) -> Iterator[_SpanChange]:
    """The change of what stands between pieces that are known again: of as many pieces as before,
    each by itself.
    """
    if base_end - base_start == end - start:
        for number in range(end - start):
            before = base_start + number
            after = start + number
            yield _SpanChange((before, before + 1), (after, after + 1))
    else:
        yield _SpanChange((base_start, base_end), (start, end))


def _pairs(
    base_span: Span,
    side_span: Span,
    base: Sequence[Piece],
    side: Sequence[Piece],
    likeness: Likeness,
) -> Sequence[tuple[int, int]]:
    """The numbers of pieces of the base, and of those of a side that they became, in order: those
    that are most alike in all.
    """
    rows = range(*base_span)
    columns = range(*side_span)
    if len(rows) * len(columns) > _MOST_ALIGNED:
        return ()
    # The best sum for the pieces before each place, and the pairs that give it.
    above: list[tuple[float, tuple[tuple[int, int], ...]]] = [(0.0, ())] * (len(columns) + 1)
    for row in rows:
        line = [above[0]]
        for place, column in enumerate(columns):
            best = max(above[place + 1], line[place], key=itemgetter(0))
            like = likeness(base[row], side[column])
            total, pairs = above[place]
            if like >= _LEAST_ALIKE and total + like > best[0]:
                best = total + like, (*pairs, (row, column))
            line.append(best)
        above = line
    return above[-1][1]


def _opcodes(
    base: Sequence[Piece],
    side: Sequence[Piece],
) -> Sequence[tuple[str, int, int, int, int]]:
    if len(base) * len(side) <= _MOST_COMPARED:
        return SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    start = 0
    shortest = min(len(base), len(side))
    while start < shortest and base[start] == side[start]:
        start += 1
    end = 0
    while end < shortest - start and base[-1 - end] == side[-1 - end]:
        end += 1
    return [("replace", start, len(base) - end, start, len(side) - end)]
