"""A limit on the time that something may take: regular expressions can backtrack for years on a
text made for it.

The time is that of the processor, so that a busy machine takes no longer. What is over the budget
is an error, never another package: the same input must give the same bytes on every machine.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_AGAIN = 0.05  # seconds: where the first signal was lost in code that may not raise


class OverBudgetError(BaseException):
    """The time is over. No `except Exception` on the way, such as that of a plug-in, may take it
    for its own.
    """


if sys.platform == "win32":

    @contextmanager
    def limits() -> Iterator[None]:
        """Nothing is limited here."""
        yield

    @contextmanager
    def limited(seconds: float) -> Iterator[None]:  # noqa: ARG001
        """Nothing is limited here: this system has no timer that interrupts a regular expression."""
        yield

else:

    @contextmanager
    def limits() -> Iterator[None]:
        """A place for many limits, which cost less inside than each by itself."""
        if _Signal.is_handled or threading.current_thread() is not threading.main_thread():
            yield
            return
        handler = signal.signal(signal.SIGVTALRM, _over)
        _Signal.is_handled = True
        try:
            yield
        finally:
            _Signal.is_handled = False
            signal.signal(signal.SIGVTALRM, handler)

    @contextmanager
    def limited(seconds: float) -> Iterator[None]:
        """Raise OverBudgetError where what stands inside takes more than these seconds. Limits
        nest.

        Only the main thread can be interrupted; elsewhere nothing is limited.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        with limits(), _timed(seconds):
            yield

    class _Signal:
        """Whether the signal of the timer is handled now."""

        is_handled = False

    class _timed:  # noqa: N801 - a function in all but its form, which takes half the time
        __slots__ = ("_outer", "_seconds")

        def __init__(self, seconds: float) -> None:
            self._seconds, self._outer = seconds, 0.0

        def __enter__(self) -> None:
            self._outer, _ = signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds, _AGAIN)

        def __exit__(self, *_: object) -> None:
            left = signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]
            if self._outer:
                spent = max(0.0, self._seconds - left)
                signal.setitimer(signal.ITIMER_VIRTUAL, max(_AGAIN, self._outer - spent), _AGAIN)

    def _over(_: int, __: FrameType | None) -> NoReturn:
        raise OverBudgetError
