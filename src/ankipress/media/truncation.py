"""Whether a file was cut off: where its format says so for certain.

A format says how long its parts are, or marks its end. Only what contradicts that counts: players
and browsers show many files with more at their end, or with lengths that nobody filled in.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import BinaryIO

_PIECE = 1 << 20  # bytes that are read at once
_MOST_PARTS = 100_000  # that are looked at: a file of tiny parts is no use of a minute
_END_OF_JPEG = b"\xff\xd9"
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})  # markers of JPEG
_UNKNOWN_LENGTH = 1 << 30  # what programs that write sound into a pipe put there is more than this
# Anything may stand behind the boxes of a video, so only of these the length is believed.
_BOXES = frozenset({b"ftyp", b"mdat", b"meta", b"moof", b"moov"})


def is_cut_off(file: BinaryIO, size: int) -> bool:
    """Whether something is certainly missing at the end of a file of this many bytes.

    It reads the file from the start to the end of its parts, skipping what they hold; of a JPEG
    that does not end as it should it reads all.
    """
    file.seek(0)
    head = file.read(12)
    for signature, check in _CHECKS.items():
        if head.startswith(signature):
            return check(file, size)
    if head[4:8] == b"ftyp":
        return _is_cut_video(file, size)
    return False


def _is_cut_png(file: BinaryIO, size: int) -> bool:
    """PNG: chunks, the last of which is called IEND."""
    position = 8
    for _ in range(_MOST_PARTS):
        file.seek(position)
        chunk = file.read(8)
        if chunk[4:] == b"IEND":
            return False
        position += 12 + int.from_bytes(chunk[:4], "big")
        if len(chunk) < 8 or position > size:
            return True
    return False


def _is_cut_jpeg(file: BinaryIO, size: int) -> bool:
    """JPEG: segments, then the picture, in which its end marker cannot stand."""
    position = 2
    for _ in range(_MOST_PARTS):
        file.seek(position)
        segment = file.read(4)
        if len(segment) < 4:
            return _END_OF_JPEG not in segment
        marker = segment[1]
        if segment[0] != 0xFF or marker == 0xD9:
            return False
        if marker == 0xDA:
            return not _has_end(file, size)
        if marker == 0xFF:
            position += 1
        elif marker in _WITHOUT_LENGTH:
            position += 2
        else:
            position += 2 + int.from_bytes(segment[2:], "big")
    return False


def _has_end(file: BinaryIO, size: int) -> bool:
    """Whether the end marker of a JPEG stands in the rest of a file; mostly it is the very end."""
    position = file.tell()
    file.seek(max(position, size - 2))
    if file.read(2) == _END_OF_JPEG:
        return True
    file.seek(position)
    before = b""
    while piece := file.read(_PIECE):
        if _END_OF_JPEG in before + piece:
            return True
        before = piece[-1:]
    return False


def _is_cut_gif(file: BinaryIO, size: int) -> bool:
    """GIF: blocks of parts, each with its length before it."""
    file.seek(max(0, size - 1))
    if file.read(1) == b";":
        return False
    file.seek(6)
    screen = file.read(7)
    if len(screen) < 7:
        return True
    file.seek(_colours(screen[4]), io.SEEK_CUR)
    for _ in range(_MOST_PARTS):
        start = file.read(1)
        if start == b"!":
            file.seek(1, io.SEEK_CUR)
        elif start == b",":
            picture = file.read(9)
            if len(picture) < 9:
                return True
            file.seek(_colours(picture[8]) + 1, io.SEEK_CUR)
        else:
            return False
        if _ends_inside_of_block(file):
            return True
    return False


def _colours(flags: int) -> int:
    """The bytes of a table of colours, by the flags that tell of it."""
    if flags & 0x80:
        return int(3 * 2 ** ((flags & 7) + 1))
    return 0


def _ends_inside_of_block(file: BinaryIO) -> bool:
    while length := file.read(1):
        if length == b"\0":
            return False
        if len(file.read(length[0])) < length[0]:
            return True
    return False


def _is_cut_riff(file: BinaryIO, size: int) -> bool:
    """WebP, WAV and AVI: the length of all stands at the start."""
    file.seek(4)
    length = int.from_bytes(file.read(4), "little")
    # The last byte may be one that only makes the length even.
    return size < length + 7 and length < _UNKNOWN_LENGTH


def _is_cut_font(file: BinaryIO, size: int) -> bool:
    """WOFF: the length of all stands in the head."""
    file.seek(8)
    length = file.read(4)
    return len(length) == 4 and size < int.from_bytes(length, "big")


def _is_cut_video(file: BinaryIO, size: int) -> bool:
    """MP4 and its relatives: boxes, each with its length."""
    position = 0
    for _ in range(_MOST_PARTS):
        file.seek(position)
        box = file.read(16)
        length = int.from_bytes(box[:4], "big")
        if length == 1:
            length = int.from_bytes(box[8:], "big")
        if length < 8:  # 0: up to the end
            return False
        position += length
        if position > size:
            return box[4:8] in _BOXES
    return False


_CHECKS: Mapping[bytes, Callable[[BinaryIO, int], bool]] = {
    b"\x89PNG\r\n\x1a\n": _is_cut_png,
    b"\xff\xd8\xff": _is_cut_jpeg,
    b"GIF87a": _is_cut_gif,
    b"GIF89a": _is_cut_gif,
    b"RIFF": _is_cut_riff,
    b"wOFF": _is_cut_font,
    b"wOF2": _is_cut_font,
}
