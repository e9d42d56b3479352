"""GitHub's blocks for Python-Markdown.

Python-Markdown reads lists, code and raw HTML by the rules of 2004, GitHub by those of CommonMark.
Here markdown-it-py finds the blocks, and this module builds Python-Markdown's tree of them;
`inline.py` does the same for the text inside the blocks. See docs/decisions/006-blocks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.postprocessors import RawHtmlPostprocessor
from markdown.util import AtomicString, Registry
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from ankipress.render.alerts import with_alerts
from ankipress.render.extension_blocks import ForeignBlocks
from ankipress.render.footnotes import Footnotes, footnote_block
from ankipress.render.inline import Inline, InlineReader, Text
from ankipress.render.marking import Marking
from ankipress.render.math import display_math, math_block
from ankipress.render.sanitizer_report import Drops

_DEEPEST = 60  # blocks inside blocks; what is nested deeper is shown as text

Fence = Callable[[str, str], str]
"""Code and what stands behind its opening marks → HTML."""


class GfmExtension(Extension):
    """Replaces Python-Markdown's own blocks and text by GitHub's. `drops` gathers what a card
    cannot hold.
    """

    def __init__(self, fence: Fence, drops: Drops, marking: Marking) -> None:
        super().__init__()
        self._fence, self._drops, self._marking = fence, drops, marking

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Put the parsers in place. Of the preprocessors go the one for HTML and the one that turns
        tabs into spaces.
        """
        for name in ("html_block", "normalize_whitespace"):
            md.preprocessors.deregister(name)
        self.parser = GfmBlockParser(md, self._fence, self._drops, self._marking)
        md.parser = self.parser
        md.treeprocessors.register(Inline(md, self.parser.reader), "inline", 20)
        md.treeprocessors.register(self.parser.footnotes, "ankipress_footnotes", 19)
        md.postprocessors.register(_RawHtml(md), "raw_html", 30)

    def finish(self) -> None:
        """Take note of what other extensions have registered."""
        self.parser.foreign_blocks.collect()
        self.parser.reader.foreign.collect()


class _Raw(str):
    """HTML that stands for a block of its own."""

    __slots__ = ()


class _RawHtml(RawHtmlPostprocessor):
    """Puts HTML back, without a paragraph around what is a block whatever its first tag is."""

    def isblocklevel(self, html: str) -> bool:
        """Whether no paragraph belongs around some HTML."""
        return isinstance(html, _Raw) or super().isblocklevel(html)

    def stash_to_string(self, text: Any) -> str:
        """The HTML that was put aside."""
        return text if isinstance(text, str) else str(text)


