"""Bytes that take no memory: a file that nobody else sees, and that goes with what it was made for."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock as Mutex
from typing import Protocol

_PIECE = 2**18  # bytes


class Content(Protocol):
    """Bytes that are read in stretches."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, start: int, length: int) -> bytes:
        """Some of them, fewer where they end. It may be called in several threads at once."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Bytes in memory."""

    content: bytes

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.content)

    def read(self, start: int, length: int) -> bytes:
        """Some of them."""
        return self.content[start : start + length]


class Scratch:
    """A new file in the system's folder for such files. Raises OSError where there is no such
    folder, or no room in it.

    Its name is there for who must open it by its name. Once it is hidden, not even a kill leaves
    anything behind; on Windows nothing that is open can be hidden, and it goes with this object.
    """

    def __init__(self) -> None:
        self._descriptor, self.path = tempfile.mkstemp(prefix="ankipress-")
        self._turn = Mutex()
        weakref.finalize(self, _discard, self._descriptor, self.path)

    def hide(self) -> None:
        """Take its name away: who has opened it goes on reading and writing."""
        _forget(self.path)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return os.fstat(self._descriptor).st_size

    def append(self, content: bytes | bytearray) -> None:
        """Write some bytes behind the others. Raises OSError where there is no room, and then some
        of them may be there.
        """
        with self._turn:
            os.lseek(self._descriptor, 0, os.SEEK_END)
            done = os.write(self._descriptor, content)
            while done < len(content):
                done += os.write(self._descriptor, content[done:])

    def overwrite(self, start: int, content: bytes) -> None:
        """Write some bytes in place of others."""
        with self._turn:
            os.lseek(self._descriptor, start, os.SEEK_SET)
            os.write(self._descriptor, content)

    def read(self, start: int, length: int) -> bytes:
        """Some of the bytes."""
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, length, start)
        with self._turn:  # Windows
            os.lseek(self._descriptor, start, os.SEEK_SET)
            return os.read(self._descriptor, length)


def gathered(make: Callable[[], Iterable[bytes]]) -> Content:
    """Some bytes that are made one after another: in a file, or in memory where the system has no
    place for one.

    They are made a second time where the room ends in the middle.
    """
    try:
        scratch = Scratch()
        scratch.hide()
        for each in make():
            scratch.append(each)
    except OSError:
        return Loaded(b"".join(make()))
    return scratch


def pieces_of(content: Content) -> Iterator[bytes]:
    """All of some bytes, one stretch after another."""
    for start in range(0, content.size, _PIECE):
        yield content.read(start, _PIECE)


def _forget(path: str) -> None:
    with suppress(OSError):
        Path(path).unlink()


def _discard(descriptor: int, path: str) -> None:
    os.close(descriptor)
    _forget(path)
