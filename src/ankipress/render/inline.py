"""GitHub's text inside blocks, for Python-Markdown: one pass from left to right by CommonMark's
rules.

markdown-it-py reads the text, and this module builds Python-Markdown's tree of it. It replaces the
tree processor "inline", so the tree processors of extensions run before and after it as usual. See
docs/decisions/010-github-markdown.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Self
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ankipress.render.bare import mail_links
from ankipress.render.extension_inlines import ExtensionPatterns
from ankipress.render.inline_rules import MARKED, use_rules
from ankipress.render.inline_state import Context, InlineState
from ankipress.render.marking import Marking
from ankipress.render.sanitizer_report import SanitizerReport, SourceText

_DEEPEST = 50  # a browser needs quadratic time for emphasis that is nested deeper
# Python-Markdown's serialiser would leave a reference that is text as a reference.
_REFERENCE = re.compile(r"&(?=(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)


class Text(str):
    """The text of a block, with the line, from 0, on which it begins."""

    __slots__ = ("line",)

    line: int

    def __new__(
        cls,
        text: str,
        line: int,
    ) -> Self:
        """A text that begins on a line."""
        self = super().__new__(cls, text)
        self.line = line
        return self


class InlineReader:
    """Reads texts with an instance of markdown-it, whose blocks may define references."""

    def __init__(
        self,
        markdown_it: MarkdownIt,
        md: Markdown,
        report: SanitizerReport,
        marking: Marking,
    ) -> None:
        self.markdown_it = markdown_it
        self.md = md
        self.report = report
        self.marking = marking
        self.patterns = ExtensionPatterns(md, self.replace_texts)
        self.environment: dict[str, Any] = {}
        use_rules(markdown_it)

    def read(
        self,
        text: str,
        ancestors: Sequence[str],
        first_pattern: int = 0,
    ) -> Element:
        """Read a text inside some tags. The result is an element that holds what it says."""
        holder = Element("span")
        patterns = self.patterns.scan(text, ancestors, first_pattern)
        if patterns is None and not MARKED.search(text):
            holder.text = _plain(text)
            return holder
        context = Context(self.marking, patterns)
        state = InlineState(
            text,
            self.markdown_it,
            self.environment,
            context,
        )
        self.markdown_it.inline.tokenize(state)
        if state.delimiters or any(state.tokens_meta):
            for rule in self.markdown_it.inline.ruler2.getRules(""):
                rule(state)
        _InlineBuilder(self, holder, text).build(state.tokens)
        return holder

    def replace_texts(
        self,
        element: Element,
        ancestors: Sequence[str],
        first_pattern: int = 0,
    ) -> None:
        """Read the text of an element and the tails of its children, and put in what they say."""
        texts = [element.text, *(child.tail for child in element)]
        if not any(map(_is_markdown, texts)):
            return
        children: list[Element] = []
        if _is_markdown(element.text):
            read = self.read(element.text or "", ancestors, first_pattern)
            element.text = read.text
            children += read
        for child in element:
            children.append(child)
            if _is_markdown(child.tail):
                read = self.read(child.tail or "", ancestors, first_pattern)
                child.tail = read.text
                children += read
        element[:] = children


class Inline(Treeprocessor):
    """Reads the texts of a tree."""

    def __init__(self, md: Markdown, reader: InlineReader) -> None:
        super().__init__(md)
        self.reader = reader
        # Extensions look here for what Python-Markdown stashes.
        self.stashed_nodes: dict[str, Element | str] = {}

    def run(self, root: Element) -> None:
        """Replace the texts that are Markdown by elements."""
        stack: list[tuple[Element, tuple[str, ...]]] = [(root, ())]
        while stack:
            element, ancestors = stack.pop()
            ancestors = (*ancestors, str(element.tag).lower())
            stack += [(child, ancestors) for child in reversed(element)]
            self.reader.replace_texts(element, ancestors)


def _is_markdown(text: str | None) -> bool:
    return bool(text) and not isinstance(text, AtomicString) and not str(text).isspace()


class _InlineBuilder:
    """Builds a tree of markdown-it's flat list of tokens."""

    def __init__(
        self,
        reader: InlineReader,
        root: Element,
        text: str,
    ) -> None:
        self.reader = reader
        self.stack = [root]
        self.source = SourceText(text, text.line if isinstance(text, Text) else None)
        self.pending: list[str] = []
        self.too_deep = 0
        self.pictures: list[Token] = []

    def build(self, tokens: Iterable[Token]) -> None:
        """Add what some tokens say to the root."""
        for token in tokens:
            if token.tag == "img":
                self._add_picture(token)
            elif self.pictures:
                self.pending.append(_alternative(token))
            elif token.type == "text":
                self.pending.append(token.content)
            elif token.nesting == 1:
                self._open(token)
            elif token.nesting == -1:
                self._close(token)
            else:
                self._add_leaf(token)
        self._flush()

    def _open(self, token: Token) -> None:
        if len(self.stack) > _DEEPEST:
            self.too_deep += 1
            self.pending.append(token.markup)
            return
        top = self.stack[-1]
        if token.tag == top.tag == "strong":
            # As in cmark-gfm, strong inside strong is strong once.
            self.stack.append(top)
            return
        self._flush()
        tag = "del" if token.tag == "s" else token.tag
        element = SubElement(top, tag)
        for name, value in token.attrs.items():
            element.set(name, _plain(str(value)))
        if tag == "a":
            self._check_link(token, "href")
        self.stack.append(element)

    def _close(self, token: Token) -> None:
        if self.too_deep:
            self.too_deep -= 1
            self.pending.append(token.markup)
            return
        if self.stack[-1] is not self.stack[-2]:
            self._flush()
        self.stack.pop()

    def _add_leaf(self, token: Token) -> None:
        content = token.content
        match token.type:
            case "text_special":
                self.pending.append(content + self.reader.marking.after_escaped(content))
            case "softbreak":
                self.pending.append("\n")
            case "hardbreak":
                self._flush()
                SubElement(self.stack[-1], "br")
            case "html_inline":
                self.reader.report.check_html(content, self.source, token.meta["at"])
                self.pending.append(self.reader.md.htmlStash.store(content))
            case "math":
                self.pending.append(self.reader.md.htmlStash.store(content))
            case "code_inline":
                self._flush()
                # Python-Markdown's serialiser leaves what looks like a reference, so all ampersands
                # are references here.
                code = self.reader.marking.span(content).replace("&", "&amp;")
                SubElement(self.stack[-1], "code").text = AtomicString(code)
            case _:
                self._flush()
                self.stack[-1].append(token.meta["element"])

    def _add_picture(self, token: Token) -> None:
        """Gather the alternative text of a picture: its label without markup."""
        if token.nesting == 1:
            if not self.pictures:
                self._flush()
            self.pictures.append(token)
            return
        opening = self.pictures.pop()
        if self.pictures:
            return
        alternative = _plain("".join(self.pending))
        self.pending = []
        source = _plain(str(opening.attrs["src"]))
        element = SubElement(
            self.stack[-1],
            "img",
            alt=alternative,
            src=source,
        )
        self._check_link(opening, "src")
        if title := opening.attrs.get("title"):
            element.set("title", _plain(str(title)))

    def _check_link(self, token: Token, attribute: str) -> None:
        url = str(token.attrs.get(attribute, ""))
        self.reader.report.check_link(url, self.source, token.meta.get("at", 0))

    def _flush(self) -> None:
        """Add the text so far to the tree, with the mail addresses in it as links."""
        if not self.pending:
            return
        text = "".join(self.pending)
        self.pending = []
        top = self.stack[-1]
        in_link = any(element.tag == "a" for element in self.stack)
        if in_link or "@" not in text:
            _append_text(top, text)
            return
        for number, piece in enumerate(mail_links(text)):
            if number % 2:
                url = f"mailto:{piece.removeprefix('mailto:')}"
                SubElement(top, "a", href=url).text = AtomicString(piece)
            else:
                _append_text(top, piece)


def _append_text(element: Element, text: str) -> None:
    if len(element):
        last = element[-1]
        last.tail = (last.tail or "") + _plain(text)
    else:
        element.text = (element.text or "") + _plain(text)


def _plain(text: str) -> str:
    """A text as Python-Markdown's tree holds it."""
    if "&" not in text:
        return text
    return _REFERENCE.sub("&amp;", text)


def _alternative(token: Token) -> str:
    """What a token adds to the alternative text of a picture."""
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "element":
            return "".join(token.meta["element"].itertext())
        case "html_inline":
            return ""
    return str(token.meta.get("source", token.content))
