"""A limit on processor time: regular expressions can backtrack for years on a hostile text.

Exceeding the limit is an error, never another package: the same input must give the same bytes on
every machine. Processor time makes a busy machine count no longer.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from ankipress.interruption import Interruption

_AGAIN = 0.05  # seconds until the signal is repeated, in case it hit code that may not raise


class OverBudgetError(Interruption):
    """The time is over. It is no `Exception`, so that no plug-in catches it."""


def _raise_over_budget(_: int, __: FrameType | None) -> NoReturn:
    raise OverBudgetError


def _can_limit() -> bool:
    """Whether code can be interrupted: only in the main thread, and not on Windows."""
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and hasattr(signal, "setitimer")


@contextmanager
def limits() -> Iterator[None]:
    """Handle the signal of the timer. Many limits inside cost less than each by itself."""
    if not _can_limit() or signal.getsignal(signal.SIGVTALRM) is _raise_over_budget:
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _raise_over_budget)
    try:
        yield
    finally:
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OverBudgetError if the body takes more than these seconds. Limits nest.

    Where code cannot be interrupted, nothing is limited.
    """
    if not _can_limit():
        yield
        return
    with limits():
        outer, _ = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
        try:
            yield
        finally:
            left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if outer:
                spent = max(0.0, seconds - left)
                signal.setitimer(signal.ITIMER_VIRTUAL, max(_AGAIN, outer - spent), _AGAIN)
