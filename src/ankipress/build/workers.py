"""Processes that compile cards, where there are so many that it is worth their start."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

_FEWEST = 20  # batches of fifty cards: below that, starting processes costs more than it saves
# Python 3.14 does not fork by default. A forked process has all imported that this one has.
_START = "fork" if sys.platform == "linux" else None
# What Python raises where the system lets a process start no others.
_REFUSED = (OSError, RuntimeError, ImportError)


class WorkerEndedError(ChildProcessError):
    """A worker process was ended from outside."""

    def __init__(self) -> None:
        super().__init__(
            "a process of ankipress was ended, as by a system that is short of memory: "
            "`--jobs 1` takes less"
        )


def usable_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_in_processes(jobs: int, function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """The results of a function for each item, in their order, as `map` gives them.

    Where there are few items, or the system allows no more processes, this one does all of it.
    """
    if jobs < 2 or len(items) < _FEWEST:
        yield from map(function, items)
        return
    # Few builds need processes, and these modules take a while to import.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    executor: ProcessPoolExecutor | None = None
    try:
        context = multiprocessing.get_context(_START)
        executor = ProcessPoolExecutor(jobs, context, _begin_worker, (os.getpid(),))
        futures = _submit(executor, function, items)
    except _REFUSED:
        if executor:
            _stop(executor)  # some processes may have started
        yield from map(function, items)
        return
    try:
        for future in futures:
            yield future.result()
        executor.shutdown()
    except BrokenProcessPool:
        raise WorkerEndedError from None
    finally:
        _stop(executor)


def _submit(
    executor: ProcessPoolExecutor, function: Callable[[T], R], items: Iterable[T]
) -> list[Future[R]]:
    """Begin with all items. The processes start here, with signals blocked: a process that is being
    forked would answer an interrupt as this one does.
    """
    # What is in memory now is never looked through again: that would copy it in every worker.
    gc.freeze()
    with _signals_blocked():
        return [executor.submit(function, item) for item in items]


@contextmanager
def _signals_blocked() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop(executor: ProcessPoolExecutor) -> None:
    """End the workers, whatever they do."""
    processes = list((executor._processes or {}).values())  # noqa: SLF001 - 3.14 has kill_workers
    executor.shutdown(wait=False, cancel_futures=True)
    for each in processes:
        each.kill()
    for each in processes:
        each.join()


def _begin_worker(parent: int) -> None:
    """An interrupt ends the process that started this one, and that ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    if os.name != "nt":
        import threading  # noqa: PLC0415

        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process soon after its parent, however that ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
