"""What a card shows of a tree: its nodes, and their text, which knows where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ankipress.syntax.prose import prose_spans
from ankipress.syntax.tree import WORDS, Content, Kind, Node

_TEXT_HOLDERS = frozenset({"paragraph", "heading", "cell"})
_TEXTS = frozenset({"html_block", "math_block"})
_BREAKS = frozenset({"softbreak", "hardbreak"})
_VALUES = frozenset({"code_span", "math", "math_block"})
_NO_KINDS: frozenset[Kind] = frozenset()


def shown_nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes that a card shows, and all below them, in the order of the text.

    What stands in the text of a picture is not shown, nor is a cell that has no column.
    """
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        if node.kind == "extra_cell":
            continue
        yield node
        if node.kind != "image":
            stack += node.children[::-1]


def text_blocks(nodes: Iterable[Node]) -> Iterator[Sequence[Node]]:
    """The nodes of each text of some blocks: those inside a paragraph, a heading or a cell; a block
    of HTML or mathematics is a text by itself.
    """
    for node in shown_nodes(nodes):
        if node.kind in _TEXT_HOLDERS:
            yield node.children
        elif node.kind in _TEXTS:
            yield [node]


def shown_text(
    nodes: Iterable[Node], source: str, without: Collection[Kind] = _NO_KINDS
) -> Content:
    """What a learner reads of some nodes of a source, pictures and blocks of code aside.

    A blank stands for the end of a line, and for a node of a kind that is left out.
    """
    pieces: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for text, start in _pieces(nodes, source, without):
        starts.append((length, start))
        pieces.append(text)
        length += len(text)
    return Content("".join(pieces), starts or [(0, 0)])


def _pieces(
    nodes: Iterable[Node], source: str, without: Collection[Kind]
) -> Iterator[tuple[str, int]]:
    """Texts, each with the offset of its start."""
    for node in shown_nodes(nodes):
        if node.kind in without or node.kind in _BREAKS:
            yield " ", node.start
        elif node.kind in WORDS:
            yield node.text, node.start
        elif node.kind in _VALUES:
            assert node.content is not None
            yield from _lines(node.content)
        elif node.kind == "html_block":
            for start, end in prose_spans([node]):
                yield source[start:end], start
                yield " ", end


def _lines(content: Content) -> Iterator[tuple[str, int]]:
    """The lines of a text, with blanks for their ends."""
    position = 0
    for line in content.text.split("\n"):
        if position:
            yield " ", content.offset(position - 1)
        yield line, content.offset(position)
        position += len(line) + 1
