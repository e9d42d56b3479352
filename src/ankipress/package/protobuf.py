"""Messages of Protocol Buffers, as far as Anki's newer packages need them
(https://protobuf.dev/programming-guides/encoding/).
"""

from __future__ import annotations

from collections.abc import Iterator

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5


def read_message(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message, each by its number: a number or bytes. Raises ValueError where the
    bytes are no message.
    """
    position = 0
    while position < len(content):
        tag, position = _varint(content, position)
        number, sort = tag >> 3, tag & 7
        if sort == _VARINT:
            value, position = _varint(content, position)
            yield number, value
            continue
        length = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(sort)
        if sort == _LENGTH:
            length, position = _varint(content, position)
        if length is None or position + length > len(content):
            raise ValueError("this is no message of Protocol Buffers")
        yield number, content[position : position + length]
        position += length


def _varint(content: bytes, position: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and the place behind it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(content):
            break
        byte = content[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            return value, position
    raise ValueError("this is no message of Protocol Buffers")
