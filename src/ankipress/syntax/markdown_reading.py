"""Markdown → its tree: the one reading from which cards, plain text, advice and HTML are made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ankipress.syntax.blocks import Blocks, Definition, read_blocks
from ankipress.syntax.dialect import Dialect
from ankipress.syntax.inline_state import Environment
from ankipress.syntax.inlines import read_inlines
from ankipress.syntax.obsidian_rules import is_nothing
from ankipress.syntax.tree import Content, Node, walk

References = Mapping[str, Mapping[str, str]]
"""Definitions of links by their normal labels: `href` and `title`."""


@dataclass(slots=True)
class Tree:
    """A text that was read: its blocks, its definitions of links, and the labels of the footnotes
    that it defines.
    """

    text: str
    nodes: list[Node]
    definitions: list[Definition] = field(default_factory=list)
    footnotes: frozenset[str] = frozenset()


def read_markdown(
    text: str,
    references: References | None = None,
    footnotes: Collection[str] = (),
    *,
    hides: bool = False,
    dialect: Dialect = Dialect.GITHUB,
) -> Tree:
    """The tree of a text.

    `references` and `footnotes` (labels in lower case) are defined elsewhere in its file; its own
    definitions come first. Where it `hides`, no address includes the end of a deletion.
    """
    blocks = read_blocks(text, dialect)
    known = {**(references or {}), **references_of(blocks.definitions)}
    own = footnote_labels(blocks)
    environment = Environment(known, {*footnotes, *own}, hides, dialect)
    for node in walk(blocks.nodes):
        if node.content is not None and node.kind in {"paragraph", "heading", "cell", "extra_cell"}:
            node.children += read_inlines(node.content, environment)
            if node.kind == "paragraph" and is_nothing(node.children):
                node.kind = "unseen"
    return Tree(text, blocks.nodes, blocks.definitions, own)


def read_heading(
    text: str,
    references: References | None = None,
    footnotes: Collection[str] = (),
    *,
    hides: bool = False,
    dialect: Dialect = Dialect.GITHUB,
) -> Tree:
    """The tree of a text without blocks, such as that of a heading."""
    environment = Environment(references or {}, footnotes, hides, dialect)
    return Tree(text, read_inlines(Content(text), environment))


def references_of(definitions: Iterable[Definition]) -> References:
    """What labels refer to. The first definition of a label counts."""
    references: dict[str, Mapping[str, str]] = {}
    for each in definitions:
        references.setdefault(each.label, {"href": each.url, "title": each.title})
    return references


def footnote_labels(blocks: Blocks) -> frozenset[str]:
    """The labels of the footnotes that are defined, in lower case."""
    notes = (node for node in walk(blocks.nodes) if node.kind == "footnote")
    return frozenset(node.text.casefold() for node in notes)
