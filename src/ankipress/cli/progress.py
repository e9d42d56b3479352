"""What a terminal shows while somebody waits: a word as soon as it takes long, or a bar. A pipe
gets neither.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click

_PATIENCE = 1.0  # seconds without a word


class Notice:
    """Says what is being done, if that is not over soon. The line is gone when it has ended."""

    def __init__(self, text: str) -> None:
        self._text, self._terminal = f"{text} …", _terminal()
        self._turn, self._has_ended, self._is_shown = threading.Lock(), False, False
        if self._terminal:
            self._timer = threading.Timer(_PATIENCE, self._show)
            self._timer.daemon = True
            try:
                self._timer.start()
            except RuntimeError:  # the system allows no more threads
                self._terminal = None

    def _show(self) -> None:
        with self._turn:
            if self._terminal and not self._has_ended:
                self._is_shown = True
                self._terminal.write(self._text)
                self._terminal.flush()

    def end(self) -> None:
        """It is done. It can be said more than once."""
        if not self._terminal or self._has_ended:
            return
        self._timer.cancel()
        with self._turn:
            self._has_ended = True
            if self._is_shown:
                self._terminal.write("\r" + " " * len(self._text) + "\r")
                self._terminal.flush()


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Say what is being done, if it takes long."""
    notice = Notice(text)
    try:
        yield
    finally:
        notice.end()


class Bar:
    """A bar for all that is asked of some processes, as soon as it keeps somebody waiting; before
    it, a notice.
    """

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._expected = self._done = 0
        self._shown: Any = None  # click names no class for it
        self._terminal = _terminal()
        self._notice: Notice | None = None

    def begin(self, text: str) -> None:
        """Say what is being done before the first batch."""
        self._notice = Notice(text)

    def expect(self, batches: int) -> None:
        """There is more to do."""
        self._expected += batches

    def advance(self) -> None:
        """A batch is done."""
        self._done += 1
        if (
            not self._shown
            and self._terminal
            and self._done < self._expected
            and time.monotonic() - self._started > _PATIENCE
        ):
            self._end_notice()
            self._shown = click.progressbar(
                length=self._expected, label="Rendering", file=self._terminal
            )
        if self._shown:
            self._shown.length = self._expected
            self._shown.update(self._done - self._shown.pos)

    def close(self) -> None:
        """Nothing more will be done."""
        self._end_notice()
        if self._shown:
            self._shown.render_finish()

    def _end_notice(self) -> None:
        if self._notice:
            self._notice.end()


def _terminal() -> TextIO | None:
    """Where such things are shown. There is no stream where it was closed."""
    return sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None
