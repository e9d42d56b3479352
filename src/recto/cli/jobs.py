"""Hands for long work: this process, or several where that is worth their start; and a bar on a terminal, where it takes long."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from recto.work import Task

# A process that is forked costs a few milliseconds, one that is started anew imports recto again: a third of a second.
_FORKS = sys.platform == "linux"
_FEWEST = 400 if _FORKS else 3000
_BATCH = 100  # items: some tens of milliseconds
_PATIENCE = 1.0  # seconds without a word


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Jobs:
    """Spreads tasks over some processes."""

    def __init__(self, number: int) -> None:
        self._number = number

    def spread(self, task: Task, items: Sequence[Any]) -> Iterator[str]:
        """The results of a task for many items, in their order."""
        batches = [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
        is_worth_it = self._number > 1 and len(items) >= _FEWEST
        results = _in_processes(self._number, task, batches) if is_worth_it else map(task, batches)
        for batch in _shown(results, len(batches)):
            yield from batch


def _in_processes(number: int, task: Task, batches: Sequence[Sequence[Any]]) -> Iterator[Sequence[str]]:
    import multiprocessing  # noqa: PLC0415 - a tenth of what a build takes after an edit, which needs none of it
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    context = multiprocessing.get_context("fork" if _FORKS else "spawn")
    pool = ProcessPoolExecutor(number, mp_context=context, initializer=_serve, initargs=(os.getpid(),))
    _Inherited.task, _Inherited.batches = task, batches
    try:
        yield from pool.map(_nth, range(len(batches))) if _FORKS else pool.map(task, batches)
    finally:
        pool.shutdown(cancel_futures=True)
        _Inherited.batches = ()


class _Inherited:
    """What a process that is forked finds in its memory, so that nothing has to be sent to it."""

    task: Task
    batches: Sequence[Sequence[Any]] = ()


def _nth(number: int) -> Sequence[str]:
    return _Inherited.task(_Inherited.batches[number])


def _serve(parent: int) -> None:
    """An interrupt ends the process that started this one, and that one ends this one; so does its death, which says nothing."""
    if os.name != "nt":
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _shown(results: Iterable[Sequence[str]], number: int) -> Iterator[Sequence[str]]:
    """The results, with a bar on a terminal as soon as they keep somebody waiting."""
    if not (sys.stderr and sys.stderr.isatty()):  # None where it is closed
        yield from results
        return
    started, iterator = time.monotonic(), iter(results)
    for done, result in enumerate(iterator, start=1):
        yield result
        if done < number and time.monotonic() - started > _PATIENCE:
            with click.progressbar(iterator, length=number, label="Rendering", file=sys.stderr) as bar:
                bar.update(done)
                yield from bar
