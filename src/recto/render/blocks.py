"""GitHub's blocks for Python-Markdown.

Python-Markdown reads lists, code and raw HTML by the rules of 2004, GitHub by those of CommonMark. Here markdown-it-py finds
the blocks, and this module builds Python-Markdown's tree of them. The text inside the blocks stays
Python-Markdown's. See docs/decisions/006-blocks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.util import Registry
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from recto.render.math import display_math, math_block

_DEEPEST = 60  # blocks inside blocks; what is nested deeper is shown as text

Fence = Callable[[str, str], str]
"""Code and what stands behind its opening marks → HTML."""


class GfmExtension(Extension):
    """Replaces Python-Markdown's own blocks by GitHub's."""

    def __init__(self, fence: Fence) -> None:
        super().__init__()
        self._fence = fence

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Put the parser in place. Of the preprocessors go the one for HTML and the one that turns tabs into spaces."""
        for name in ("html_block", "normalize_whitespace"):
            md.preprocessors.deregister(name)
        md.parser = GfmBlockParser(md, self._fence)


class GfmBlockParser(BlockParser):
    """Python-Markdown's parser of blocks with CommonMark's rules, and GitHub's tables."""

    def __init__(self, md: Markdown, fence: Fence) -> None:
        super().__init__(md)
        self.blockprocessors: Registry[BlockProcessor] = md.parser.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._markdown_it = MarkdownIt("commonmark", {"maxNesting": _DEEPEST + 10}).enable("table")
        self._markdown_it.core.ruler.enableOnly(["normalize", "block"])
        interrupts = ["paragraph", "reference", "blockquote", "list"]
        self._markdown_it.block.ruler.before("fence", "math", math_block, {"alt": interrupts})
        self._markdown_it.block.ruler.before("table", "too_deep", _too_deep)
        self._fence = fence

    def parseChunk(self, parent: Element, text: str) -> None:  # noqa: N802
        """Add the blocks of a text to an element."""
        environment: dict[str, Any] = {}
        # Without a last line end, markdown-it-py 4.3 raises IndexError for a quote such as "> - <!--\n>".
        tokens = self._markdown_it.parse(f"{text}\n", environment)
        for label, target in environment.get("references", {}).items():
            self.md.references.setdefault(label.lower(), (target["href"], target.get("title") or ""))
        _Builder(self, parent).build(tokens)

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802
        """The tree of a whole text."""
        self.root = Element(self.md.doc_tag)
        self.parseChunk(self.root, "\n".join(lines))
        return ElementTree(self.root)

    def raw(self, token: Token) -> str:
        """A block that is HTML already, put aside; the mark that stands for it."""
        if token.type == "math_block":
            html = f"<p>{display_math(token.content)}</p>"
        elif token.type in {"fence", "code_block"}:
            html = self._fence(token.content, token.info)
        else:
            html = token.content
        return self.md.htmlStash.store(html)


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
            self._text(top, token.content)
        elif token.type in {"fence", "code_block", "html_block", "math_block"}:
            self._text(top, f"\n{self.parser.raw(token)}\n")
        else:
            SubElement(top, token.tag)

    @staticmethod
    def _text(top: Element, text: str) -> None:
        """Text at the end of an element: behind its last child, or alone."""
        if len(top):
            top[-1].tail = f"{top[-1].tail or ''}\n{text}"
        else:
            top.text = f"{top.text or ''}{text}"


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """A rule of markdown-it, which drops what is nested too deeply: it becomes a paragraph, so that nothing is lost."""
    if silent or state.level < _DEEPEST:
        return False
    last = start
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent):
        last += 1
    state.push("paragraph_open", "p", 1)
    state.push("inline", "", 0).content = state.getLines(start, last, state.blkIndent, keepLastLF=False).strip()
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True
