"""Tables of HTML → tables of Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ankipress.importing.fields.field_runs import seen_attributes
from ankipress.importing.fields.html_tree import FieldElement

_ALIGNED = {"left": ":---", "center": ":---:", "right": "---:"}
_ALIGNMENT = re.compile(r"\s*text-align:\s*(left|right|center);?\s*")


def table_lines(
    table: FieldElement, write: Callable[[FieldElement], str | None]
) -> list[str] | None:
    """The lines of a table, None where Markdown has no signs for it.

    Its first row is a head, and all others are as long; `write` gives the Markdown of a cell.
    """
    rows = list(_rows(table))
    if not _is_regular(rows):
        return None
    lines: list[str] = []
    for row in rows:
        cells: list[str] = []
        for cell in row:
            written = write(cell)
            if written is None:
                return None
            cells.append(written or " ")
        lines.append(f"| {' | '.join(cells)} |")
    rule = "|".join(_rule(cell) for cell in rows[0])
    lines.insert(1, f"|{rule}|")
    return lines


def _is_regular(rows: Sequence[Sequence[FieldElement]]) -> bool:
    """Whether rows are those that Markdown has: a head, and below it cells of the same columns."""
    if not rows or not rows[0]:
        return False
    rules = [_rule(cell) for cell in rows[0]]
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        if [_rule(cell) for cell in row] != rules or any(cell.tag != tag for cell in row):
            return False
        if not all(map(_is_plain, row)):
            return False
    return True


def _rows(table: FieldElement) -> Iterator[list[FieldElement]]:
    """The cells of each row; what is no row has none."""
    for child in table.children:
        if isinstance(child, str):
            if child.strip():
                yield []
        elif child.tag in {"thead", "tbody", "tfoot"} and not seen_attributes(child):
            yield from _rows(child)
        elif child.tag == "tr" and not seen_attributes(child):
            yield list(child.elements_directly())
        else:
            yield []


def _is_plain(cell: FieldElement) -> bool:
    """Whether a cell has no look but how it is aligned."""
    names = {name for name, _ in seen_attributes(cell)}
    return not names or (names == {"style"} and _rule(cell) != "---")


def _rule(cell: FieldElement) -> str:
    """The signs for how a cell is aligned."""
    found = _ALIGNMENT.fullmatch(cell.attributes.get("style", ""))
    if found is None:
        return "---"
    return _ALIGNED[found[1]]
