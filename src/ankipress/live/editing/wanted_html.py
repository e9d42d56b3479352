"""The HTML of a field as Anki's editor leaves it → HTML as a card of ankipress renders it.

What an editor leaves on its own is gone, marks have one spelling, and lines end as Markdown ends
them. Blocks that stay are kept to the letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ankipress.importing.fields.html_tree import FieldElement, read_html
from ankipress.importing.own.own_blocks import touching_blocks
from ankipress.live.comparing.field_merge import merge_field
from ankipress.live.comparing.printed_tree import printed

_SPELLINGS = {"b": "strong", "i": "em", "s": "del", "strike": "del"}
_WITH_LINES = frozenset({"blockquote", "dd", "div", "li", "p"})
_VERBATIM = frozenset({"code", "pre", "script", "style"})
_LISTS = frozenset({"ol", "ul"})


def as_rendered(wanted: str, rendered: str) -> str:
    """A wanted field as a build would write it, given how a build writes it today."""
    merged = merge_field(
        rendered,
        rendered,
        wanted,
        in_paragraphs=True,
    ).wanted
    if merged is None:
        return rendered
    known = frozenset(touching_blocks(rendered))
    spellings = {tag: other for tag, other in _SPELLINGS.items() if f"<{tag}>" not in rendered}
    return "\n".join(_block(each, known, spellings) for each in touching_blocks(merged))


def _block(
    html: str,
    known: frozenset[str],
    spellings: Mapping[str, str],
) -> str:
    if html in known:
        return html
    root = read_html(html)
    _tidy(root, spellings)
    return printed(root.children)


def _tidy(element: FieldElement, spellings: Mapping[str, str]) -> None:
    """Write what is in an element as a build does."""
    for child in element.elements_directly():
        if child.tag in spellings and not child.attributes:
            child.tag = spellings[child.tag]
        if child.tag not in _VERBATIM:
            _tidy(child, spellings)
    if element.tag in _WITH_LINES:
        element.children = list(_broken(element.children))
    if element.tag in _LISTS:
        _make_alike(element)


def _broken(nodes: Sequence[FieldElement | str]) -> Iterator[FieldElement | str]:
    """Nodes in which a line end stands behind each `<br>`."""
    is_behind = False
    for node in nodes:
        if is_behind and isinstance(node, str):
            yield "\n" + node.lstrip(" \t\r\n\f")
        elif is_behind:
            yield "\n"
            yield node
        else:
            yield node
        is_behind = not isinstance(node, str) and node.tag == "br"


def _make_alike(element: FieldElement) -> None:
    """Make the items of a list paragraphs where others are, as Markdown does."""
    items = [each for each in element.elements_directly() if each.tag == "li"]
    if not any(_has_paragraph(each) for each in items):
        return
    for each in items:
        if not any(child.tag in {"p", *_LISTS} for child in each.elements_directly()):
            each.children = [
                "\n",
                FieldElement(
                    "p",
                    {},
                    each.children,
                ),
                "\n",
            ]


def _has_paragraph(item: FieldElement) -> bool:
    return any(child.tag == "p" for child in item.elements_directly())
