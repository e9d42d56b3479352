"""Where texts wait that are not needed now: a file that nobody else sees, and that goes with this
process.

So a large deck takes no more memory than what is being done to it.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from threading import Lock as Mutex
from typing import overload

from ankipress.model import Source
from ankipress.scratch import Scratch

_SMALL = 2**18  # bytes, which stay in memory
_END, _BITS = "\0", 40
_LENGTH = (1 << _BITS) - 1
_PIECE = 2**16  # characters that are encoded at once


class Shelf:
    """Bytes put away, a few at a time.

    Few of them touch no disk. Where the disk refuses, they stay in memory: that is never a reason
    to fail.
    """

    def __init__(self) -> None:
        self._file: Scratch | None = None
        self._written = 0  # bytes in the file
        self._rest = bytearray()  # those that come after them
        self._is_full = False
        self._turn = Mutex()

    def put(self, texts: tuple[str, ...]) -> Sequence[str]:
        """Put some texts away; what is given reads them."""
        text = _END.join(texts)
        if text.count(_END) != len(texts) - 1:
            return texts  # a stranger's, which no card can hold; or none at all
        return _Shelved(self, *self.add(text))

    def add(self, text: str) -> tuple[int, int]:
        """Put a text away, and give where it begins and how long it is."""
        with self._turn:
            start = self._written + len(self._rest)
            for place in range(0, len(text), _PIECE):
                self._rest += text[place : place + _PIECE].encode("utf-8", "surrogatepass")
                if len(self._rest) >= _SMALL and not self._is_full:
                    self._write()
            return start, self._written + len(self._rest) - start

    def text(self, start: int, length: int) -> str:
        """A text that was put away."""
        is_written = (
            start + length <= self._written
        )  # and stays as it is: no turn has to be waited for
        content = (
            self._file.read(start, length)
            if self._file and is_written
            else self._split(start, length)
        )
        return content.decode("utf-8", "surrogatepass")

    def _split(self, start: int, length: int) -> bytes:
        """What is in memory, in part or as a whole."""
        with self._turn:
            place = start - self._written
            rest = bytes(self._rest[max(0, place) : max(0, place + length)])
        return (
            self._file.read(start, length - len(rest)) + rest if self._file and place < 0 else rest
        )

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = Scratch()
                self._file.hide()
            self._file.append(self._rest)
        except OSError:
            self._is_full = True
        else:
            self._written += len(self._rest)
            self._rest.clear()


class _Shelved(Sequence[str]):
    """Texts on a shelf: equal to any sequence of the same texts."""

    __slots__ = ("_place", "_shelf")

    def __init__(self, shelf: Shelf, start: int, length: int) -> None:
        self._shelf, self._place = (
            shelf,
            start << _BITS | length,
        )  # one number takes half of what two do

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self._texts()[place]

    def __len__(self) -> int:
        return len(self._texts())

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts())

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Sequence)
            and not isinstance(other, str)
            and self._texts() == tuple(other)
        )

    def __hash__(self) -> int:
        return hash(self._texts())

    def _texts(self) -> tuple[str, ...]:
        return tuple(self._shelf.text(self._place >> _BITS, self._place & _LENGTH).split(_END))


class ShelvedTexts(MutableMapping[str, str]):
    """Texts by name, each read from a shelf when it is asked for; the first time it is still at
    hand.
    """

    def __init__(self) -> None:
        self._shelf = Shelf()
        self._places: dict[str, tuple[int, int]] = {}
        self._at_hand: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        place = self._places[name]
        text = self._at_hand.pop(name, None)
        return self._shelf.text(*place) if text is None else text

    def __setitem__(self, name: str, text: str) -> None:
        self._places[name] = self._shelf.add(text)
        self._at_hand[name] = text

    def __delitem__(self, name: str) -> None:
        del self._places[name]
        self._at_hand.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class ShelvedSources(Sequence[Source]):
    """Sources whose texts are on a shelf: they take memory one after another, while each is read."""

    def __init__(self, texts: ShelvedTexts, paths: Sequence[str]) -> None:
        self._texts, self._paths = texts, paths

    @overload
    def __getitem__(self, place: int) -> Source: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Source]: ...
    def __getitem__(self, place: int | slice) -> Source | Sequence[Source]:
        if isinstance(place, slice):
            return ShelvedSources(self._texts, self._paths[place])
        return Source(self._paths[place], self._texts[self._paths[place]])

    def __len__(self) -> int:
        return len(self._paths)
