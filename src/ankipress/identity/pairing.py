"""Who belongs to whom: the best assignment over the candidate pairs, and how sure each pair of it
is.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

# row -> column -> what the pair is worth; only what is worth something
Gains = Mapping[int, Mapping[int, float]]

_WORK_LIMIT = 2_000_000  # rows times pairs of one component; beyond it, the best pairs first


@dataclass(frozen=True, slots=True)
class Assigned:
    """A pair of the best assignment and its regret: how much the total would lose without it, with
    the best other use of both.
    """

    row: int
    column: int
    regret: float
    rivals: tuple[int, ...]  # other columns that the row could have instead, the most likely first


def assign(
    gains: Gains,
    interchangeable: Callable[[int, int], bool],
) -> list[Assigned]:
    """The assignment with the greatest total gain, each row and column used at most once.

    `interchangeable(column, other)` says that it makes no difference which of two columns a row
    gets: such a rival is no doubt. Exact in each connected component; in one too large for that,
    the best pairs are taken first.
    """
    pairs: dict[int, int] = {}
    for component in _components(gains):
        pairs.update(_solve(component))
    judge = _Judge(gains, pairs, interchangeable)
    ordered = sorted(pairs.items())
    return [judge.judge(row, column) for row, column in ordered]


def _components(gains: Gains) -> list[dict[int, Mapping[int, float]]]:
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, columns in gains.items():
        for column in columns:
            rows_of[column].append(row)
    seen: set[int] = set()
    components = []
    for start in sorted(gains):
        if start in seen:
            continue
        seen.add(start)
        component = {}
        queue = [start]
        while queue:
            row = queue.pop()
            component[row] = gains[row]
            for column in gains[row]:
                fresh = [other for other in rows_of.pop(column, ()) if other not in seen]
                seen.update(fresh)
                queue += fresh
        components.append(component)
    return components


def _solve(component: Gains) -> dict[int, int]:
    pairs = sum(map(len, component.values()))
    if len(component) == 1 or len(component) * pairs > _WORK_LIMIT:
        return _best_first(component)
    return _Paths(component).solve()


def _best_first(component: Gains) -> dict[int, int]:
    order = sorted(
        (-gain, row, column)
        for row, columns in component.items()
        for column, gain in columns.items()
    )
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, row, column in order:
        if row not in pairs and column not in used:
            pairs[row] = column
            used.add(column)
    return pairs


class _Paths:
    """Shortest augmenting paths with potentials (Jonker and Volgenant 1987), on a sparse graph.

    Each row may also stay alone, at no gain: a column of its own, numbered below zero.
    """

    def __init__(self, component: Gains) -> None:
        self._costs: dict[int, dict[int, float]] = {}
        for row, columns in sorted(component.items()):
            costs = {column: -columns[column] for column in sorted(columns)}
            costs[-1 - row] = 0.0
            self._costs[row] = costs
        self._row_price = dict.fromkeys(self._costs, 0.0)
        self._column_price: dict[int, float] = defaultdict(float)
        self._row_of: dict[int, int] = {}
        self._column_of: dict[int, int] = {}

    def solve(self) -> dict[int, int]:
        for row in self._costs:
            self._augment(row)
        return {row: column for row, column in self._column_of.items() if column >= 0}

    def _augment(self, start: int) -> None:
        prices = self._column_price
        self._row_price[start] = min(
            cost - prices[column] for column, cost in self._costs[start].items()
        )
        distance: dict[int, float] = {}
        came_from: dict[int, int] = {}
        settled: dict[int, float] = {}
        heap: list[tuple[float, int]] = []
        row = start
        base = 0.0
        while True:
            for column, cost in self._costs[row].items():
                reach = base + cost - self._row_price[row] - prices[column]
                if column not in settled and reach < distance.get(column, inf):
                    distance[column] = reach
                    came_from[column] = row
                    heapq.heappush(heap, (reach, column))
            base, column = heapq.heappop(heap)
            while column in settled:
                base, column = heapq.heappop(heap)
            if column not in self._row_of:
                break
            settled[column] = base
            row = self._row_of[column]
        self._reprice(start, settled, base)
        self._take_path(start, column, came_from)

    def _reprice(
        self,
        start: int,
        settled: Mapping[int, float],
        reached: float,
    ) -> None:
        for column, distance in settled.items():
            self._column_price[column] -= reached - distance
            self._row_price[self._row_of[column]] += reached - distance
        self._row_price[start] += reached

    def _take_path(
        self,
        start: int,
        column: int,
        came_from: Mapping[int, int],
    ) -> None:
        """Give each row on the path the column after it, from the end to the start."""
        while True:
            row = came_from[column]
            previous = self._column_of.get(row)
            self._row_of[column] = row
            self._column_of[row] = column
            if row == start or previous is None:
                return
            column = previous


class _Judge:
    """Says how sure a pair is: what the best change of one step (drop, move, be taken, swap) would
    cost the total.
    """

    def __init__(
        self,
        gains: Gains,
        pairs: Mapping[int, int],
        interchangeable: Callable[[int, int], bool],
    ) -> None:
        self._gains = gains
        self._interchangeable = interchangeable
        self._row_of = {column: row for row, column in pairs.items()}
        # What a column is worth to the row that wants it most, of those that have none.
        self._free_taker: dict[int, float] = defaultdict(float)
        for row, columns in gains.items():
            if row not in pairs:
                for column, gain in columns.items():
                    known = self._free_taker[column]
                    self._free_taker[column] = max(gain, known)

    def judge(self, row: int, column: int) -> Assigned:
        gain = self._gains[row][column]
        regret = gain - self._free_taker[column]
        rivals = []
        for other, worth in self._gains[row].items():
            if other == column:
                continue
            cost = gain
            if not self._interchangeable(column, other):
                cost = self._cost_of_change(row, column, other)
            regret = min(regret, cost)
            rivals.append((cost, -worth, other))
        ranked = tuple(other for _, _, other in sorted(rivals))
        return Assigned(row, column, max(0.0, regret), ranked)

    def _cost_of_change(
        self,
        row: int,
        column: int,
        other: int,
    ) -> float:
        """What it costs that the row takes another column, and the column goes to whoever wants it
        most.
        """
        gain = self._gains[row][column]
        worth = self._gains[row][other]
        taker = self._free_taker[column]
        owner = self._row_of.get(other)
        if owner is None:
            return gain - worth - taker
        loss = self._gains[owner][other]
        swapped = self._gains[owner].get(column, 0.0)
        return gain + loss - worth - max(swapped, taker)
