"""Explicit ids, written behind the questions of a file with every other byte kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from itertools import count
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from ankipress.model import Entry
from ankipress.parse.attributes import split_attributes
from ankipress.parse.front_matter import read_front_matter
from ankipress.parse.rows import term_definition
from ankipress.syntax.outline import outline

_LONGEST = 48  # characters: longer ids are no longer readable
_FIRST_CELL = re.compile(r"([ \t]*\|?[ \t]*)((?:\\.|[^|\\])*)", re.DOTALL)
_BRACES = re.compile(r"[ \t]*\{:?")
_BYTE_ORDER_MARK = "\ufeff"
# Every question has these; an id is the more readable without them.
_SMALL_WORDS = frozenset(
    """
    a an and are as at be by can did do does for from has have how i if in into is it its of on or
    s should t that the their them these they this those to was we were what when where which who
    why will with would you your
    """.split()
)


def make_slug(question: str, taken: Container[str]) -> str:
    """A readable id for a question, made of its words, that is not taken."""
    text = unicodedata.normalize("NFKC", question).lower()
    all_words: list[str] = re.findall(r"[^\W_]+", text)
    large_words = [word for word in all_words if word not in _SMALL_WORDS]
    first, *others = large_words or all_words or ["card"]
    slug = first[:_LONGEST]
    for word in others:
        if len(slug) + len(word) >= _LONGEST:
            break
        slug = f"{slug}-{word}"
    name = slug
    numbers = count(2)
    while name in taken:
        name = f"{slug}-{next(numbers)}"
    return name


class QuestionEnd(NamedTuple):
    """Where a question ends that is no heading: its 0-based line, and the column behind it."""

    line: int
    column: int


def end_of_question(entry: Entry) -> QuestionEnd | None:
    """Where the question of an entry ends in its file, before its braces; None where it is the name
    of the file.
    """
    if entry.heading == PurePosixPath(entry.path).stem:
        return None
    length = len(entry.heading)
    place = entry.question.place(
        entry.path,
        length,
        length + 1,
    )
    return QuestionEnd(place.line - 1, place.column - 1)


def insert_ids(
    text: str,
    ids: Mapping[int, str],
    ends: Mapping[QuestionEnd, str] = MappingProxyType({}),
) -> str:
    """A file's text with `{#id}` at the end of headings, terms, first cells of rows, and questions.

    `ids` are by the 1-based line on which each heading, term or row starts, and `ends` by the place
    at which each other question ends. Line ends, a byte order mark, closing hashes and braces that
    are there already are kept.
    """
    body = text.removeprefix(_BYTE_ORDER_MARK)
    # Lines, and between them how they end.
    pieces = re.split(r"(\r\n|\r|\n)", body)
    lines = pieces[::2]
    pieces[::2] = _with_ids(lines, ids)
    _insert_at(pieces, ends)
    return text[: len(text) - len(body)] + "".join(pieces)


def _with_ids(lines: Sequence[str], ids: Mapping[int, str]) -> list[str]:
    """The lines of a file with ids in headings, terms and rows."""
    changed = [*lines]
    matter, _ = read_front_matter(lines, "")
    below = [*([""] * matter.lines), *lines[matter.lines :]]
    headings = {each.start + 1: each for each in outline(below).headings}
    for start, name in ids.items():
        index = start - 1
        if heading := headings.get(start):
            index = heading.last_line
            changed[index] = _with_id(
                lines[index],
                name,
                may_be_closed=not heading.underlined,
            )
        elif term_definition(below, index) is not None:
            changed[index] = _with_id(lines[index], name)
        else:
            changed[index] = _row_with_id(lines[index], name)
    return changed


def _insert_at(pieces: list[str], ends: Mapping[QuestionEnd, str]) -> None:
    """Write ids at the ends of questions into the lines of a file, between which its line ends
    stand. The last of a line goes first, so that all other columns stay.
    """
    for end, name in sorted(ends.items(), reverse=True):
        index = 2 * end.line
        column = end.column
        below = pieces[index + 2 : index + 3]
        if not pieces[index][column:].strip() and below and _BRACES.match(below[0]):
            # Its braces stand on the next line.
            index += 2
            column = 0
        line = pieces[index]
        braces = _BRACES.match(line, column)
        if braces:
            column = braces.end()
            pieces[index] = f"{line[:column]}#{name} {line[column:].lstrip()}"
        else:
            pieces[index] = f"{line[:column]} {{#{name}}}{line[column:]}"


def _row_with_id(line: str, name: str) -> str:
    """A row of a table with an id at the end of its first cell."""
    found = _FIRST_CELL.match(line)
    assert found, f"not a row: {line!r}"
    before, cell = found.groups()
    if not cell.strip():
        cell = f" {cell}"
    return before + _with_id(cell, name) + line[found.end() :]


def _with_id(
    line: str,
    name: str,
    *,
    may_be_closed: bool = False,
) -> str:
    """A line with an id at its end, before the hashes that may close a heading."""
    content = line.rstrip(" \t")
    without_hashes = content.rstrip("#")
    if may_be_closed and without_hashes.endswith((" ", "\t")):
        content = without_hashes.rstrip(" \t")
    rest = line[len(content) :]
    before, _, _ = split_attributes(content)
    if before == content:
        return f"{content} {{#{name}}}{rest}"
    # There are braces already, `{…}` or `{:…}`.
    opening = content.index("{", len(before)) + 1
    if content.startswith(":", opening):
        opening += 1
    attributes = content[opening:].lstrip()
    return f"{content[:opening]}#{name} {attributes}{rest}"
