"""The JSON of a notebook, in which each text knows where it stands."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

_MOST_COMMAS = 1_000_000  # so that no file takes long to read; notebooks have some thousands
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]"
)


class NotebookError(ValueError):
    """A notebook that cannot be read. `offset` is where, None for the file as a whole."""

    def __init__(
        self,
        message: str,
        help: str,
        place: int | PlacedText | None = None,
    ) -> None:
        super().__init__(message)
        self.help = help
        self.offset: int | None
        if isinstance(place, PlacedText):
            self.offset = place.start
        else:
            self.offset = place


class PlacedText(str):
    """A text of a JSON file. `start` is the offset of its first character, behind the quote."""

    __slots__ = ("start",)
    start: int


class _Decoder(json.JSONDecoder):
    """Python's own decoder, in its form that is written in Python and asks us for each text."""

    def __init__(self) -> None:
        super().__init__()
        self.parse_string = _placed
        self.scan_once = py_make_scanner(self)


def _placed(
    raw: str,
    start: int,
    strict: bool,  # noqa: FBT001 - as `json` calls it
) -> tuple[str, int]:
    text, end = scanstring(raw, start, strict)
    placed = PlacedText(text)
    placed.start = start
    return placed, end


def read_json(raw: str) -> Any:
    """What a file of JSON holds, each text a `PlacedText`. Raises NotebookError."""
    if raw.count(",") > _MOST_COMMAS:
        raise NotebookError("this notebook holds too many values", "clear its outputs, or split it")
    try:
        return _Decoder().decode(raw)
    except json.JSONDecodeError as error:
        message = f"this notebook is not JSON: {error.msg}"
        raise NotebookError(message, "save it again with Jupyter", error.pos) from None
    except ValueError:  # a number of thousands of digits
        raise NotebookError("this notebook holds a number that is too long", _SAVE) from None
    except RecursionError:
        raise NotebookError("this notebook is nested too deeply", _SAVE) from None


_SAVE = "clear its outputs, and save it again with Jupyter"


def offset_in_json(
    raw: str,
    start: int,
    characters: int,
) -> int:
    """The offset of a character of a text, whose first one is at `start`."""
    offset = start
    for _ in range(characters):
        found = _CHARACTER.match(raw, offset)
        if not found:
            return offset
        offset = found.end()
    return offset