class GfmBlockParser(BlockParser):
    """Python-Markdown's parser of blocks with CommonMark's rules, GitHub's tables, alerts and
    footnotes.
    """

    def __init__(self, md: Markdown, fence: Fence, drops: Drops, marking: Marking) -> None:
        super().__init__(md)
        self.blockprocessors: Registry[BlockProcessor] = md.parser.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._markdown_it = MarkdownIt("commonmark", {"maxNesting": _DEEPEST + 10}).enable("table")
        self._markdown_it.core.ruler.enableOnly(["normalize", "block"])
        interrupts = ["paragraph", "reference", "blockquote", "list"]
        self._markdown_it.block.ruler.before("fence", "math", math_block, {"alt": interrupts})
        self._markdown_it.block.ruler.before(
            "reference", "footnote", footnote_block, {"alt": ["paragraph", "reference"]}
        )
        self._markdown_it.block.ruler.before("table", "too_deep", _too_deep)
        self.reader = InlineReader(self._markdown_it, md, drops, marking)
        self.footnotes = Footnotes(md, self.reader)
        self.foreign_blocks = ForeignBlocks(self.blockprocessors)
        self._fence, self._drops, self._marking = fence, drops, marking

    def parseChunk(self, parent: Element, text: str) -> None:  # noqa: N802
        """Add the blocks of a text to an element."""
        if self.foreign_blocks:
            self.foreign_blocks.parse(parent, text, self.tokens, self.add)
        else:
            self.add(parent, self.tokens(text))

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        """Add blocks that an extension has cut out to an element."""
        text = "\n\n".join(blocks)
        blocks.clear()
        self.parseChunk(parent, text)

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802
        """The tree of a whole text."""
        text = "\n".join(lines)
        self.root = Element(self.md.doc_tag)
        self.reader.environment = {}
        self.footnotes.begin(text)
        self.parseChunk(self.root, text)
        self.footnotes.place(self.root)
        return ElementTree(self.root)

    def tokens(self, text: str) -> list[Token]:
        """The blocks of a text, in markdown-it's flat list."""
        environment = self.reader.environment
        # Without a last line end, markdown-it-py 4.3 raises IndexError for a quote such as "> -
        # <!--\n>".
        tokens = self._markdown_it.parse(f"{text}\n", environment)
        for label, target in environment.get("references", {}).items():
            self.md.references.setdefault(
                label.lower(), (target["href"], target.get("title") or "")
            )
        return with_alerts(tokens)

    def add(self, parent: Element, tokens: Sequence[Token]) -> None:
        """Add the elements of some tokens to an element."""
        if self.state.isstate("list"):
            # So an extension asks for the text of an item that is no paragraph.
            for token in tokens:
                token.hidden = token.hidden or (token.tag == "p" and token.level == 0)
        _Builder(self, parent).build(tokens)

    def raw(self, token: Token) -> str:
        """A block that is HTML already, put aside; the mark that stands for it."""
        if token.type == "math_block":
            html = f"<p>{display_math(self._marking.tex(token.content))}</p>"
        elif token.type in {"fence", "code_block"}:
            html = self._fence(token.content, token.info)
        else:
            html = token.content.rstrip("\n")
            self._drops.see_html(html, html, token.map[0] if token.map else None)
        return self.md.htmlStash.store(_Raw(html))


class _Builder:
    """From markdown-it's flat list of tokens to a tree."""

    def __init__(self, parser: GfmBlockParser, root: Element) -> None:
        self.parser, self.stack = parser, [root]

    def build(self, tokens: Sequence[Token]) -> None:
        """Add the elements of some tokens to the root."""
        for token in tokens:
            if token.nesting == 1 and not token.hidden:
                self._open(token)
            elif token.nesting == -1 and not token.hidden:
                self._close(token)
            elif token.nesting == 0:
                self._leaf(token)

    def _open(self, token: Token) -> None:
        if token.type == "footnote_open":
            self.stack.append(self.parser.footnotes.define(token.content))
            return
        element = SubElement(self.stack[-1], token.tag)
        for name, value in token.attrs.items():
            element.set(name, str(value))
        self.stack.append(element)

    def _close(self, token: Token) -> None:
        if self.stack[-1].tag == token.tag:
            self.stack.pop()

    def _leaf(self, token: Token) -> None:
        top = self.stack[-1]
        if token.type == "inline":
            text = Text(token.content, token.map[0]) if token.map else token.content
            if len(top):
                top[-1].tail = text
            else:
                top.text = text
        elif token.type in {"fence", "code_block", "html_block", "math_block"}:
            # The paragraph goes when the HTML is put back.
            SubElement(top, "p").text = AtomicString(self.parser.raw(token))
        else:
            SubElement(top, token.tag)


# Markdown-it's signature.
def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """A rule of markdown-it, which drops what is nested too deeply: it becomes a paragraph, so that
    nothing is lost.
    """
    if silent or state.level < _DEEPEST:
        return False
    last = start
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent):
        last += 1
    state.push("paragraph_open", "p", 1)
    state.push("inline", "", 0).content = state.getLines(
        start, last, state.blkIndent, keepLastLF=False
    ).strip()
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True
