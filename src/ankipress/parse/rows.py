"""The rows of tables and definition lists: what a card of kind `rows` is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ankipress.model import Part
from ankipress.syntax.footnote_definitions import find_footnotes

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_MARKDOWN.core.ruler.enableOnly(["normalize", "block"])
DEFINITION = re.compile(r"( {0,3}:[ \t]+)\S")
"""How a line of a definition list begins that says what the term above it means."""
_PLAIN = re.compile(r"(?![ \t]|[-+*>#|:][ \t]|`{3}|~{3}|<!--)\S")  # a line that may be a term


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its 0-based line in the text, its cells as Markdown, and the names of their columns."""

    line: int
    cells: tuple[Part, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a text in order, and the 0-based lines on which other text begins."""

    rows: tuple[Row, ...]
    others: tuple[int, ...]


def find_rows(part: Part) -> Rows:
    """The rows of every table and definition list that stands at the outermost level of a text."""
    lines, tokens = part.text.split("\n"), _MARKDOWN.parse(part.text)
    closed = (each for each in tokens if each.level == 0 and each.type in {"fence", "table_open"})
    described, covered = _definitions(
        lines, {number for each in closed for number in _range(each)}, part.line
    )
    rows = [*_table_rows(tokens, part.line, covered), *described]
    covered |= {number for each in find_footnotes(lines) for number in each.lines}
    others = tuple(_others(tokens, lines, covered))
    return Rows(tuple(sorted(rows, key=lambda row: row.line)), others)


def _range(token: Token) -> range:
    return range(*(token.map or (0, 0)))


def _table_rows(tokens: Sequence[Token], first: int, covered: set[int]) -> Iterator[Row]:
    names: tuple[str, ...] = ()
    cells: list[str] = []
    line, depth, in_head = 0, 0, False
    for token in tokens:
        if token.type == "table_open":
            depth = token.level
        elif token.type in {"thead_open", "tbody_open"}:
            in_head = token.type == "thead_open"
        elif token.type == "tr_open" and token.map:
            line, cells = token.map[0], []
        elif token.type == "inline" and token.level >= 3 and token.map is not None:
            cells.append(token.content)
        elif token.type == "tr_close" and depth == 0 and line not in covered:
            if in_head:
                names = tuple(cells)
            else:
                yield Row(line, tuple(Part(cell, first + line) for cell in cells), names)


def _definitions(lines: Sequence[str], fenced: set[int], first: int) -> tuple[list[Row], set[int]]:
    """The terms of a text with what is said of them, and the lines that they take."""
    rows: list[Row] = []
    covered: set[int] = set()
    number = 0
    while number < len(lines):
        start = term_definition(lines, number)
        if start is None or number in fenced or start in fenced:
            number += 1
            continue
        definitions, end = _read_definitions(lines, start, first)
        rows.append(
            Row(number, (Part(lines[number].strip(), first + number), _joined(definitions)))
        )
        covered |= set(range(number, end))
        number = end
    return rows, covered


def term_definition(lines: Sequence[str], number: int) -> int | None:
    """The line on which a term is defined that stands on a line, None where no term stands there."""
    if not _PLAIN.match(lines[number]):
        return None
    following = number + 1
    if following < len(lines) and not lines[following].strip():
        following += 1
    return following if following < len(lines) and DEFINITION.match(lines[following]) else None


def _read_definitions(lines: Sequence[str], start: int, first: int) -> tuple[list[Part], int]:
    """What the lines from the first definition on say, and the line behind the last of them."""
    parts: list[Part] = []
    number = start
    while number < len(lines) and (found := DEFINITION.match(lines[number])):
        text, begin, number = [lines[number][found.end(1) :]], number, number + 1
        while number < len(lines) and _goes_on(lines, number):
            text.append(re.sub(r"^(?: {1,4}|\t)", "", lines[number]))
            number += 1
        parts.append(Part("\n".join(text).rstrip(), first + begin))
        following = number + 1 if number < len(lines) and not lines[number].strip() else number
        number = (
            following if following < len(lines) and DEFINITION.match(lines[following]) else number
        )
    return parts, number


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """Whether a line belongs to the definition above it: it is indented, or goes on with a
    paragraph.
    """
    line = lines[number]
    if not line.strip():
        following = next((each for each in lines[number:] if each.strip()), "")
        return following.startswith(("    ", "\t"))
    if line.startswith((" ", "\t")):
        return not DEFINITION.match(line)
    return (
        bool(lines[number - 1].strip())
        and not DEFINITION.match(line)
        and term_definition(lines, number) is None
    )


def _joined(definitions: Sequence[Part]) -> Part:
    """Several definitions of one term, a paragraph each."""
    return Part("\n\n".join(each.text for each in definitions), definitions[0].line)


def _others(tokens: Sequence[Token], lines: Sequence[str], covered: set[int]) -> Iterator[int]:
    """The lines on which text begins that is no row: headings and comments aside, which are for
    readers of the file.
    """
    for token in tokens:
        if token.level or not token.map or token.type in {"table_open", "heading_open"}:
            continue
        left = [
            number for number in _range(token) if number not in covered and lines[number].strip()
        ]
        if left and not lines[left[0]].lstrip().startswith("<!--"):
            yield left[0]
