"""`ankipress build` that a signal hits at one of its moments: a line of the modules that write,
before it runs.

    python killed_build.py MOMENT SIGNAL [ARGUMENT]...

Prints the number of moments where MOMENT is never reached. Run in a process of its own by
`killing.py`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeAlias

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]

WRITERS = ("archive.py", "atomic.py", "containment.py", "build/memo.py", "cli/building.py")


class Moments:
    """Counts the lines that run in the modules that write, and sends a signal at one of them."""

    def __init__(self, moment: int, signal: int) -> None:
        self.moment, self.signal, self.passed = moment, signal, 0

    def enter(self, frame: FrameType, event: str, argument: object) -> TraceFunction | None:
        """Follow a call into the modules that write."""
        return (
            self.line
            if frame.f_code.co_filename.endswith(WRITERS)
            and "ankipress" in frame.f_code.co_filename
            else None
        )

    def line(self, frame: FrameType, event: str, argument: object) -> TraceFunction:
        """Count a line, or send the signal."""
        if event == "line":
            self.passed += 1
            if self.passed == self.moment:
                os.kill(os.getpid(), self.signal)
        return self.line


if __name__ == "__main__":
    from ankipress.cli.main import main

    # A shell starts what runs in the background with interruptions ignored, and children inherit
    # that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    moments = Moments(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = ["ankipress", "build", *sys.argv[3:]]
    sys.settrace(moments.enter)
    try:
        main()
    finally:
        sys.settrace(None)
        sys.stderr.write(f"moments: {moments.passed}\n" if moments.passed < moments.moment else "")
