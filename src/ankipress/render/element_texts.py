"""Text inside blocks → Python-Markdown's tree of elements.

It replaces the tree processor "inline", so the tree processors of extensions run before and after
it as usual. See docs/decisions/010-github-markdown.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, Self
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from ankipress.render.extension_inlines import ExtensionPatterns
from ankipress.render.marking import Marking
from ankipress.render.math import display_math, inline_math
from ankipress.syntax.inline_state import Environment
from ankipress.syntax.inlines import alternative, read_inlines
from ankipress.syntax.tree import WORDS, Content, Node, walk

# Python-Markdown's serialiser would leave a reference that is text as a reference.
_REFERENCE = re.compile(r"&(?=(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)
_TAGS = {"emphasis": "em", "strong": "strong", "strike": "del", "highlight": "mark", "link": "a"}


class Text(str):
    """The text of a block, with the nodes that were read of it."""

    __slots__ = ("content", "nodes")

    content: Content
    nodes: Sequence[Node]

    def __new__(cls, block: Node) -> Self:
        """The text of a block."""
        assert block.content is not None
        self = super().__new__(cls, block.content.text)
        self.content = block.content
        self.nodes = block.children
        return self


class FootnoteReferences(Protocol):
    """Makes the elements of references to footnotes."""

    def refer(self, label: str) -> Element:
        """The element of the next reference to a footnote, by its label in lower case."""


class ElementReader:
    """Fills elements with what texts say.

    Where a project has extensions with inline patterns, texts are read with them.
    """

    def __init__(self, md: Markdown, marking: Marking) -> None:
        self.md = md
        self.marking = marking
        self.environment = Environment()
        # What was read of texts that extensions may have changed.
        self.seen: list[Node] = []
        self.footnotes: FootnoteReferences | None = None
        self.patterns = ExtensionPatterns(md, self.replace_texts)

    def read(
        self,
        text: str,
        ancestors: Sequence[str],
        first_pattern: int = 0,
    ) -> Element:
        """What a text inside some tags says, in an element that holds it."""
        holder = Element("span")
        patterns = self.patterns.scan(text, ancestors, first_pattern)
        nodes: Sequence[Node] = getattr(text, "nodes", ())
        tasks = [node for node in nodes if node.kind == "task"]
        # Of blocks that were read for extensions, the texts are not read yet.
        if patterns is not None or len(tasks) == len(nodes):
            content = Content(text)
            if isinstance(text, Text):
                content = text.content
            nodes = [*tasks, *read_inlines(content, self.environment, patterns)]
            self.seen += walk(nodes)
        _TextBuilder(self).fill(holder, nodes)
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

    def __init__(self, md: Markdown, reader: ElementReader) -> None:
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


class _TextBuilder:
    """Adds what nodes say to an element."""

    def __init__(self, reader: ElementReader) -> None:
        self._reader = reader

    def fill(self, element: Element, nodes: Iterable[Node]) -> None:
        """Add what some nodes say."""
        # Texts are joined first: what two of them make together may look like a reference.
        words: list[str] = []
        for node in _strong_once(nodes, element.tag):
            if node.kind in WORDS:
                words.append(node.text)
                if node.kind == "escape":
                    words.append(self._reader.marking.after_escaped(node.text))
                continue
            _append_text(element, "".join(words))
            words = []
            if node.kind in _TAGS:
                self._add_element(element, node)
            else:
                self._add_leaf(element, node)
        _append_text(element, "".join(words))

    def _add_element(self, parent: Element, node: Node) -> None:
        tag = _TAGS[node.kind]
        element = SubElement(parent, tag)
        if tag == "a":
            element.set("href", _plain(node.url))
            if node.title:
                element.set("title", _plain(node.title))
        self.fill(element, node.children)

    def _add_leaf(self, parent: Element, node: Node) -> None:
        reader = self._reader
        match node.kind:
            case "softbreak":
                _append_text(parent, "\n")
            case "hardbreak":
                SubElement(parent, "br")
            case "code_span":
                # Python-Markdown's serialiser leaves what looks like a reference, so all ampersands
                # are references here.
                code = reader.marking.span(node.text).replace("&", "&amp;")
                SubElement(parent, "code").text = AtomicString(code)
            case "unseen":
                pass
            case "image":
                self._add_picture(parent, node)
            case "sound":
                # Where there is no such file, the mark is text again.
                alt = _plain(node.text)
                SubElement(parent, "img", alt=alt, src=_plain(node.url))
            case "footnote_reference":
                assert reader.footnotes is not None
                parent.append(reader.footnotes.refer(node.info))
            case "extension":
                assert isinstance(node.made, Element)
                parent.append(node.made)
            case _:
                html = self._html(node)
                text = reader.md.htmlStash.store(html)
                _append_text(parent, text)

    def _html(self, node: Node) -> str:
        """The HTML of a node that needs no element."""
        if node.kind == "task":
            checked = ""
            if node.text in {"x", "X"}:
                checked = " checked"
            return f'<input type="checkbox" disabled{checked}/> '
        if node.kind == "html":
            return node.text
        tex = self._reader.marking.tex(node.text)
        if node.info == "display":
            return display_math(tex)
        return inline_math(tex)

    def _add_picture(self, parent: Element, node: Node) -> None:
        alt = _plain(alternative(node))
        element = SubElement(parent, "img", alt=alt, src=_plain(node.url))
        if node.title:
            element.set("title", _plain(node.title))
        width, _, height = node.info.partition("x")
        for name, size in (("width", width), ("height", height)):
            if size:
                element.set(name, size)


def _strong_once(nodes: Iterable[Node], tag: str) -> Iterator[Node]:
    """As in cmark-gfm, strong inside strong is strong once."""
    for node in nodes:
        if tag == "strong" == _TAGS.get(node.kind):
            yield from _strong_once(node.children, tag)
        else:
            yield node


def _append_text(element: Element, text: str) -> None:
    if not text:
        return
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
