"""Starts programs that go on when ankipress has ended."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence


def start_program(words: Sequence[str]) -> None:
    """Start a program, with no shell, and wait for nothing. Raises OSError."""
    process = subprocess.Popen(  # noqa: S603 - the command is the user's own
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # A thread reaps the process, which may go on for longer than ankipress.
    threading.Thread(target=process.wait, daemon=True).start()
