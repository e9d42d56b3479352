"""Blocks of Markdown → Python-Markdown's tree of elements.

Python-Markdown reads lists, code and raw HTML by the rules of 2004, GitHub by those of CommonMark.
Here its tree is built of the one tree of a text; `element_texts` does the same for the text inside
the blocks. See docs/decisions/010-github-markdown.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.postprocessors import RawHtmlPostprocessor
from markdown.util import AtomicString

from ankipress.render.element_texts import ElementReader, Text
from ankipress.render.extension_blocks import ExtensionBlocks
from ankipress.render.footnotes import Footnotes
from ankipress.render.marking import Marking
from ankipress.render.math import display_math
from ankipress.syntax.blocks import read_marked_blocks
from ankipress.syntax.callouts import look_of
from ankipress.syntax.dialect import Dialect
from ankipress.syntax.inline_state import Environment
from ankipress.syntax.markdown_reading import footnote_labels, references_of
from ankipress.syntax.tree import Node, walk

_TAGS = {
    "paragraph": "p",
    "quote": "blockquote",
    "alert": "div",
    "bullets": "ul",
    "numbers": "ol",
    "item": "li",
    "table": "table",
    "row": "tr",
    "rule": "hr",
}

_ALERTS = frozenset({"note", "tip", "important", "warning", "caution"})

RenderCode = Callable[[Node], str]
"""A block of code → HTML."""


class _Block(str):
    """HTML that is a block of its own."""

    __slots__ = ()


class RawHtml(RawHtmlPostprocessor):
    """Puts stashed HTML back. No paragraph is around a block, whatever its first tag is."""

    def isblocklevel(self, html: str) -> bool:
        """Whether no paragraph belongs around some HTML."""
        return isinstance(html, _Block) or super().isblocklevel(html)

    def stash_to_string(self, text: Any) -> str:
        """The stashed HTML."""
        if isinstance(text, str):
            return text
        return str(text)


class GfmBlockParser(BlockParser):
    """Python-Markdown's parser of blocks with GitHub's rules.

    Without extensions, it builds elements of a tree that was read before; what extensions have
    changed or cut out is read here.
    """

    def __init__(
        self,
        md: Markdown,
        render_code: RenderCode,
        marking: Marking,
    ) -> None:
        super().__init__(md)
        self.blockprocessors = md.parser.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self.reader = ElementReader(md, marking)
        self.footnotes = Footnotes(md)
        self.reader.footnotes = self.footnotes
        self._extension_blocks = ExtensionBlocks(self)
        self._render_code = render_code
        self._marking = marking
        self.dialect = Dialect.GITHUB  # of the texts that are read here

    def collect_extensions(self) -> None:
        """Collect what extensions have registered since this was made."""
        self._extension_blocks.collect()
        self.reader.patterns.collect()

    def parseChunk(self, parent: Element, text: str) -> None:  # noqa: N802
        """Add the blocks of a text to an element."""
        if self._extension_blocks:
            self._extension_blocks.parse(parent, text)
        else:
            nodes = self.read(text)
            self.add(parent, nodes)

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        """Add blocks that an extension has cut out to an element."""
        text = "\n\n".join(blocks)
        blocks.clear()
        self.parseChunk(parent, text)

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802
        """The elements of a text, which extensions may have changed."""
        text = "\n".join(lines)
        root = Element(self.md.doc_tag)
        self.root = root
        self.begin(text)
        self.parseChunk(root, text)
        self.footnotes.place(root)
        return ElementTree(root)

    def begin(self, text: str) -> None:
        """Forget the text before, and begin with another."""
        self.reader.environment = Environment(dialect=self.dialect)
        self.reader.seen.clear()
        self.footnotes.begin(text)

    def read(self, text: str) -> Sequence[Node]:
        """The blocks of a text, whose definitions hold from now on."""
        known = self.reader.environment
        blocks = read_marked_blocks(text, known.dialect)
        references = {**references_of(blocks.definitions), **known.references}
        labels = {*known.footnotes, *footnote_labels(blocks)}
        hides = self._marking.is_on
        self.reader.environment = Environment(references, labels, hides, known.dialect)
        for label, target in references.items():
            self.md.references.setdefault(label.lower(), (target["href"], target["title"]))
        self.reader.seen += walk(blocks.nodes)
        return blocks.nodes

    def add(self, parent: Element, nodes: Iterable[Node]) -> None:
        """Add the elements of some blocks to an element."""
        # An extension may ask for the text of a list item without a paragraph around it.
        are_tight = self.state.isstate("list")
        for node in nodes:
            if node.kind == "paragraph" and (node.is_tight or are_tight):
                _add_text(parent, node)
            else:
                self._add(parent, node)

    def _add(self, parent: Element, node: Node) -> None:
        match node.kind:
            case "code" | "html_block" | "math_block":
                stashed = self.md.htmlStash.store(_Block(self._html(node)))
                # The paragraph goes when the HTML is put back.
                SubElement(parent, "p").text = AtomicString(stashed)
            case "footnote":
                self._fill(self.footnotes.define(node.text), node.children)
            case "table":
                self._add_table(parent, node)
            case "alert":
                self._add_alert(parent, node)
            case "unseen":
                pass
            case "paragraph":
                _add_text(SubElement(parent, "p"), node)
            case "heading":
                _add_text(SubElement(parent, f"h{node.level}"), node)
            case _:
                element = SubElement(parent, _TAGS[node.kind])
                _set_list(element, node)
                self._fill(element, node.children)

    def _fill(self, element: Element, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if node.is_tight:
                _add_text(element, node)
            else:
                self._add(element, node)

    def _add_alert(self, parent: Element, node: Node) -> None:
        """Add an alert. One that folds is an element that a tap opens and closes."""
        look = node.info
        if look not in _ALERTS:
            look = look_of(look)
        tag, title_tag = "div", "p"
        if node.markup:
            tag, title_tag = "details", "summary"
        element = SubElement(parent, tag, {"class": f"markdown-alert markdown-alert-{look}"})
        if node.markup == "+":
            element.set("open", "")
        title = SubElement(element, title_tag, {"class": "markdown-alert-title"})
        blocks = node.children
        if blocks and blocks[0].info == "title":
            _add_text(title, blocks[0])
            blocks = blocks[1:]
        else:
            title.text = AtomicString(node.info.capitalize())
        self._fill(element, blocks)

    def _add_table(self, parent: Element, node: Node) -> None:
        head, *rows = node.children
        table = SubElement(parent, "table")
        _add_row(SubElement(table, "thead"), head, "th")
        if rows:
            body = SubElement(table, "tbody")
            for row in rows:
                _add_row(body, row, "td")

    def _html(self, node: Node) -> str:
        """The HTML of a block that needs no tree."""
        if node.kind == "math_block":
            return f"<p>{display_math(self._marking.tex(node.text))}</p>"
        if node.kind == "html_block":
            return node.text.rstrip("\n")
        return self._render_code(node)


def _add_text(element: Element, block: Node) -> None:
    text = Text(block)
    if len(element):
        element[-1].tail = text
    else:
        element.text = text


def _add_row(
    parent: Element,
    row: Node,
    tag: str,
) -> None:
    element = SubElement(parent, "tr")
    for cell in row.children:
        if cell.kind != "cell":
            continue
        made = SubElement(element, tag)
        if cell.info:
            made.set("style", f"text-align:{cell.info}")
        _add_text(made, cell)


def _set_list(element: Element, node: Node) -> None:
    """The number of a list's first item, and the classes of tasks."""
    if node.kind == "numbers" and node.info != "1":
        element.set("start", node.info)
    if node.kind == "item" and node.info:
        element.set("class", "task-list-item")
    elif any(item.kind == "item" and item.info for item in node.children):
        element.set("class", "task-list")
