"""The rows of tables and definition lists, which become the cards of kind `rows`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ankipress.model import Part
from ankipress.syntax.blocks import read_blocks
from ankipress.syntax.spans import line_and_column, lines_of
from ankipress.syntax.tree import Content, Node

_DEFINITION = re.compile(r"^ {0,3}:[ \t]+(?=\S)")
_INDENTATION = re.compile(r"^(?: {1,4}|\t)")
_PLAIN = re.compile(r"(?![ \t]|[-+*>#|:][ \t]|`{3}|~{3}|<!--)\S")  # a line that may be a term


class Row(NamedTuple):
    """A row: its 0-based line in the text, its cells as Markdown, and the names of the columns.

    `extra` are cells that have no column.
    """

    line: int
    cells: tuple[Part, ...]
    names: tuple[str, ...] = ()
    extra: tuple[Part, ...] = ()


class Rows(NamedTuple):
    """The rows of a text in order, and the 0-based lines on which other text begins."""

    rows: tuple[Row, ...]
    others: tuple[int, ...]


def find_rows(part: Part) -> Rows:
    """The rows of every table and definition list at the outermost level of a text."""
    lines = part.text.split("\n")
    nodes = read_blocks(part.text).nodes
    closed: set[int] = set()
    covered: set[int] = set()
    for node in nodes:
        if node.kind in {"code", "table"}:
            closed.update(lines_of(part.text, *node.span))
        elif node.kind == "footnote":
            covered.update(lines_of(part.text, *node.span))
    rows: list[Row] = []
    number = 0
    while number < len(lines):
        start = term_definition(lines, number)
        if start is None or number in closed or start in closed:
            number += 1
            continue
        definition, end = _read_definitions(lines, start)
        definition = replace(definition, line=part.line + start)
        column = len(lines[number]) - len(lines[number].lstrip())
        term = Part(lines[number].strip(), part.line + number, ((0, 0, column),))
        rows.append(Row(number, (term, definition)))
        covered.update(range(number, end))
        number = end
    for node in nodes:
        if node.kind == "table":
            rows += (row for row in _table_rows(part, node) if row.line not in covered)
    rows.sort(key=lambda row: row.line)
    return Rows(tuple(rows), tuple(_others(part, nodes, lines, covered)))


def _table_rows(part: Part, table: Node) -> Iterator[Row]:
    head, *rows = table.children
    names = [cell.content.text for cell in head.children if cell.content and cell.kind == "cell"]
    for row in rows:
        line, _ = line_and_column(part.text, row.start)
        cells: list[Part] = []
        extra: list[Part] = []
        for cell in row.children:
            assert cell.content is not None
            (cells if cell.kind == "cell" else extra).append(cell_part(part, cell.content))
        yield Row(line, tuple(cells), tuple(names), tuple(extra))


def cell_part(part: Part, content: Content) -> Part:
    """A cell of a table in a part, with the places of its pieces."""
    first = content.offset(0)
    line, column = line_and_column(part.text, first)
    start = first - column
    breaks = tuple((own, 0, other - start) for own, other in content.starts)
    return Part(content.text, part.line + line, breaks)


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


def _read_definitions(lines: Sequence[str], start: int) -> tuple[Part, int]:
    """The definitions from a line on as one text, and the line after the last of them.

    The lines of the text count from `start`.
    """
    text: list[str] = []
    breaks: list[tuple[int, int, int]] = []
    length = 0
    end = start
    following: int | None = start
    while following is not None:
        if text:
            text.append("")
            length += 1
        for number, line in _definition_lines(lines, following):
            breaks.append((length, number - start, len(lines[number]) - len(line)))
            text.append(line)
            length += len(line) + 1
            end = number + 1
        following = _next_definition(lines, end)
    return Part("\n".join(text).rstrip(), 0, tuple(breaks)), end


def _definition_lines(lines: Sequence[str], start: int) -> Iterator[tuple[int, str]]:
    """The lines of a definition without their indentation, and their numbers."""
    yield start, _DEFINITION.sub("", lines[start])
    number = start + 1
    while number < len(lines) and _goes_on(lines, number):
        yield number, _INDENTATION.sub("", lines[number])
        number += 1


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


def _others(
    part: Part,
    nodes: Sequence[Node],
    lines: Sequence[str],
    covered: set[int],
) -> Iterator[int]:
    """The lines on which text begins that is no row, but for headings and comments."""
    for node in nodes:
        if node.kind in {"table", "heading"}:
            continue
        for number in lines_of(part.text, *node.span):
            if number in covered or not lines[number].strip():
                continue
            if not lines[number].lstrip().startswith("<!--"):
                yield number
            break
