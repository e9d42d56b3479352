"""Who belongs to whom: the best assignment over the candidate pairs, and how sure each pair of it
is.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Gains = Mapping[
    int, Mapping[int, float]
]  # row -> column -> what the pair is worth; only what is worth something

_WORK_LIMIT = 2_000_000  # rows times pairs of one component; beyond it, the best pairs first


@dataclass(frozen=True, slots=True)
class Assigned:
    """A pair of the best assignment and its regret: how much the whole would lose without it, swaps
    and drops considered.
    """

    row: int
    column: int
    regret: float
    rivals: tuple[int, ...]  # other columns that the row could have instead, likeliest first


def assign(gains: Gains, interchangeable: Callable[[int, int], bool]) -> list[Assigned]:
    """The assignment with the greatest total gain, each row and column used at most once.

    `interchangeable(column, other)` says that it makes no difference which of two columns a row
    gets: such a rival is no doubt. Exact in each connected component; in one too large for that,
    the best pairs are taken first.
    """
    pairs: dict[int, int] = {}
    for component in _components(gains):
        pairs.update(_solve(component))
    judge = _Judge(gains, pairs, interchangeable)
    return [judge.judge(row, column) for row, column in sorted(pairs.items())]


def _components(gains: Gains) -> list[dict[int, Mapping[int, float]]]:
    rows_of: dict[int, list[int]] = {}
    for row, columns in gains.items():
        for column in columns:
            rows_of.setdefault(column, []).append(row)
    seen: set[int] = set()
    components = []
    for start in sorted(gains):
        if start in seen:
            continue
        seen.add(start)
        component, queue = {}, [start]
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
    if len(component) == 1:
        ((row, columns),) = component.items()
        return {row: min(columns, key=lambda column: (-columns[column], column))} if columns else {}
    if len(component) * sum(map(len, component.values())) > _WORK_LIMIT:
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
        self._costs = {
            row: {**{column: -columns[column] for column in sorted(columns)}, -1 - row: 0.0}
            for row, columns in sorted(component.items())
        }
        self._row_price = dict.fromkeys(self._costs, 0.0)
        self._column_price: dict[int, float] = {}
        self._owner: dict[int, int] = {}
        self._held: dict[int, int] = {}

    def solve(self) -> dict[int, int]:
        for row in self._costs:
            self._augment(row)
        return {row: column for row, column in self._held.items() if column >= 0}

    def _augment(self, start: int) -> None:
        prices = self._column_price
        self._row_price[start] = min(
            cost - prices.get(column, 0.0) for column, cost in self._costs[start].items()
        )
        distance: dict[int, float] = {}
        came_from: dict[int, int] = {}
        settled: dict[int, float] = {}
        heap: list[tuple[float, int]] = []
        row, base = start, 0.0
        while True:
            for column, cost in self._costs[row].items():
                reach = base + cost - self._row_price[row] - prices.get(column, 0.0)
                if column not in settled and reach < distance.get(column, float("inf")):
                    distance[column], came_from[column] = reach, row
                    heapq.heappush(heap, (reach, column))
            base, column = heapq.heappop(heap)
            while column in settled:
                base, column = heapq.heappop(heap)
            if column not in self._owner:
                break
            settled[column] = base
            row = self._owner[column]
        self._reprice(start, settled, base)
        self._turn(start, column, came_from)

    def _reprice(self, start: int, settled: Mapping[int, float], reached: float) -> None:
        for column, distance in settled.items():
            self._column_price[column] = self._column_price.get(column, 0.0) - (reached - distance)
            self._row_price[self._owner[column]] += reached - distance
        self._row_price[start] += reached

    def _turn(self, start: int, column: int, came_from: Mapping[int, int]) -> None:
        while True:
            row = came_from[column]
            previous = self._held.get(row)
            self._owner[column], self._held[row] = row, column
            if row == start or previous is None:
                return
            column = previous


class _Judge:
    """Says how sure a pair is: what the best change of one step (drop, move, be taken, swap) would
    cost the whole.
    """

    def __init__(
        self, gains: Gains, pairs: Mapping[int, int], interchangeable: Callable[[int, int], bool]
    ) -> None:
        self._gains = gains
        self._pairs = pairs
        self._owner = {column: row for row, column in pairs.items()}
        self._interchangeable = interchangeable
        self._free_taker: dict[int, float] = {}
        for row, columns in gains.items():
            if row not in pairs:
                for column, gain in columns.items():
                    self._free_taker[column] = max(gain, self._free_taker.get(column, 0.0))

    def judge(self, row: int, column: int) -> Assigned:
        gain, taker = self._gains[row][column], self._free_taker.get(column, 0.0)
        regret, rivals = gain - taker, []
        for other, worth in self._gains[row].items():
            if other == column:
                continue
            cost = (
                self._cost_of_change(row, column, other)
                if not self._interchangeable(column, other)
                else gain
            )
            regret = min(regret, cost)
            rivals.append((cost, -worth, other))
        return Assigned(row, column, max(0.0, regret), tuple(other for *_, other in sorted(rivals)))

    def _cost_of_change(self, row: int, column: int, other: int) -> float:
        """What it costs that the row takes another column, and the column goes to whoever wants it
        most.
        """
        gain, worth, taker = (
            self._gains[row][column],
            self._gains[row][other],
            self._free_taker.get(column, 0.0),
        )
        owner = self._owner.get(other)
        if owner is None:
            return gain - worth - taker
        return (
            gain
            + self._gains[owner][other]
            - worth
            - max(self._gains[owner].get(column, 0.0), taker)
        )
