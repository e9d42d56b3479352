"""Runs a function of ankipress in a process of its own, with limits on time, memory and output.

What a stranger's file does to the function ends with that process. `limited_child.py` is the other
side: it sets the limits that the process sets itself.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from ankipress.diagnostics import counted
from ankipress.project.limited_child import ANSWERED, FAILED, OUT_OF_MEMORY
from ankipress.project.signal_blocking import signals_blocked

_CHILD = "ankipress.project.limited_child"
_PIECE = 2**20  # bytes
_SLOWER = 3  # seconds of the clock for one of the processor, on a machine that does other work too
_CPU_SIGNAL = getattr(signal, "SIGXCPU", None)


class Limits(NamedTuple):
    """What a process may take: seconds of the processor; bytes of memory, of its answer, and of
    each file that it writes. Three times as many seconds may pass on the clock.
    """

    seconds: int
    memory: int
    answer: int
    file_size: int = 0

    @property
    def clock_seconds(self) -> int:
        """How long it may take, whatever it waits for."""
        return self.seconds * _SLOWER


class LimitError(Exception):
    """The process reached a limit, or the system ended it. The message says which, of an `it`."""


class FailedChildError(RuntimeError):
    """The function raised what it should not: a bug. The message is its traceback."""


def run_limited(function: str, limits: Limits, path: Path | None, *words: str) -> bytes:
    """What a function, `module:name`, returns for a file, if there is one, and some words.

    The process ends before this returns or raises, and also when ankipress is interrupted. Raises
    LimitError, and OSError where the file cannot be opened or is none.
    """
    numbers = (limits.seconds, limits.clock_seconds, limits.memory, limits.file_size)
    command = [sys.executable, "-P", "-m", _CHILD, function, *map(str, numbers), *words]
    with (
        _opened(path) as file,
        _started(command, file) as process,
        _ended_after(limits.clock_seconds, process) as timer,
    ):
        answer = _read(process, limits.answer)
        status = process.wait()
        if not timer.is_alive():
            raise LimitError(_too_long(limits.clock_seconds))
    return _content(answer, status, limits)


@contextmanager
def _opened(path: Path | None) -> Iterator[IO[bytes] | int]:
    """Open a file, and no pipe, which would keep ankipress waiting, and no device."""
    if path is None:
        yield subprocess.DEVNULL
        return
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no file", str(path))
        yield file


@contextmanager
def _started(command: list[str], file: IO[bytes] | int) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that reads a file, and end it after the body."""
    # It finds the modules that this process finds, and no others.
    path = os.pathsep.join(filter(None, sys.path))
    process: subprocess.Popen[bytes] | None = None
    try:
        with signals_blocked():
            process = subprocess.Popen(  # noqa: S603 - it is ankipress itself
                command,
                env=os.environ | {"PYTHONPATH": path},
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        yield process
    finally:
        if process is not None:
            process.kill()
            process.wait()
            assert process.stdout
            process.stdout.close()


@contextmanager
def _ended_after(seconds: int, process: subprocess.Popen[bytes]) -> Iterator[threading.Timer]:
    """End a process after some seconds, if the body is not over before: then the timer is not alive
    any more.
    """
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield timer
    finally:
        timer.cancel()


def _read(process: subprocess.Popen[bytes], most: int) -> bytes:
    assert process.stdout
    answer = bytearray()
    while piece := process.stdout.read(_PIECE):
        answer += piece
        if len(answer) > most:
            raise LimitError(f"more than {_size(most)} come out of it")
    return bytes(answer)


def _content(answer: bytes, status: int, limits: Limits) -> bytes:
    kind = answer[:1]
    if status == 0 and kind == ANSWERED:
        return answer[1:]
    if status == 0 and kind == OUT_OF_MEMORY:
        raise LimitError(f"it takes more than {_size(limits.memory)} of memory")
    if status == 0 and kind == FAILED:
        raise FailedChildError(answer[1:].decode(errors="replace"))
    if status > 0:
        raise FailedChildError(
            f"a process of ankipress could not start: it gave the status {status}"
        )
    if _CPU_SIGNAL and status == -_CPU_SIGNAL:
        raise LimitError(_too_long(limits.seconds))
    raise LimitError("the process that read it was ended, as by a system that is short of memory")


def _too_long(seconds: int) -> str:
    return f"it takes longer than {counted(seconds, 'second')}"


def _size(number: int) -> str:
    """A number of bytes as people say it."""
    if number >= 2**30:
        return f"{number / 2**30:.3g} GB"
    return f"{number / 2**20:.3g} MB"
