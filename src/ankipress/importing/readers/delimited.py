"""The records of a text in which a character separates cells, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ankipress.diagnostics import counted
from ankipress.importing.readers.source_error import SourceError

MOST_COLUMNS = 500
MOST_CELLS = 10_000_000
_SEPARATORS = "\t;,|"
_TRIED = 50  # records, which tell the separator
_QUOTES = "its quotes are not those of a table: they were read as they stand"


class Records(NamedTuple):
    """Records of cells, and what was wrong with the text."""

    rows: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()


def read_records(text: str, separator: str, comment: str = "") -> Records:
    """The records of a text but for empty ones and those that begin as a comment does.

    Raises SourceError where there are too many to be a table of notes.
    """
    try:
        found = Records(tuple(_rows(text, separator, comment, strict=True)))
    except csv.Error:
        rows = _rows(text, separator, comment, strict=False)
        found = Records(tuple(rows), (_QUOTES,))
    width = max(map(len, found.rows), default=0)
    if width > MOST_COLUMNS or width * len(found.rows) > MOST_CELLS:
        raise _too_large(f"{counted(len(found.rows), 'row')} and {counted(width, 'column')}")
    return found


def _too_large(what: str) -> SourceError:
    return SourceError(
        f"a table of {what} is too large", f"give one of at most {MOST_COLUMNS:,} columns, in parts"
    )


def separator_of(text: str) -> str:
    """The character that separates most of the first records into the same number of cells."""
    best = ","
    most = (0, 0)
    for separator in _SEPARATORS:
        rows = islice(_rows(text, separator, "", strict=False), _TRIED)
        widths = Counter(map(len, rows))
        del widths[1]
        for width, number in widths.items():
            if (number, width) > most:
                most = (number, width)
                best = separator
    return best


def _rows(text: str, separator: str, comment: str, *, strict: bool) -> Iterator[tuple[str, ...]]:
    number = text.count("\n") + text.count(separator)
    if number > MOST_CELLS:  # whatever becomes of them
        raise _too_large(counted(number, "cell"))
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # its own limit is 128 kB
    lines = _RecordLines(text, comment)
    reader = csv.reader(lines, delimiter=separator, strict=strict)
    if not strict and separator == "\t":
        # A quote that never ends would take the rest of the file.
        reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    for row in reader:
        lines.starts_record = True
        if any(cell.strip() for cell in row):
            yield tuple(row)


class _RecordLines:
    """The lines of a text with their ends, without those where a record would begin that is a
    comment.
    """

    def __init__(self, text: str, comment: str) -> None:
        self._lines = io.StringIO(text, newline="\n")
        self._comment = comment
        self.starts_record = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        while self.starts_record and self._comment and line.startswith(self._comment):
            line = next(self._lines)
        self.starts_record = False
        return line


def cell(row: Sequence[str], column: int | None) -> str:
    """A cell of a row, empty where there is none."""
    if column is None or column >= len(row):
        return ""
    return row[column]
