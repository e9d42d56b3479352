"""The rows of tables and definition lists, which become the cards of kind `rows`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ankipress.model import Part
from ankipress.syntax.footnote_definitions import find_footnotes

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_DEFINITION = re.compile(r"^ {0,3}:[ \t]+(?=\S)")
_INDENTATION = re.compile(r"^(?: {1,4}|\t)")
_PLAIN = re.compile(r"(?![ \t]|[-+*>#|:][ \t]|`{3}|~{3}|<!--)\S")  # a line that may be a term


class Row(NamedTuple):
    """A row: its 0-based line in the text, its cells as Markdown, and the names of the columns."""

    line: int
    cells: tuple[Part, ...]
    names: tuple[str, ...] = ()


class Rows(NamedTuple):
    """The rows of a text in order, and the 0-based lines on which other text begins."""

    rows: tuple[Row, ...]
    others: tuple[int, ...]


def find_rows(part: Part) -> Rows:
    """The rows of every table and definition list at the outermost level of a text."""
    lines = part.text.split("\n")
    tokens = _commonmark().parse(part.text)
    closed: set[int] = set()
    for token in tokens:
        if token.level == 0 and token.type in {"fence", "table_open"}:
            closed.update(_lines_of(token))
    rows: list[Row] = []
    covered: set[int] = set()
    number = 0
    while number < len(lines):
        start = term_definition(lines, number)
        if start is None or number in closed or start in closed:
            number += 1
            continue
        definitions, end = _read_definitions(lines, start)
        term = Part(lines[number].strip(), part.line + number)
        definition = Part("\n\n".join(definitions), part.line + start)
        rows.append(Row(number, (term, definition)))
        covered.update(range(number, end))
        number = end
    rows += [row for row in _table_rows(tokens, part.line) if row.line not in covered]
    rows.sort(key=lambda row: row.line)
    for footnote in find_footnotes(lines):
        covered.update(footnote.lines)
    others = _others(tokens, lines, covered)
    return Rows(tuple(rows), tuple(others))


def _lines_of(token: Token) -> range:
    return range(*(token.map or (0, 0)))


def _table_rows(tokens: Sequence[Token], first: int) -> Iterator[Row]:
    is_outermost = False
    names: tuple[str, ...] | None = None
    cells: list[str] = []
    line = 0
    for token in tokens:
        if token.type == "table_open":
            is_outermost = token.level == 0
            names = None
        elif token.type == "tr_open":
            line = _lines_of(token).start
            cells = []
        elif token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close" and is_outermost:
            if names is None:  # the first row of a table is its head
                names = tuple(cells)
                continue
            parts = [Part(cell, first + line) for cell in cells]
            yield Row(line, tuple(parts), names)


def term_definition(lines: Sequence[str], number: int) -> int | None:
    """The line that defines the term on a line; None where no term stands there."""
    if _PLAIN.match(lines[number]):
        return _next_definition(lines, number + 1)
    return None


def _next_definition(lines: Sequence[str], number: int) -> int | None:
    """The line of a definition, if it is this one or follows it after an empty one."""
    if number < len(lines) and not lines[number].strip():
        number += 1
    if number < len(lines) and _DEFINITION.match(lines[number]):
        return number
    return None


def _read_definitions(lines: Sequence[str], start: int) -> tuple[list[str], int]:
    """The texts of the definitions from a line on, and the line after the last of them."""
    texts: list[str] = []
    number = start
    following: int | None = start
    while following is not None:
        text = [_DEFINITION.sub("", lines[following])]
        number = following + 1
        while number < len(lines) and _goes_on(lines, number):
            text.append(_INDENTATION.sub("", lines[number]))
            number += 1
        texts.append("\n".join(text).rstrip())
        following = _next_definition(lines, number)
    return texts, number


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """Whether a line belongs to the definition above it: indented, or more of its paragraph."""
    line = lines[number]
    if not line.strip():
        filled = (each for each in lines[number:] if each.strip())
        return next(filled, "").startswith(("    ", "\t"))
    if _DEFINITION.match(line):
        return False
    if line.startswith((" ", "\t")):
        return True
    return bool(lines[number - 1].strip()) and term_definition(lines, number) is None


def _others(tokens: Sequence[Token], lines: Sequence[str], covered: set[int]) -> Iterator[int]:
    """The lines on which text begins that is no row, but for headings and comments."""
    for token in tokens:
        if token.level or token.type in {"table_open", "heading_open"}:
            continue
        for number in _lines_of(token):
            if number in covered or not lines[number].strip():
                continue
            if not lines[number].lstrip().startswith("<!--"):
                yield number
            break


@functools.cache
def _commonmark() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few decks have such cards

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser
