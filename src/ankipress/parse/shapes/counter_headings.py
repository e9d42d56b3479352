"""Headings that are only a counter, `### 631.`: the question is the first block below."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from operator import attrgetter

from ankipress.parse.shapes.pieces import CardPieces, content_of, section_of
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.syntax.tree import Node

_ONLY_COUNTER = re.compile(
    r"#+[ \t]*#?(?:q|question|frage|pregunta|вопрос|第|问题|問題|题目|질문)?\s*\.?#?\d{1,4}"
    r"(?:题|題)?[.:)、]?[ \t#]*",
    re.IGNORECASE,
)
_ASKING = frozenset({"paragraph", "heading"})


def with_question_below(file: ShapedFile, section: FoundSection) -> FoundSection:
    """The section, with the first paragraph below a counter as its question: also one in a quote,
    or the next heading.
    """
    heading, _, _ = section.text.partition("\n")
    if not _ONLY_COUNTER.fullmatch(heading):
        return section
    block = _first_block(file, section)
    if block is None or block.content is None:
        return section
    start = file.lines_of(block).stop
    below = content_of(file.text, file.offset(start), file.offset(section.end))
    card = CardPieces(
        block.content,
        (),
        (below,),
        section.line,
        section.end,
    )
    return replace(section_of(file, card), trail=section.trail)


def _first_block(file: ShapedFile, section: FoundSection) -> Node | None:
    """The block that asks, None where the first one does not."""
    start = file.offset(section.line + 1)
    end = file.offset(section.end)
    number = bisect_left(file.all_nodes, start, key=attrgetter("start"))
    inside = file.all_nodes[number : number + 1]
    block: Node | None = None
    if inside and inside[0].start < end:
        block = inside[0]
    while block is not None and block.kind == "quote" and block.children:
        block = block.children[0]
    if block is None or block.kind not in _ASKING:
        return None
    return block
