"""Hands for long work: this process, or several where that is worth their start; and a bar on a terminal, where it takes long."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import click

from recto.work import Task

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

# A process that is forked costs a few milliseconds, one that is started anew imports recto again: a third of a second.
_FORKS = sys.platform == "linux"
_FEWEST = 400 if _FORKS else 3000
_BATCH = 100  # items: some tens of milliseconds
_PATIENCE = 1.0  # seconds without a word
# What Python raises where there are no more processes, threads or semaphores, or none at all.
_REFUSED = (OSError, RuntimeError, ImportError)


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Jobs:
    """Spreads tasks over some processes, for as long as it is open.

    What was handed in before a first result is asked for is done in one go, by processes that are made once: first what is
    asked for, then the rest, while this process goes on.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._waiting: list[_Load] = []
        self._pools: list[_Pool] = []
        self._bar = _Bar()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Take back what is not done, and wait for what is being done."""
        for pool in self._pools:
            pool.close()
        self._bar.close()

    def spread(self, task: Task, items: Sequence[Any]) -> Iterator[str]:
        """The results of a task for many items, in their order."""
        load = _Load(task, [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)])
        self._waiting.append(load)
        self._bar.expect(len(load.batches))
        return self._results(load)

    def _results(self, load: _Load) -> Iterator[str]:
        if load in self._waiting:
            self._waiting.remove(load)
            together = (load, *self._waiting)
            if self._number > 1 and sum(each.size for each in together) >= _FEWEST:
                self._start(together)
        pool = next((each for each in self._pools if load in each.futures), None)
        results = pool.results(load) if pool else map(load.task, load.batches)
        for batch in results:
            self._bar.advance()
            yield from batch

    def _start(self, loads: Sequence[_Load]) -> None:
        """Start processes for some loads. Where the system lets this one have no more, it does all by itself."""
        pool = _Pool()
        self._pools.append(pool)  # first, so that an interrupt ends it too
        try:
            pool.start(self._number, loads)
            self._waiting = []
        except _REFUSED:
            self._pools.remove(pool)
            self._number = 1


@dataclass(eq=False, frozen=True, slots=True)
class _Load:
    """A task for some items."""

    task: Task
    batches: Sequence[Sequence[Any]]

    @property
    def size(self) -> int:
        return sum(map(len, self.batches))


class _Pool:
    """Processes that work on some loads, one after another. They end when all results have been taken."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self.futures: Mapping[_Load, deque[Future[Sequence[str]]]] = {}

    def start(self, number: int, loads: Sequence[_Load]) -> None:
        """Begin. Raises one of `_REFUSED`, with no process left behind, where the system does not let them start."""
        import multiprocessing  # noqa: PLC0415 - a tenth of what a build takes after an edit, which needs none of it
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

        _try_threads(2 * number + 2)
        context = multiprocessing.get_context("fork" if _FORKS else "spawn")
        others = set(multiprocessing.active_children())
        executor = ProcessPoolExecutor(number, mp_context=context, initializer=_serve, initargs=(os.getpid(),))
        _INHERITED[:] = loads
        with _uninterrupted():
            try:
                self.futures = {load: deque(_submitted(executor, place, load)) for place, load in enumerate(loads)}
            except _REFUSED:
                for each in set(multiprocessing.active_children()) - others:  # they would wait for work for ever
                    each.kill()
                    each.join()
                executor.shutdown(wait=False, cancel_futures=True)
                raise
            self._executor = executor

    def results(self, load: _Load) -> Iterator[Sequence[str]]:
        """The results of a load, batch by batch, each forgotten here."""
        futures = self.futures[load]
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - imported by now

        while futures:
            try:
                yield futures.popleft().result()
            except BrokenProcessPool:
                message = "a process of recto was ended, as by a system that is short of memory: `--jobs 1` takes less"
                raise ChildProcessError(message) from None
        if not any(self.futures.values()):
            self.close()

    def close(self) -> None:
        """Take back what is not done, and wait for what is being done."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
        _INHERITED.clear()


def _submitted(executor: ProcessPoolExecutor, place: int, load: _Load) -> Iterator[Future[Sequence[str]]]:
    for number, batch in enumerate(load.batches):
        yield executor.submit(_nth, place, number) if _FORKS else executor.submit(load.task, batch)


_INHERITED: list[_Load] = []
"""What a process that is forked finds in its memory, so that nothing has to be sent to it."""


def _nth(load: int, batch: int) -> Sequence[str]:
    return _INHERITED[load].task(_INHERITED[load].batches[batch])


def _try_threads(number: int) -> None:
    """Find out whether the system allows some more threads and processes, which it counts together.

    The executor starts some behind our back, and waits for ever for one that could not be started. Raises RuntimeError.
    """
    done, threads = threading.Event(), list[threading.Thread]()
    try:
        for _ in range(number):
            thread = threading.Thread(target=done.wait)
            thread.start()
            threads.append(thread)
    finally:
        done.set()
        for each in threads:
            each.join()


_STOPPING = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off an interrupt: a process that is being forked would answer it as this one does, with what this one has begun."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(parent: int) -> None:
    """An interrupt ends the process that started this one, and that one ends this one; so does its death, which says nothing."""
    if os.name != "nt":
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    gc.freeze()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


class _Bar:
    """A bar on a terminal for all that is asked of some processes, as soon as it keeps somebody waiting."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._expected = self._done = 0
        self._shown: Any = None  # click names no class for it
        self._may_show = sys.stderr is not None and sys.stderr.isatty()  # None where it is closed

    def expect(self, batches: int) -> None:
        """There is more to do."""
        self._expected += batches

    def advance(self) -> None:
        """A batch is done."""
        self._done += 1
        if not self._shown and self._may_show and self._done < self._expected and time.monotonic() - self._started > _PATIENCE:
            self._shown = click.progressbar(length=self._expected, label="Rendering", file=sys.stderr)
        if self._shown:
            self._shown.length = self._expected
            self._shown.update(self._done - self._shown.pos)

    def close(self) -> None:
        """Nothing more will be done."""
        if self._shown:
            self._shown.render_finish()
