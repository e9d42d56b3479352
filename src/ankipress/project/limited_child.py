"""The process that `limited_process.py` starts, by `python -m`.

Its function gets the standard input as a file, and the other words of the command line, and returns
the bytes of the answer. POSIX holds the limits, whatever the function does. Windows knows none of
them: there the parent ends the process when its time is over, and the function bounds what it
reads.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

ANSWERED = b"a"
"""The first byte of what the process writes: the rest is what the function returned."""
OUT_OF_MEMORY = b"m"
FAILED = b"f"
"""The rest is the traceback of an exception."""

_MORE = 5  # seconds from the signal that the time is over to the one that nobody can answer
_FILES = 256  # that may be open at once


def main() -> None:
    """Call the function within its limits, and write what came of it."""
    name, seconds, clock_seconds, memory, file_size, *words = sys.argv[1:]
    _end_when_told(int(clock_seconds))
    output = _taken_output()
    module, _, function = name.partition(":")
    answer = getattr(import_module(module), function)
    _limit(int(seconds), int(memory), int(file_size))
    with open(0, "rb", closefd=False) as file:
        kind, content = _result(answer, file, words)
    output.write(kind)
    output.write(content)
    output.close()
    # To free every object by itself would take a while.
    os._exit(0)


def _end_when_told(clock_seconds: int) -> None:
    """Let signals end the process at once, also in the middle of a call that Python waits for.

    A clock ends it too, if its parent is gone and nobody else would.
    """
    for name in ("SIGINT", "SIGTERM", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    if hasattr(signal, "alarm"):
        signal.alarm(clock_seconds)


def _taken_output() -> BinaryIO:
    """The standard output, where nothing else is written from now on: whatever is printed is lost,
    as the errors are.
    """
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def _limit(seconds: int, memory: int, file_size: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + _MORE),
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_FSIZE: (file_size, file_size),
        resource.RLIMIT_NOFILE: (_FILES, _FILES),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, limit in limits.items():
        # A system may have lower limits already, and some know no limit of memory.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, limit)


def _result(
    answer: Callable[..., bytes], file: BinaryIO, words: Sequence[str]
) -> tuple[bytes, bytes]:
    try:
        return ANSWERED, answer(file, *words)
    except MemoryError:
        return OUT_OF_MEMORY, b""
    except BaseException:  # noqa: BLE001 - the parent says that it is a bug
        import traceback  # noqa: PLC0415 - rarely needed

        return FAILED, traceback.format_exc().encode("utf-8", "backslashreplace")


if __name__ == "__main__":
    main()
