"""Nodes of a field as HTML in Markdown that becomes those very nodes."""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from ankipress.importing.fields.field_formulas import MARKED
from ankipress.importing.fields.html_tree import VOID, FieldElement
from ankipress.importing.fields.printed_html import opening_tag
from ankipress.importing.own.own_tree import APART, BREAK, UNSEEN

SOUND = re.compile(r"\[sound:([^\[\]\n<>]*)\]")
_HTML_BLOCK = re.compile(
    r"<(?:blockquote|center|details|div|dl|figure|h[1-6]|hr|ol|p|section|table|ul)[\s>]"
)
_BREAK = html_module.escape(BREAK)
_EMPTY_LINES = re.compile(r"\n(?=\n)")


def exact_block(nodes: Sequence[FieldElement | str], refer: Callable[[str], str]) -> str:
    """Nodes as a block of HTML in Markdown, which becomes those nodes to the letter."""
    html = exact_html(nodes, refer)
    if _HTML_BLOCK.match(html):
        return _EMPTY_LINES.sub("\n&#10;", html).replace("&#10;\n", "&#10;")
    return "<!-- HTML -->" + html.replace("\n", "&#10;")


def exact_html(nodes: Sequence[FieldElement | str], refer: Callable[[str], str]) -> str:
    """Nodes as HTML with all of their line ends."""
    return "".join(_exact(node, refer) for node in nodes)


def _exact(node: FieldElement | str, refer: Callable[[str], str]) -> str:
    if isinstance(node, str):
        text = html_module.escape(node, quote=False).replace("\xa0", "&nbsp;")
        text = MARKED.sub(_delimited, _finished(text))
        return SOUND.sub(lambda found: _audio(found[1], refer), text)
    if "srcset" in node.attributes:
        node = FieldElement(
            node.tag, {**node.attributes, "srcset": refer(unquote(node.attributes["srcset"]))}
        )
    opening = opening_tag(node, refer)
    if node.tag in VOID:
        return opening
    return f"{opening}{exact_html(node.children, refer)}</{node.tag}>"


def _finished(text: str) -> str:
    text = text.replace(UNSEEN, "\n").replace(APART, "<wbr>")
    return text.replace(_BREAK, "<br>")


def _delimited(formula: re.Match[str]) -> str:
    if formula[1] == "[":
        return f"\\[{formula[2]}\\]"
    return f"\\({formula[2]}\\)"


def _audio(name: str, refer: Callable[[str], str]) -> str:
    return f'<audio src="{refer(html_module.unescape(name))}"></audio>'
