"""What a terminal shows while somebody waits: what is being done, or a bar. A pipe gets neither."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO, TypeVar

import click

from ankipress.build.workers import run_in_processes, usable_cores

T = TypeVar("T")
R = TypeVar("R")

_PATIENCE = 1.0  # seconds without a word


@contextmanager
def waiting(text: str, *, is_long: bool) -> Iterator[None]:
    """Say what is being done where it takes more than a moment. The line is gone afterwards."""
    terminal = None
    if is_long:
        terminal = _terminal()
    if terminal is None:
        yield
        return
    line = f"{text} …"
    terminal.write(line)
    terminal.flush()
    try:
        yield
    finally:
        blanks = " " * len(line)
        terminal.write(f"\r{blanks}\r")
        terminal.flush()


def run_with_progress(
    jobs: int | None = None,
) -> Callable[[Callable[[T], R], Sequence[T]], Iterator[R]]:
    """A `map` that works in so many processes, one for each core where no number is given, and
    shows how far it is.
    """

    def run(function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        results = run_in_processes(jobs or usable_cores(), function, items)
        return with_bar(results, len(items), "Rendering")

    return run


def with_bar(results: Iterable[R], total: int, label: str) -> Iterator[R]:
    """The same results; a bar shows how many there are as soon as they keep somebody waiting."""
    terminal = _terminal()
    started = time.monotonic()
    bar: Any = None  # click names no class for it
    for number, result in enumerate(results, start=1):
        is_late = time.monotonic() - started > _PATIENCE
        if bar is None and terminal and is_late and number < total:
            bar = click.progressbar(length=total, label=label, file=terminal)
        if bar is not None:
            bar.update(number - bar.pos)
        yield result
    if bar is not None:
        bar.render_finish()


def _terminal() -> TextIO | None:
    """Where such things are shown. There is no stream where it was closed."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    return sys.stderr
