"""The tree of a Markdown text. Every node knows where it stands in the text.

A text is read once, by `markdown_reading.read_markdown`; whatever needs to know what stands in it
asks the tree: docs/decisions/010-github-markdown.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

Kind = Literal[
    # Blocks.
    "alert",
    "bullets",
    "cell",
    "code",
    "extra_cell",
    "footnote",
    "heading",
    "html_block",
    "item",
    "math_block",
    "numbers",
    "paragraph",
    "quote",
    "row",
    "rule",
    "table",
    # Text inside blocks.
    "code_span",
    "emphasis",
    "escape",
    "extension",
    "footnote_reference",
    "hardbreak",
    "highlight",
    "html",
    "image",
    "link",
    "math",
    "missing_footnote",
    "softbreak",
    "sound",
    "strike",
    "strong",
    "task",
    "text",
    # Both.
    "unseen",
]
"""What a node is. An `extension` is what an extension of Python-Markdown made. What is `unseen` is
on no card: in Obsidian's dialect comments, ids of blocks, the marks of links, and tags.
"""

WORDS = frozenset({"text", "escape", "missing_footnote"})
"""The kinds of nodes that are shown as the text that they hold."""


class Span(NamedTuple):
    """Where something stands in a text: the offsets of its start and of its end."""

    start: int
    end: int


@dataclass(slots=True)
class Content:
    """A text that is cut out of another, such as the lines of a paragraph in a quote.

    `starts` are pairs of offsets, sorted: one in this text, and the one in the other text that it
    stands for. All offsets up to the next pair follow from it.
    """

    text: str
    starts: Sequence[tuple[int, int]] = ((0, 0),)

    def offset(self, here: int) -> int:
        """The offset in the other text that stands for an offset in this one."""
        number = bisect_right(self.starts, here, key=_first) - 1
        own, others = self.starts[max(0, number)]
        return others + here - own

    def span(self, start: int, end: int) -> Span:
        """The span in the other text of a span in this one."""
        last = self.offset(end - 1) + 1 if end > start else self.offset(end)
        return Span(self.offset(start), last)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A span of this text, cut where what follows stands elsewhere in the other text."""
        cuts = (own for own, _ in self._starts_in(start, end))
        return pairwise((start, *cuts, end))

    def _starts_in(self, start: int, end: int) -> Sequence[tuple[int, int]]:
        """The pairs of which the offset in this text is after a start and before an end."""
        first = bisect_right(self.starts, start, key=_first)
        return self.starts[first : bisect_left(self.starts, end, key=_first)]

    def part(self, start: int, end: int) -> Content:
        """A span of this text."""
        starts = [(0, self.offset(start))]
        starts += [(own - start, others) for own, others in self._starts_in(start, end)]
        return Content(self.text[start:end], starts)

    def without_start(self, length: int) -> Content:
        """This text without its first characters."""
        return self.part(length, len(self.text))


def _first(pair: tuple[int, int]) -> int:
    return pair[0]


@dataclass(slots=True, eq=False)
class Node:
    """A node of a tree.

    `start` and `end` are offsets in the text that was read. `text` is what a leaf holds: words,
    code, TeX, HTML, or the label of a footnote. `content` is the text that a block holds, as far
    as it is not made of blocks. `url`, `title` and `target` (the span of the address, None where it
    stands in a definition) are those of a link, picture or sound. `markup` is how mathematics, an
    escape or a reference to a character is written, and the marks around code, none where it is
    indented.
    `level` is that of a heading. The `markup` of an alert that folds is `+` where it is open, else
    `-`. `info` is

    - the info string of code,
    - the kind of an alert, `note` or such,
    - the number of the first item of a list,
    - the alignment of a cell,
    - the underline of a heading, `=` or `-`, empty for one with `#`,
    - the mark in the box of a task,
    - `title` of the paragraph that is the title of an alert,
    - the size of a picture, `300` or `300x200`, empty for its own,
    - `tag` of a text that is one, and what is unseen: `comment`, `tag`, `block_id`, `link`,
    - `display` of mathematics, empty where it stands in a line.

    A `tight` paragraph has no space around it. Code or HTML that nothing closes is not `closed`,
    and runs to the end of its container. `made` is the element that an extension made. A cell that
    is `extra_cell` has no column in its table, and is not shown.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    children: list[Node] = field(default_factory=list)
    content: Content | None = None
    info: str = ""
    url: str = ""
    title: str = ""
    markup: str = ""
    target: Span | None = None
    level: int = 0
    is_tight: bool = False
    is_closed: bool = True
    made: object = None

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return Span(self.start, self.end)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """All nodes below some nodes, and these, in the order of the text."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        yield node
        stack += node.children[::-1]
