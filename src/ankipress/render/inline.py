"""GitHub's text inside blocks, for Python-Markdown: one pass from left to right by CommonMark's
rules.

markdown-it-py reads the text, this module builds Python-Markdown's tree of it. It takes the place
of the tree processor "inline", so the tree processors of other extensions run before and behind it
as ever; their inline patterns are rules of the same pass (`foreign.py`). See
docs/decisions/006-blocks.md.
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
from ankipress.render.extension_inlines import Foreign
from ankipress.render.inline_rules import MARKED, Around, State, use_rules
from ankipress.render.marking import Marking
from ankipress.render.sanitizer_report import Drops

# Emphasis inside emphasis: a browser would need the square of the time for what is nested deeper.
_DEEPEST = 50
# A reference that a text holds, as text: Python-Markdown's serialiser would leave it as a
# reference.
_REFERENCE = re.compile(r"&(?=(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)


class Text(str):
    """The text of a block, with the line of the part (from 0) on which it begins."""

    __slots__ = ("line",)

    line: int

    def __new__(cls, text: str, line: int) -> Self:
        """A text that begins on a line."""
        self = super().__new__(cls, text)
        self.line = line
        return self


class InlineReader:
    """Reads texts with one instance of markdown-it, whose blocks may define references."""

    def __init__(
        self, markdown_it: MarkdownIt, md: Markdown, drops: Drops, marking: Marking
    ) -> None:
        self.markdown_it, self.md, self.drops, self.marking = markdown_it, md, drops, marking
        self.foreign = Foreign(md)
        self.environment: dict[str, Any] = {}
        use_rules(markdown_it)

    def read(self, text: str, ancestors: Sequence[str], first_pattern: int = 0) -> Element:
        """An element that holds what a text says. `ancestors` are the tags around it."""
        holder = Element("span")
        reading = self.foreign.reading(text, ancestors, first_pattern, self)
        if reading is None and not MARKED.search(text):
            holder.text = _plain(text)
            return holder
        state = State(text, self.markdown_it, self.environment, Around(reading, self.marking))
        self.markdown_it.inline.tokenize(state)
        if state.delimiters or any(state.tokens_meta):
            for rule in self.markdown_it.inline.ruler2.getRules(""):
                rule(state)
        _Builder(self, holder, text).build(state.tokens)
        return holder

    def graft(self, element: Element, ancestors: Sequence[str], first_pattern: int = 0) -> None:
        """Read the text of an element and the tails of its children, and put in what they say."""
        if not any(map(_is_markdown, (element.text, *(child.tail for child in element)))):
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
        self.stashed_nodes: dict[
            str, Element | str
        ] = {}  # other extensions look here for what Python-Markdown puts aside

    def run(self, root: Element) -> None:
        """Put elements in the place of the texts that are Markdown."""
        stack: list[tuple[Element, tuple[str, ...]]] = [(root, ())]
        while stack:
            element, ancestors = stack.pop()
            ancestors = (*ancestors, str(element.tag).lower())
            stack += [(child, ancestors) for child in reversed(element)]
            self.reader.graft(element, ancestors)


def _is_markdown(text: str | None) -> bool:
    return bool(text) and not isinstance(text, AtomicString) and not str(text).isspace()


class _Builder:
    """From markdown-it's flat list of tokens to a tree."""

    def __init__(self, reader: InlineReader, root: Element, text: str) -> None:
        self.reader, self.stack, self.source = reader, [root], text
        self.line = text.line if isinstance(text, Text) else None
        self.pending: list[str] = []
        self.too_deep = 0
        self.pictures: list[Token] = []

    def build(self, tokens: Iterable[Token]) -> None:
        """Add what some tokens say to the root."""
        for token in tokens:
            if token.tag == "img":
                self._picture(token)
            elif self.pictures:
                self.pending.append(_alternative(token))
            elif token.type == "text":
                self.pending.append(token.content)
            elif token.type == "text_special":
                self.pending.append(token.content + self.reader.marking.escaped(token.content))
            elif token.type in {"softbreak", "hardbreak"}:
                self._break(token)
            elif token.nesting == 1:
                self._open(token)
            elif token.nesting == -1:
                self._close(token)
            else:
                self._leaf(token)
        self._flush()

    def _break(self, token: Token) -> None:
        if token.type == "softbreak":
            self.pending.append("\n")
        else:
            self._flush()
            SubElement(self.stack[-1], "br")

    def _open(self, token: Token) -> None:
        if len(self.stack) > _DEEPEST:
            self.too_deep += 1
            self.pending.append(token.markup)
            return
        if token.tag == self.stack[-1].tag == "strong":
            # As in cmark-gfm: what is strong twice is strong once.
            self.stack.append(self.stack[-1])
            return
        self._flush()
        element = SubElement(self.stack[-1], "del" if token.tag == "s" else token.tag)
        for name, value in token.attrs.items():
            element.set(name, _plain(str(value)))
        if token.tag == "a":
            self._see_link(token, "href")
        self.stack.append(element)

    def _close(self, token: Token) -> None:
        if self.too_deep:
            self.too_deep -= 1
            self.pending.append(token.markup)
            return
        if self.stack[-1] is not self.stack[-2]:
            self._flush()
        self.stack.pop()

    def _leaf(self, token: Token) -> None:
        if token.type == "html_inline":
            self.reader.drops.see_html(token.content, self.source, self.line, token.meta["at"])
            self.pending.append(self.reader.md.htmlStash.store(token.content))
            return
        if token.type == "math":
            self.pending.append(self.reader.md.htmlStash.store(token.content))
            return
        self._flush()
        if token.type == "code_inline":
            # Python-Markdown's serialiser leaves what looks like a reference, so all ampersands are
            # references here.
            SubElement(self.stack[-1], "code").text = AtomicString(
                self.reader.marking.span(token.content).replace("&", "&amp;")
            )
        else:
            self.stack[-1].append(token.meta["element"])

    def _picture(self, token: Token) -> None:
        """Gather the text of a picture: its label without markup."""
        if token.nesting == 1:
            self._flush() if not self.pictures else None
            self.pictures.append(token)
            return
        opening = self.pictures.pop()
        if self.pictures:
            return
        alt, self.pending = "".join(self.pending), []
        element = SubElement(
            self.stack[-1], "img", alt=_plain(alt), src=_plain(str(opening.attrs["src"]))
        )
        self._see_link(opening, "src")
        if title := opening.attrs.get("title"):
            element.set("title", _plain(str(title)))

    def _see_link(self, token: Token, attribute: str) -> None:
        self.reader.drops.see_link(
            str(token.attrs.get(attribute, "")), self.source, self.line, token.meta.get("at", 0)
        )

    def _flush(self) -> None:
        """Put the text so far into the tree, with the mail addresses in it as links."""
        if not self.pending:
            return
        text, top = "".join(self.pending), self.stack[-1]
        self.pending = []
        in_link = any(element.tag == "a" for element in self.stack)
        pieces = [text] if in_link or "@" not in text else mail_links(text)
        for number, piece in enumerate(pieces):
            if number % 2:
                SubElement(
                    top, "a", href=f"mailto:{piece.removeprefix('mailto:')}"
                ).text = AtomicString(piece)
            elif len(top):
                top[-1].tail = (top[-1].tail or "") + _plain(piece)
            else:
                top.text = (top.text or "") + _plain(piece)


def _plain(text: str) -> str:
    """A text as Python-Markdown's tree holds it."""
    return _REFERENCE.sub("&amp;", text) if "&" in text else text


def _alternative(token: Token) -> str:
    """What a token adds to the alternative text of a picture."""
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    if token.type == "foreign":
        return "".join(token.meta["element"].itertext())
    return "" if token.type == "html_inline" else token.meta.get("source", token.content)
