"""`ankipress` with a signal at one of its moments: before a line of the modules that write runs.

    python killed_command.py MOMENT SIGNAL COMMAND [ARGUMENT]...

Where MOMENT is never reached, prints the number of moments, when each line ran first, and when the
first temporary file was made. Run in a process of its own by `killing.py` and `killed_writing.py`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeAlias

TraceFunction: TypeAlias = Callable[[FrameType, str, Any], Any]

WRITERS = (
    *("project/atomic.py", "project/door.py", "project/folder_locks.py", "project/fixes.py"),
    *("project/git.py", "project/checkout.py", "project/temporary.py", "project/file_states.py"),
    *("project/output_folder.py", "project/repository.py", "package/archive.py", "build/memo.py"),
    *("project/git_program.py", "project/trust.py", "project/new_branch.py"),
    *("release/execution.py", "release/unfinished.py", "build/identities.py", "cli/building.py"),
)
"""The modules that write, as their paths end."""


class Moments:
    """Counts the lines that run in the modules that write, and sends a signal at one of them."""

    def __init__(self, moment: int, signal: int) -> None:
        self.moment, self.signal, self.passed = moment, signal, 0
        self.firsts: dict[tuple[str, int], int] = {}
        """When each line ran first, by file and line."""
        self.begins = 0
        """When the first temporary file or folder was made: before it, nothing is written."""

    def audit(self, event: str, arguments: object) -> None:
        """See when writing begins."""
        if event in {"tempfile.mkstemp", "tempfile.mkdtemp"} and not self.begins:
            self.begins = self.passed

    def enter(self, frame: FrameType, event: str, argument: object) -> TraceFunction | None:
        """Follow a call into the modules that write."""
        name = frame.f_code.co_filename
        return self.line if name.endswith(WRITERS) and "ankipress" in name else None

    def line(self, frame: FrameType, event: str, argument: object) -> TraceFunction:
        """Count a line, or send the signal."""
        if event == "line":
            self.passed += 1
            self.firsts.setdefault((frame.f_code.co_filename, frame.f_lineno), self.passed)
            if self.passed == self.moment:
                os.kill(os.getpid(), self.signal)
        return self.line

    def shown(self) -> str:
        """What `killed_writing.py` reads, on three lines."""
        firsts = " ".join(map(str, sorted(self.firsts.values())))
        return f"moments: {self.passed}\nfirsts: {firsts}\nbegins: {self.begins}\n"


if __name__ == "__main__":
    from ankipress.cli.main import main

    # A shell starts what runs in the background with interruptions ignored, and children inherit
    # that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    moments = Moments(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = ["ankipress", *sys.argv[3:]]
    sys.addaudithook(moments.audit)
    sys.settrace(moments.enter)
    try:
        main()
    finally:
        sys.settrace(None)
        if moments.passed < moments.moment:
            sys.stderr.write(moments.shown())
