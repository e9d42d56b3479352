"""The HTML of a field as the tree that a browser would make of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

import nh3

from ankipress.render.html import TAG
from ankipress.syntax.html_tags import TAG_OR_COMMENT

_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# Every word that may be the name of an attribute: a browser takes nearly all characters for one.
_ATTRIBUTE_NAME = re.compile(r"[^\s\"'<>/=]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TOKEN = re.compile(rf"(?P<tag>{TAG})|[^<]+", re.DOTALL)
_TOKEN_ATTRIBUTE = re.compile(r' ([^ ="]+)="([^"]*)"')
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"})
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_IN_CODE = frozenset({"br", "code", "div", "font", "span", "wbr"})
_EDGE = "\x0e"


@dataclass(slots=True, eq=False)
class FieldElement:
    """An element: its tag, its attributes, and what is in it, texts and elements."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[FieldElement | str] = field(default_factory=list)

    def elements(self) -> Iterator[FieldElement]:
        """All elements in it."""
        stack = [self]
        while stack:
            for child in stack.pop().children:
                if isinstance(child, FieldElement):
                    yield child
                    stack.append(child)

    def elements_directly(self) -> Iterator[FieldElement]:
        """The elements that it holds itself."""
        for child in self.children:
            if isinstance(child, FieldElement):
                yield child

    def depth(self) -> int:
        """How many elements are nested in each other."""
        deepest = 0
        stack = [(self, 0)]
        while stack:
            element, depth = stack.pop()
            deepest = max(deepest, depth)
            stack += [(child, depth + 1) for child in element.elements_directly()]
        return deepest

    def code(self) -> str | None:
        """The text of code, None where more than lines and colours is in it."""
        if any(each.tag not in _IN_CODE for each in self.elements()):
            return None
        text = "".join(_code_pieces(self)).replace("\r\n", "\n").replace("\xa0", " ")
        text = re.sub(f"\n{_EDGE}+", "\n", text)
        return re.sub(f"{_EDGE}+", "\n", text).strip("\n")

    def text(self) -> str:
        """All text in it; a line end for each `<br>`."""
        pieces: list[str] = []
        stack: list[FieldElement | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                pieces.append(node)
            elif node.tag == "br":
                pieces.append("\n")
            else:
                stack += reversed(node.children)
        return "".join(pieces)


def _code_pieces(element: FieldElement) -> Iterator[str]:
    """The text of code, with a mark where a line begins or ends."""
    edge = _EDGE if element.tag == "div" else ""
    yield edge
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _code_pieces(child)
    yield edge


def as_printed(html: str) -> str:
    """HTML as a browser would print it, with every tag and attribute that is in it."""
    written = "".join(frozenset(TAG_OR_COMMENT.findall(html)))
    tags = frozenset(name.lower() for name in _NAME.findall(written))
    bare = _QUOTED.sub(" ", written)
    names = frozenset(name.lower() for name in _ATTRIBUTE_NAME.findall(bare))
    schemes = frozenset(scheme.lower() for scheme in _SCHEME.findall(unescape(written)))
    return _cleaner(tags, names, schemes).clean(html)


@functools.lru_cache(maxsize=256)
def _cleaner(
    tags: frozenset[str], attributes: frozenset[str], schemes: frozenset[str]
) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(),
        attributes={"*": set(attributes)},
        url_schemes=set(schemes),
        link_rel=None,
    )


def read_html(html: str) -> FieldElement:
    """The tree of some HTML, in an element that stands for the field."""
    root = FieldElement("field")
    if "<" in html:
        _TreeReader(root).read(as_printed(html))
    elif html:
        root.children.append(unescape(html))
    return root


class _TreeReader:
    """Builds a tree of HTML that a browser has printed."""

    def __init__(self, root: FieldElement) -> None:
        self._stack = [root]

    def read(self, html: str) -> None:
        """Read all of some HTML."""
        position = 0
        while found := _TOKEN.match(html, position):
            position = found.end()
            if found["tag"]:
                self._read_tag(found[0])
            else:
                self._add(unescape(found[0]))
            raw = self._stack[-1].tag
            if raw in RAW:
                end = html.find(f"</{raw}>", position)
                self._add(html[position:end])
                position = end

    def _add(self, text: str) -> None:
        children = self._stack[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += text
        elif text:
            children.append(text)

    def _read_tag(self, tag: str) -> None:
        if tag.startswith("</"):
            # A script may hold the end of another one, and then end twice.
            if tag == f"</{self._stack[-1].tag}>":
                self._stack.pop()
            return
        name = tag[1:-1].partition(" ")[0]
        attributes = {key: unescape(value) for key, value in _TOKEN_ATTRIBUTE.findall(tag)}
        element = FieldElement(name, attributes)
        self._stack[-1].children.append(element)
        if name not in VOID:
            self._stack.append(element)
