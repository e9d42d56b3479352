"""A collection compressed in pieces, so that several are at it at once, and what was not edited is
compressed already.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ankipress.aside import aside
from ankipress.scratch import Content

PIECE = 2**18
"""Bytes that are compressed by themselves: a fortieth is lost, and what was not edited is
compressed already.
"""
_HANDS = 4  # threads, whatever the number of cores: zlib lets others work meanwhile


@dataclass(frozen=True, slots=True)
class Deflated:
    """A collection, and each of its pieces compressed by itself: behind one another they are one
    compressed file.
    """

    content: Content
    pieces: Sequence[bytes | memoryview]

    @property
    def lengths(self) -> list[int]:
        """The lengths of the pieces, by which they are found again in a package."""
        return [len(piece) for piece in self.pieces]


def deflate(content: Content, before: Deflated | None = None) -> Deflated:
    """A collection compressed. Pieces that are those of another collection are taken from there."""
    return begin_deflate(content, before)()


def begin_deflate(content: Content, before: Deflated | None = None) -> Callable[[], Deflated]:
    """The same, under way in other threads: what is given waits for them."""
    pieces: dict[int, bytes | memoryview] = {}
    number = max(1, -(-content.size // PIECE))
    if before:
        pieces = {
            each: piece
            for each, piece in enumerate(before.pieces)
            if _is_same(content, before.content, each)
        }
    missing = [each for each in range(number) if each not in pieces]

    def work(first: int) -> None:
        for each in missing[first::_HANDS]:
            pieces[each] = _piece(content, each)

    hands = [aside(partial(work, first)) for first in range(min(_HANDS, len(missing)))]

    def finish() -> Deflated:
        for wait in hands:
            wait()
        return Deflated(content, tuple(pieces[each] for each in range(number)))

    return finish


def _is_same(content: Content, other: Content, number: int) -> bool:
    """Whether a piece is the same in two collections. The last one is never, since it ends the
    file.
    """
    start = number * PIECE
    inner = start + PIECE < min(content.size, other.size)
    return inner and content.read(start, PIECE) == other.read(start, PIECE)


def _piece(content: Content, number: int) -> bytes:
    start = number * PIECE
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    # All but the last end on a whole byte, so that another may follow.
    is_last = start + PIECE >= content.size
    return deflater.compress(content.read(start, PIECE)) + deflater.flush(
        zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH
    )
