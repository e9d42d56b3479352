"""The prose of a tree: its text with blanks in place of all that is no prose.

It is as long as the text, so an offset in one is an offset in the other. Code, mathematics, tags,
comments, addresses, escaped signs and the texts of pictures are no prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ankipress.syntax.html_tags import TAG_OR_COMMENT
from ankipress.syntax.tree import Node, Span

_NOT_BLANK = re.compile(r"[^\n]")


def prose(nodes: Iterable[Node], text: str) -> str:
    """The prose of some nodes of a text."""
    pieces: list[str] = []
    position = 0
    for start, end in prose_spans(nodes):
        pieces += (_NOT_BLANK.sub(" ", text[position:start]), text[start:end])
        position = end
    return "".join(pieces) + _NOT_BLANK.sub(" ", text[position:])


def find_in_prose(
    pattern: re.Pattern[str], nodes: Iterable[Node], text: str
) -> Iterator[re.Match[str]]:
    """The matches of a pattern that hold nothing but prose."""
    for found in pattern.finditer(prose(nodes, text)):
        if found[0] == text[found.start() : found.end()]:
            yield found


def prose_spans(nodes: Iterable[Node]) -> Iterator[Span]:
    """Where the prose of some nodes stands, in the order of the text."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        if node.kind in {"text", "missing_footnote"}:
            yield node.span
        elif node.kind == "html_block":
            yield from _outside_tags(node)
        elif node.kind != "image":
            stack += node.children[::-1]


def _outside_tags(block: Node) -> Iterator[Span]:
    """The text between the tags of a block of HTML, line by line."""
    assert block.content is not None
    position = 0
    for tag in [*TAG_OR_COMMENT.finditer(block.text), None]:
        end = tag.start() if tag else len(block.text)
        for line in re.finditer(r"[^\n]+", block.text[position:end]):
            yield block.content.span(position + line.start(), position + line.end())
        if tag:
            position = tag.end()
