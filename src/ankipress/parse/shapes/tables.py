"""`table`: the rows of every table ask in their first cell and answer in the second, below the
heading above the table, as with `kind=rows`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ankipress.parse.shapes.one_file import heading_text
from ankipress.parse.shapes.pieces import CardPieces, content_of, section_of
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.syntax.tree import Content, Node


def read_table(file: ShapedFile) -> Iterator[FoundSection]:
    """A section for each table in which rows have two cells or more."""
    for node in file.nodes:
        if node.kind != "table":
            continue
        head = node.children[0]
        if len(head.children) > 1:
            yield _section(file, node)


def _section(file: ShapedFile, node: Node) -> FoundSection:
    lines = file.lines_of(node)
    start = file.offset(lines.start)
    end = file.offset(lines.stop)
    table = content_of(
        file.text,
        start,
        end,
    )
    name = Content(file.stem or "Table", [(0, start)])
    heading = file.heading_above(lines.start)
    if heading:
        name = heading_text(file, heading)
    card = CardPieces(
        name,
        (),
        (table,),
        lines.start,
        lines.stop,
        "{kind=rows}",
    )
    section = section_of(file, card)
    # The heading above the table is the name of the table itself.
    return replace(section, trail=section.trail[:-1])
