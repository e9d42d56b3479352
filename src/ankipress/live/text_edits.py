"""Edits of a file's text, with every other byte kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_BYTE_ORDER_MARK = "\ufeff"

TextPlace = tuple[int, int]
"""A 0-based line, and a 0-based column in it, of a text whose line ends count as one each."""


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """Some text in place of what stands from one place up to another. Its line ends are line
    feeds, whatever those of the file are.
    """

    start: TextPlace
    end: TextPlace
    text: str


class OverlapError(ValueError):
    """Two edits of a file change the same place."""


def with_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """A text with some edits, as a file has it: its byte order mark and line ends stay, and new
    line ends are like the first one. Raises OverlapError.
    """
    body = text.removeprefix(_BYTE_ORDER_MARK)
    pieces = _LINE_END.split(body)
    starts = _starts(pieces)
    line_end = "\n"
    if len(pieces) > 1:
        line_end = pieces[1]
    written: list[str] = [text[: len(text) - len(body)]]
    done = 0
    for each in sorted(edits):
        start = _offset(starts, each.start)
        if start < done:
            raise OverlapError(f"two edits at line {each.start[0] + 1}")
        written += [body[done:start], each.text.replace("\n", line_end)]
        done = _offset(starts, each.end)
    written.append(body[done:])
    return "".join(written)


def _starts(pieces: Sequence[str]) -> list[int]:
    """The offset of each line; between the lines stand their ends."""
    starts = [0]
    for line, end in zip(pieces[::2], pieces[1::2], strict=False):
        starts.append(starts[-1] + len(line) + len(end))
    return starts


def _offset(starts: Sequence[int], place: TextPlace) -> int:
    line, column = place
    return starts[line] + column
