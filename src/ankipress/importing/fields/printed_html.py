"""Elements of a field as HTML in Markdown, where a line end or an empty line would mean more."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote

from ankipress.importing.fields.html_tree import RAW, VOID, FieldElement

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|/")
_NOT_IN_BRACKETS = re.compile(r"[\[\]<>\n]")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_REFERRING = frozenset({"img", "audio", "video", "source"})


def one_line(nodes: Sequence[FieldElement | str], refer: Callable[[str], str]) -> str:
    """Nodes as HTML without line ends. Those in code are written as references."""
    return "".join(_printed(node, refer, in_code=False) for node in nodes)


def opening_tag(element: FieldElement, refer: Callable[[str], str]) -> str:
    """The tag that opens an element."""
    attributes = dict(element.attributes)
    source = attributes.get("src", "")
    if element.tag in _REFERRING and source:
        attributes["src"] = media_address(source, refer)
    return f"<{element.tag}{_written(attributes)}>"


def media_address(source: str, refer: Callable[[str], str]) -> str:
    """The address in Markdown of what a picture or film shows; one outside stays."""
    if _SCHEME.match(source):
        return source
    return refer(unquote(source))


def sound_address(name: str, refer: Callable[[str], str]) -> str:
    """The address of a sound between Anki's brackets, which needs no codes for most characters."""
    address = refer(name)
    readable = unquote(address)
    if "%" in readable or _NOT_IN_BRACKETS.search(readable):
        return address
    return readable


def _written(attributes: Mapping[str, str]) -> str:
    pieces = []
    for name, value in attributes.items():
        shown = html.escape(_BLANKS.sub(" ", value), quote=False).replace('"', "&quot;")
        pieces.append(f' {name}="{shown}"' if value else f" {name}")
    return "".join(pieces)


def _printed(node: FieldElement | str, refer: Callable[[str], str], *, in_code: bool) -> str:
    if isinstance(node, str):
        text = html.escape(node, quote=False).replace("\xa0", "&nbsp;")
        if in_code:
            return text.replace("\n", "&#10;")
        return _BLANKS.sub(" ", text)
    opening = opening_tag(node, refer)
    if node.tag in VOID:
        return opening
    in_code = in_code or node.tag == "pre"
    if node.tag in RAW:
        inner = "".join(child for child in node.children if isinstance(child, str))
    else:
        inner = "".join(_printed(child, refer, in_code=in_code) for child in node.children)
    return f"{opening}{inner}</{node.tag}>"
