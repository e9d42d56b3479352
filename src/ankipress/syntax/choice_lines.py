"""Lines of text in blocks, as far as the options and the answer of a question are read from them.

Each line is the words that a learner reads, which know where they stand in the text of the card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ankipress.syntax.tree import Content, Node, walk

_BREAKS = frozenset({"softbreak", "hardbreak"})
_TEXTS = frozenset({"text", "escape", "code_span", "math", "missing_footnote"})
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?([A-Za-z][A-Za-z0-9-]*)[^<>]*>", re.DOTALL)
_BREAKING_TAGS = frozenset("br details div li ol p summary td tr ul".split())


class Line(NamedTuple):
    """A line of a block: the number of the block among those that were read, and its words.

    `words` has no text where the block is no text, such as code. `is_summary` tells whether it is
    what one clicks to open a `<details>`.
    """

    block: int
    words: Content
    is_summary: bool = False

    @property
    def text(self) -> str:
        """The words."""
        return self.words.text


def lines_of_blocks(blocks: Iterable[Node]) -> Iterator[Line]:
    """The lines of some blocks, in order. Code, tables and such are an empty line."""
    for number, block in enumerate(blocks):
        if block.kind == "html_block":
            yield from _lines_of_html(number, block)
            continue
        texts = [node for node in walk([block]) if node.kind in {"paragraph", "heading"}]
        if not texts or block.kind == "table":
            yield Line(number, Content(""))
        for node in texts:
            for line in line_ranges(node.children):
                yield Line(number, words_of(node.children[line.start : line.stop]))


def line_ranges(children: Sequence[Node]) -> list[range]:
    """The numbers of the nodes of a paragraph that each line has. Empty lines are left out."""
    breaks = [number for number, node in enumerate(children) if is_break(node)]
    ranges = []
    start = 0
    for number in (*breaks, len(children)):
        if start < number:
            ranges.append(range(start, number))
        start = number + 1
    return ranges


def is_break(node: Node) -> bool:
    """Whether a line ends here."""
    if node.kind == "html":
        return re.match(r"<br\b", node.text, re.IGNORECASE) is not None
    return node.kind in _BREAKS


def words_of(nodes: Iterable[Node]) -> Content:
    """The words of some nodes of a line, without marks."""
    text = ""
    starts: list[tuple[int, int]] = []
    for node in _outside_pictures(nodes):
        if node.kind not in _TEXTS and node.kind not in _BREAKS:
            continue
        start = node.start
        if node.kind == "escape":
            start = node.end - len(node.text)
        elif node.content is not None:
            start = node.content.offset(0)
        starts.append((len(text), start))
        text += node.text or " "
    return Content(text, starts or ((0, 0),))


def _outside_pictures(nodes: Iterable[Node]) -> Iterator[Node]:
    """All nodes in order, but for what is the label of a picture."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if node.kind != "image":
            stack += node.children[::-1]


def _lines_of_html(number: int, block: Node) -> Iterator[Line]:
    """The lines of HTML, without its tags."""
    reader = _HtmlLines(number, block)
    for tag in _TAG.finditer(block.text):
        reader.read_to(tag.start())
        reader.read_tag(tag)
    reader.read_to(len(block.text))
    reader.end_line()
    return iter(reader.lines)


class _HtmlLines:
    def __init__(self, number: int, block: Node) -> None:
        self.number = number
        self.block = block
        self.lines: list[Line] = []
        self.position = 0
        self.in_summary = False
        self.text = ""
        self.starts: list[tuple[int, int]] = []

    def read_to(self, end: int) -> None:
        """Add the words up to an offset."""
        for words in self.block.text[self.position : end].splitlines(keepends=True):
            start = self.block.start + self.position
            self.starts.append((len(self.text), start))
            self.text += words.rstrip("\n")
            self.position += len(words)
            if words.endswith("\n"):
                self.end_line()

    def read_tag(self, tag: re.Match[str]) -> None:
        """Pass over a tag, which may end a line."""
        self.position = tag.end()
        name = (tag[1] or "").lower()
        if name in _BREAKING_TAGS:
            self.end_line()
        if name == "summary":
            self.in_summary = not tag[0].startswith("</")

    def end_line(self) -> None:
        """End a line, which is left out where it is empty."""
        if self.text.strip():
            words = Content(self.text, self.starts)
            line = Line(self.number, words, self.in_summary)
            self.lines.append(line)
        self.text = ""
        self.starts = []
