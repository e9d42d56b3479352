"""Two commands of the table in `writing.py` at once in one project, and what must hold afterwards:
what one after the other would have given, or one of them has refused.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path

from killed_writing import driven, ended, moments_in, started
from killing import NEVER
from writing import WRITING, Place, State, Writing, prepared

_LONGEST_DELAY = 0.6  # seconds
_PATIENCE = 2.0  # seconds that a command is stopped for, while the other one may wait for it
_CLEAR = re.compile(r"(?m)^(?:\S+: )?error\[[a-z-]+\]: ")

Done = subprocess.CompletedProcess[str]


def all_pairs() -> list[tuple[Writing, Writing]]:
    """Every two commands of the table, the same one twice too."""
    return list(combinations_with_replacement(WRITING, 2))


@dataclass(frozen=True)
class Meeting:
    """How two commands ended that ran at once: the state is that after both in an order, or that
    after one of them.
    """

    statuses: tuple[int, int]
    refused: str


class Pair:
    """Two commands, their project, and what they give one after the other."""

    def __init__(self, one: Writing, other: Writing, folder: Path, shared: Path) -> None:
        self._place = folder / "meeting"
        self._start = prepared([one, other], folder / "start", shared)
        self._both = (one.words(self._start), other.words(self._start))
        halves = (one.halves(self._start), other.halves(self._start))
        self._moments: list[range] = []
        self._alone: list[State] = []
        self._in_order: list[State] = []
        for first, second in ((0, 1), (1, 0)):
            self._run_in_order(self._both[first], self._both[second])
            for half in halves[first]:
                self._run_in_parts([half, self._both[second]], self._both[first])
                self._run_in_parts([self._both[second], half], self._both[first])

    def _run_in_order(self, first: Sequence[str], second: Sequence[str]) -> None:
        place = self._start.copy_to(self._place)
        done = ended(driven(place, first, NEVER, 0))
        last, _, begins = moments_in(done.stderr)
        self._moments.append(range(begins, last + 1))
        self._alone.append(place.state())
        place.run(second)
        self._in_order.append(place.state())

    def _run_in_parts(self, parts: Sequence[Sequence[str]], rest: Sequence[str]) -> None:
        """What is left where a command stops half way, and where the other one comes between."""
        place = self._start.copy_to(self._place)
        for words in parts:
            place.run(words)
        self._in_order.append(place.state())
        place.run(rest)
        self._in_order.append(place.state())

    def meet(self, chance: random.Random, *, stops: bool) -> Meeting:
        """Run both at once. One begins a little later; or one is stopped at a line of the modules
        that write, until the other one has ended or waits.
        """
        place = self._start.copy_to(self._place)
        order = [0, 1]
        chance.shuffle(order)
        if stops:
            moment = chance.choice(self._moments[order[0]])
            found = self._stop_one(place, order, moment)
        else:
            found = self._delay_one(place, order, chance.uniform(0, _LONGEST_DELAY))
        done = (found[order.index(0)], found[order.index(1)])
        return self._look(place, done)

    def _delay_one(self, place: Place, order: Sequence[int], seconds: float) -> list[Done]:
        processes = []
        for number in order:
            processes.append(started(place, ["-m", "ankipress", *self._both[number]]))
            time.sleep(seconds)
            seconds = 0
        return [ended(process) for process in processes]

    def _stop_one(self, place: Place, order: Sequence[int], moment: int) -> list[Done]:
        first = driven(place, self._both[order[0]], moment, signal.SIGSTOP)
        try:
            os.waitid(os.P_PID, first.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            second = started(place, ["-m", "ankipress", *self._both[order[1]]])
            with suppress(subprocess.TimeoutExpired):
                second.wait(_PATIENCE)
        finally:
            first.send_signal(signal.SIGCONT)  # else it would stay for ever after Ctrl-C
        return [ended(first), ended(second)]

    def _look(self, place: Place, done: tuple[Done, Done]) -> Meeting:
        state = place.state()
        told = "\n".join(f"{each.returncode}: {each.stderr}" for each in done)
        assert "Traceback" not in told, told
        assert "this is a bug" not in told, told
        for each in done:
            # What `ankipress ids` asks is its result, and so on the standard output.
            assert each.returncode == 0 or _CLEAR.search(each.stderr + each.stdout), told
        assert place.leftovers() == [], told
        statuses = (done[0].returncode, done[1].returncode)
        if state in self._in_order:
            return Meeting(statuses, "")
        for number, other in ((0, 1), (1, 0)):
            if done[number].returncode and state == self._alone[other]:
                return Meeting(statuses, done[number].stderr)
        differences = [state.difference(each) for each in (*self._in_order, *self._alone)]
        raise AssertionError(f"no order gives this: {differences}\n{told}")
