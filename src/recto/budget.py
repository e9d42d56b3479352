"""A limit on the time that something may take: regular expressions can backtrack for years on a text made for it.

The time is that of the processor, so that a busy machine takes no longer. What is over the budget is an error, never another
package: the same input must give the same bytes on every machine.
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
    """The time is over. No `except Exception` on the way, such as that of a plug-in, may take it for its own."""


if sys.platform == "win32":

    @contextmanager
    def limited(seconds: float) -> Iterator[None]:  # noqa: ARG001
        """Nothing is limited here: this system has no timer that interrupts a regular expression."""
        yield

else:

    @contextmanager
    def limited(seconds: float) -> Iterator[None]:
        """Raise OverBudgetError where what stands inside takes more than these seconds. Limits nest.

        Only the main thread can be interrupted; elsewhere nothing is limited.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        handler = signal.signal(signal.SIGVTALRM, _over)
        outer, _ = signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
        try:
            yield
        finally:
            left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, handler)
            if outer:
                signal.setitimer(signal.ITIMER_VIRTUAL, max(_AGAIN, outer - max(0.0, seconds - left)), _AGAIN)

    def _over(_: int, __: FrameType | None) -> NoReturn:
        raise OverBudgetError
