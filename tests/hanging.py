"""What `run_limited` calls in tests: functions that do what no function should."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from pathlib import Path
from typing import BinaryIO


def fine(file: BinaryIO, *words: str) -> bytes:
    """Answers at once, and writes to the standard output too."""
    os.write(1, b"this is no answer")
    return file.read() + " ".join(words).encode()


def search(_: BinaryIO, *words: str) -> bytes:
    """Searches in SQLite, which asks nobody in between, for minutes."""
    texts = ["a" * 4_000_000, "a" * 2_000_000 + "b"]
    sqlite3.connect(":memory:").execute("SELECT instr(?, ?)", texts).fetchall()
    return b""


def sleep(_: BinaryIO, *words: str) -> bytes:
    """Waits, and takes no time of the processor."""
    time.sleep(600)
    return b""


def fill(_: BinaryIO, *words: str) -> bytes:
    """Takes all memory that there is."""
    pieces = []
    while True:
        pieces.append(bytes(10_000_000))


def chatter(_: BinaryIO, *words: str) -> bytes:
    """Answers with more than anybody wants."""
    return bytes(3_000_000)


def write(_: BinaryIO, *words: str) -> bytes:
    """Writes into a file, and says what came of it."""
    try:
        Path(words[0]).write_bytes(b"text")
    except OSError:
        return b"refused"
    return b"written"


def crash(_: BinaryIO, *words: str) -> bytes:
    """Ends as by a fault in a library."""
    os.kill(os.getpid(), signal.SIGABRT)
    return b""


def fail(_: BinaryIO, *words: str) -> bytes:
    """Raises what is a bug."""
    raise LookupError("nobody thought of this")
