"""A command that is cut off between the files that it writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def cut_off_after(number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Interrupt what is run meanwhile, once it has put so many files into their places."""
    replace = os.replace
    left = iter(range(number))

    def stop(old: str, new: str) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        replace(old, new)

    with monkeypatch.context() as patched:
        patched.setattr("ankipress.project.atomic.os.replace", stop)
        yield
