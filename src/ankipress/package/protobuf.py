"""Protocol Buffers, as far as Anki's newer packages need them.

The encoding is that of https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_VARINT = 0
_LENGTH_DELIMITED = 2
_FIXED_LENGTHS = {1: 8, 5: 4}  # bytes, by wire type


def read_message(content: bytes) -> Iterator[tuple[int, Any]]:
    """The numbers and the values of the fields in order: integers and bytes. Raises ValueError."""
    position = 0
    while position < len(content):
        tag, position = _read_varint(content, position)
        number = tag >> 3
        wire_type = tag & 7
        if wire_type == _VARINT:
            value, position = _read_varint(content, position)
            yield number, value
            continue
        if wire_type == _LENGTH_DELIMITED:
            length, position = _read_varint(content, position)
        elif wire_type in _FIXED_LENGTHS:
            length = _FIXED_LENGTHS[wire_type]
        else:
            raise ValueError(f"there is no wire type {wire_type}")
        end = position + length
        if end > len(content):
            raise ValueError("a message ends within a field")
        yield number, content[position:end]
        position = end


def read_numbers(content: bytes) -> Iterator[int]:
    """The numbers that are written one after the other. Raises ValueError."""
    position = 0
    while position < len(content):
        value, position = _read_varint(content, position)
        yield value


def _read_varint(content: bytes, position: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and the position after it."""
    value = 0
    # Ten bytes hold 64 bits; no valid number is longer.
    for shift, byte in enumerate(content[position : position + 10]):
        value |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return value, position + shift + 1
    raise ValueError("a message ends within a number")
