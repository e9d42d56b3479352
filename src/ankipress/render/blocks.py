"""GitHub's blocks for Python-Markdown.

Python-Markdown reads lists, code and raw HTML by the rules of 2004, GitHub by those of CommonMark.
Here markdown-it-py finds the blocks, and this module builds Python-Markdown's tree of them;
`inline.py` does the same for the text inside the blocks. See docs/decisions/010-github-markdown.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.postprocessors import RawHtmlPostprocessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from ankipress.render.alerts import with_alerts
from ankipress.render.extension_blocks import ExtensionBlocks
from ankipress.render.footnotes import Footnotes, footnote_block
from ankipress.render.inline import InlineReader, Text
from ankipress.render.marking import Marking
from ankipress.render.math import display_math, math_block
from ankipress.render.sanitizer_report import SanitizerReport, SourceText

_DEEPEST = 60  # blocks inside blocks; what is nested deeper is shown as text
_HTML_TOKENS = frozenset({"fence", "code_block", "html_block", "math_block"})

RenderCode = Callable[[str, str], str]
"""Code and its info string → HTML."""


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
        return text if isinstance(text, str) else str(text)


class GfmBlockParser(BlockParser):
    """Python-Markdown's parser of blocks with CommonMark's rules, GitHub's tables, alerts and
    footnotes.
    """

    def __init__(
        self,
        md: Markdown,
        render_code: RenderCode,
        report: SanitizerReport,
        marking: Marking,
    ) -> None:
        super().__init__(md)
        self.blockprocessors = md.parser.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._markdown_it = _block_reader()
        self.reader = InlineReader(
            self._markdown_it,
            md,
            report,
            marking,
        )
        self.footnotes = Footnotes(md, self.reader)
        self._extension_blocks = ExtensionBlocks(self)
        self._render_code = render_code
        self._report = report
        self._marking = marking

    def collect_extensions(self) -> None:
        """Collect what extensions have registered since this was made."""
        self._extension_blocks.collect()
        self.reader.patterns.collect()

    def parseChunk(self, parent: Element, text: str) -> None:  # noqa: N802
        """Add the blocks of a text to an element."""
        if self._extension_blocks:
            self._extension_blocks.parse(parent, text)
        else:
            self.add(parent, self.tokens(text))

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        """Add blocks that an extension has cut out to an element."""
        text = "\n\n".join(blocks)
        blocks.clear()
        self.parseChunk(parent, text)

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802
        """The tree of a text."""
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
        # Without a last line end, markdown-it-py 4.3 raises IndexError for a quote such as
        # "> - <!--\n>".
        tokens = self._markdown_it.parse(f"{text}\n", environment)
        for label, target in environment.get("references", {}).items():
            reference = (target["href"], target.get("title") or "")
            self.md.references.setdefault(label.lower(), reference)
        return with_alerts(tokens)

    def add(self, parent: Element, tokens: Sequence[Token]) -> None:
        """Add the elements of some tokens to an element."""
        if self.state.isstate("list"):
            # An extension asks for the text of a list item without a paragraph around it.
            for token in tokens:
                if token.tag == "p" and token.level == 0:
                    token.hidden = True
        stack = [parent]
        for token in tokens:
            if token.hidden:
                continue
            if token.nesting == 1:
                stack.append(self._open(stack[-1], token))
            elif token.nesting == 0:
                self._add_leaf(stack[-1], token)
            elif stack[-1].tag == token.tag:
                stack.pop()

    def _open(self, parent: Element, token: Token) -> Element:
        if token.type == "footnote_open":
            return self.footnotes.define(token.content)
        element = SubElement(parent, token.tag)
        for name, value in token.attrs.items():
            element.set(name, str(value))
        return element

    def _add_leaf(self, parent: Element, token: Token) -> None:
        if token.type in _HTML_TOKENS:
            stashed = self.md.htmlStash.store(_Block(self._html(token)))
            # The paragraph goes when the HTML is put back.
            SubElement(parent, "p").text = AtomicString(stashed)
        elif token.type != "inline":
            SubElement(parent, token.tag)
        else:
            text = token.content
            if token.map:
                text = Text(text, token.map[0])
            if len(parent):
                parent[-1].tail = text
            else:
                parent.text = text

    def _html(self, token: Token) -> str:
        """The HTML of a block that needs no tree."""
        if token.type == "math_block":
            return f"<p>{display_math(self._marking.tex(token.content))}</p>"
        if token.type != "html_block":
            return self._render_code(token.content, token.info)
        html = token.content.rstrip("\n")
        line, _ = token.map or (None, None)
        self._report.check_html(html, SourceText(html, line))
        return html


def _block_reader() -> MarkdownIt:
    """An instance of markdown-it that reads blocks, and leaves their texts."""
    markdown_it = MarkdownIt("commonmark", {"maxNesting": _DEEPEST + 10}).enable("table")
    markdown_it.core.ruler.enableOnly(["normalize", "block"])
    ruler = markdown_it.block.ruler
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    ruler.before(
        "fence",
        "math",
        math_block,
        {"alt": interrupted},
    )
    ruler.before(
        "reference",
        "footnote",
        footnote_block,
        {"alt": ["paragraph", "reference"]},
    )
    ruler.before("table", "too_deep", _too_deep)
    return markdown_it


def _too_deep(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - markdown-it's signature
) -> bool:
    """A rule of markdown-it, which drops what is nested too deeply: it becomes a paragraph."""
    if silent or state.level < _DEEPEST:
        return False
    last = start
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent):
        last += 1
    text = state.getLines(
        start,
        last,
        state.blkIndent,
        keepLastLF=False,
    )
    state.push("paragraph_open", "p", 1)
    state.push("inline", "", 0).content = text.strip()
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True
