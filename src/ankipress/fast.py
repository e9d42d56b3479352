"""What is done for every card, in the way that takes least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Kept(dict[str, T]):
    """Looks a key up, and makes what belongs to it when it is not there. All is forgotten where
    there would be too many.
    """

    def __init__(self, make: Callable[[str], T], most: int) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, key: str) -> T:
        if len(self) >= self._most:
            self.clear()
        self[key] = value = self._make(key)
        return value


def has_any(text: str, marks: Sequence[str]) -> bool:
    """Whether a text has one of some marks."""
    for mark in marks:  # noqa: SIM110 - `any` takes twice as long, and this is done for every card
        if mark in text:
            return True
    return False
