"""A tree of a field as the HTML that a browser prints of it."""

from __future__ import annotations

import html
from collections.abc import Sequence

from ankipress.importing.fields.html_tree import (
    RAW,
    VOID,
    FieldElement,
)


def printed(nodes: Sequence[FieldElement | str]) -> str:
    """Nodes as HTML."""
    return "".join(map(_printed, nodes))


def printed_opening(element: FieldElement) -> str:
    """The tag that opens an element."""
    written = "".join(f' {name}="{_value(value)}"' for name, value in element.attributes.items())
    return f"<{element.tag}{written}>"


def _value(value: str) -> str:
    return value.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace('"', "&quot;")


def _printed(node: FieldElement | str) -> str:
    if isinstance(node, str):
        return html.escape(node, quote=False).replace("\xa0", "&nbsp;")
    opening = printed_opening(node)
    if node.tag in VOID:
        return opening
    if node.tag in RAW:
        inner = "".join(child for child in node.children if isinstance(child, str))
    else:
        inner = printed(node.children)
    return f"{opening}{inner}</{node.tag}>"
