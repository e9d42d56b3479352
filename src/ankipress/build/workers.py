"""Processes that compile cards, for decks so large that starting them pays."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from ankipress.interruption import Interruption
from ankipress.project.programs import safe_path_in_children
from ankipress.project.signal_blocking import signals_blocked

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

_LONGEST_WAIT = 1  # seconds
_FEWEST = 20  # batches of fifty cards: below that, starting processes costs more than it saves
# Python 3.14 does not fork by default. A forked process need not import anything again.
_START = None
if sys.platform == "linux":
    _START = "fork"
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
    """The results of a function for each item, in order, as with `map`.

    With few items, or where the system allows no more processes, this process does all of the work.
    """
    if jobs < 2 or len(items) < _FEWEST:
        yield from map(function, items)
        return
    # Few builds need processes, and these modules take a while to import.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor, wait  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    executor: ProcessPoolExecutor | None = None
    futures: list[Future[R]] | None = None
    try:
        with suppress(*_REFUSED), safe_path_in_children():
            context = multiprocessing.get_context(_START)
            executor = ProcessPoolExecutor(jobs, context, _begin_worker, (os.getpid(),))
            futures = _submit(executor, function, items)
        if executor is not None and futures is None:
            _stop(executor)  # some processes may have started
        if executor is None or futures is None:
            yield from map(function, items)
            return
        for future in futures:
            # A signal that comes right before a wait does not end the wait, so none is long.
            while not future.done():
                wait([future], _LONGEST_WAIT)
            yield future.result()
        executor.shutdown()
    except BrokenProcessPool:
        raise WorkerEndedError from None
    finally:
        # Also after a signal that came while the work was handed out.
        if executor is not None:
            _stop(executor)


def _submit(
    executor: ProcessPoolExecutor, function: Callable[[T], R], items: Iterable[T]
) -> list[Future[R]]:
    """Start the workers, with signals blocked, and submit all items.

    A worker that is being forked would handle an interrupt as this process does.
    """
    # The garbage collector of a worker must not visit these objects, which would copy their memory.
    gc.freeze()
    with signals_blocked():
        return [executor.submit(_work, function, item) for item in items]


def _stop(executor: ProcessPoolExecutor) -> None:
    """End the workers soon, whatever they do.

    A worker that may have work is never killed: in the middle of a result that it sends, that would
    keep the executor waiting for the rest of it for ever.
    """
    # Until Python 3.14, which has a method for this, only private attributes lead to the processes.
    processes = list((executor._processes or {}).values())  # noqa: SLF001
    is_started = executor._executor_manager_thread is not None  # noqa: SLF001
    for process in processes:
        if is_started:
            process.terminate()
        else:  # the system refused another process, and nobody would tell these to end
            process.kill()
            process.join()
    executor.shutdown(cancel_futures=True)


class _ToldToStopError(Interruption):
    """This worker was told to stop."""


class _WorkerState:
    """What the handler of signals and the work in a worker tell each other."""

    is_working = False
    is_stopped = False


def _work(function: Callable[[T], R], item: T) -> R:
    """One call of the function, which ends as soon as the worker is told to stop."""
    _WorkerState.is_working = True
    try:
        if _WorkerState.is_stopped:
            raise _ToldToStopError
        return function(item)
    finally:
        _WorkerState.is_working = False


def _stop_working(_number: int, _frame: object) -> None:
    _WorkerState.is_stopped = True
    if _WorkerState.is_working:
        raise _ToldToStopError


def _begin_worker(parent: int) -> None:
    """Ignore interrupts: they end the parent, and a worker ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop_working)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    if os.name != "nt":
        import threading  # noqa: PLC0415

        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process soon after its parent."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
