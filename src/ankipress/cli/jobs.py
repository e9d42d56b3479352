"""Hands for long work: this process, or several where that is worth their start."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from ankipress.cli.progress import Bar
from ankipress.work import Task

if TYPE_CHECKING:
    from ankipress.cli.helper import Helper

# A process that is forked costs a few milliseconds, one that is started anew imports ankipress
# again: a third of a second.
_FORKS = sys.platform == "linux"
_FEWEST = 400 if _FORKS else 3000
_MUCH = 150_000  # bytes of Markdown: some hundreds of cards
_BATCH = 50  # items: some ten milliseconds
# What Python raises where there are no more processes, or none at all.
_REFUSED = (OSError, RuntimeError, ImportError)


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Jobs:
    """Spreads tasks over some processes, for as long as it is open.

    What was handed in before a first result is asked for is done in one go: first what is asked
    for, then the rest.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._waiting: list[_Load] = []
        self._pool: _Pool | None = None
        self._bar = Bar()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the other processes, whatever they do."""
        if self._pool:
            self._pool.close()
        self._bar.close()

    def prepare(self, size: int) -> None:
        """Start other processes if so many bytes of Markdown are worth them.

        The sooner this is known the better, since each of them is as large as this one is then.
        Where the system lets this one have no others, it does all by itself.
        """
        if size < _MUCH:
            return
        if self._number > 1:
            self._pool = _Pool()  # first, so that an interrupt ends it too
            try:
                self._pool.start(self._number - 1)
            except _REFUSED:
                self._pool = None
        self._bar.begin("Reading")  # after that: what is forked has one thread

    def spread(self, task: Task, items: Sequence[Any]) -> Iterator[str]:
        """The results of a task for many items, in their order."""
        load = _Load(
            task, [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
        )
        self._waiting.append(load)
        self._bar.expect(len(load.batches))
        return self._results(load)

    def _results(self, load: _Load) -> Iterator[str]:
        if load in self._waiting:
            self._waiting.remove(load)
            together = (load, *self._waiting)
            if (
                self._pool
                and sum(each.size for each in together) >= _FEWEST
                and self._pool.take(together)
            ):
                self._waiting = []
        results = (
            self._pool.results(load)
            if self._pool and self._pool.has(load)
            else map(load.task, load.batches)
        )
        for batch in results:
            self._bar.advance()
            yield from batch


@dataclass(eq=False, frozen=True, slots=True)
class _Load:
    """A task for some items."""

    task: Task
    batches: Sequence[Sequence[Any]]

    @property
    def size(self) -> int:
        return sum(map(len, self.batches))


class _Pool:
    """Processes that work on some loads, one after another, and this one with them. They end when
    nothing is left to do.
    """

    def __init__(self) -> None:
        self._helpers: list[Helper] = []
        self._left: dict[_Load, deque[int]] = {}  # the batches whose results nobody has taken yet
        self._not_begun: deque[tuple[_Load, int]] = deque()
        self._done: dict[tuple[_Load, int], Sequence[str]] = {}

    def start(self, number: int) -> None:
        """Begin. Raises one of `_REFUSED`, with no process left behind, where the system does not
        let them start.
        """
        from multiprocessing import get_context  # noqa: PLC0415 - few builds need it

        from ankipress.cli.helper import Helper  # noqa: PLC0415

        gc.freeze()  # what is looked through is copied, in this process or in those that are forked
        context = get_context("fork") if _FORKS else get_context("spawn")
        with _uninterrupted():
            try:
                for _ in range(number):
                    self._helpers.append(Helper(context, self._helpers))
            except BaseException:
                self.close()
                raise

    def take(self, loads: Sequence[_Load]) -> bool:
        """Put some loads behind the others; False where the processes have ended."""
        if not self._helpers:
            return False
        for load in loads:
            places = range(len(load.batches))
            self._left[load] = deque(places)
            self._not_begun.extend((load, place) for place in places)
        return True

    def has(self, load: _Load) -> bool:
        """Whether this is where a load is worked on."""
        return load in self._left

    def results(self, load: _Load) -> Iterator[Sequence[str]]:
        """The results of a load, batch by batch, each forgotten here."""
        left = self._left[load]
        while left:
            place = left.popleft()
            while (load, place) not in self._done:
                self._exchange()
                if (load, place) not in self._done and not self._help():
                    self._wait()
            result = self._done.pop((load, place))
            if not any(self._left.values()):
                self.close()  # at once, not when somebody asks for more
            yield result

    def _exchange(self) -> None:
        """Take what others have done, and give them more to do."""
        for helper in self._helpers:
            self._done.update(helper.answers())
            while self._not_begun and helper.is_free:
                load, place = self._not_begun.popleft()
                helper.ask((load, place), load.task, load.batches[place])

    def _help(self) -> bool:
        """Do the next batch that nobody has begun, rather than wait; False where there is none."""
        if not self._not_begun:
            return False
        load, place = self._not_begun.popleft()
        self._done[load, place] = load.task(load.batches[place])
        return True

    def _wait(self) -> None:
        from ankipress.cli.helper import wait_for  # noqa: PLC0415 - imported by now

        wait_for(self._helpers)

    def close(self) -> None:
        """End the other processes, whatever they do."""
        for each in self._helpers:
            each.close()
        self._helpers = []


_STOPPING = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off an interrupt: a process that is being forked would answer it as this one does, with
    what this one has begun.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
