"""The tree of a field that ankipress rendered, in which line ends count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ankipress.importing.fields.field_formulas import mark_formulas
from ankipress.importing.fields.html_tree import FieldElement, read_html

APART = "\x17"
"""Keeps an instruction of Anki text."""
UNSEEN = "\x1f"
"""A line end between blocks, or behind `<br>`: white space for Python."""
READY = re.compile("\x14([^\x15]*)\x15")
"""Markdown as it is."""
BREAK = "\x14<br>\x15"
"""A `<br>` that ends no line of Markdown."""
NUMBER = re.compile(r"note-[0-9a-f]{8}-([0-9]+)")
"""The id of a footnote, with its number."""
_INLINE = frozenset(
    "a abbr audio b bdi bdo br cite code del dfn em i img input ins kbd mark q rp rt ruby s samp"
    " small span strike strong sub sup tt u var video wbr".split()
)


def tree_of(html: str) -> FieldElement:
    """The tree of a field, prepared for `OwnWriter`."""
    html = html.replace("[<wbr>", f"[{APART}")
    root = read_html(mark_formulas(html))
    _prepare(root)
    return root


def _prepare(element: FieldElement) -> None:
    """Write down what is Markdown already, and which line ends only stand between blocks."""
    if element.tag == "pre":
        return
    for child in element.elements_directly():
        _prepare(child)
    children = [_ready(child) for child in _with_pictures(element.children)]
    is_block = element.tag not in _INLINE
    around = [is_block, *map(_ends_line, children), is_block]
    element.children = []
    for number, node in enumerate(children):
        kept = node
        if isinstance(node, str):
            kept = _with_unseen(node, is_behind=around[number], is_before=around[number + 2])
        elif _is_break(node) and not _begins_line(children[number + 1 : number + 2]):
            kept = BREAK
        element.children.append(kept)


def _is_break(node: FieldElement | str) -> bool:
    return isinstance(node, FieldElement) and node.tag == "br"


def _begins_line(following: Sequence[FieldElement | str]) -> bool:
    """Whether what follows a `<br>` begins with a line end, as where Markdown breaks a line."""
    return any(isinstance(node, str) and node.startswith("\n") for node in following)


def _ends_line(node: FieldElement | str) -> bool:
    """Whether a line end next to a node shows nothing."""
    return _is_break(node) or (isinstance(node, FieldElement) and node.tag not in _INLINE)


def _with_unseen(text: str, *, is_behind: bool, is_before: bool) -> str:
    """A text behind or before what ends a line: its own line end there shows nothing."""
    if is_behind and text.startswith("\n"):
        text = f"{UNSEEN}{text[1:]}"
    if is_before and text.endswith("\n"):
        text = f"{text[:-1]}{UNSEEN}"
    return text


def _ready(child: FieldElement | str) -> FieldElement | str:
    """A reference to a footnote, or a link back from one, as it is written in Markdown."""
    if isinstance(child, str):
        return child
    classes = child.attributes.get("class", "")
    if child.tag == "sup" and classes == "footnote-ref":
        links = child.elements_directly()
        found = NUMBER.search(next(links, child).attributes.get("href", ""))
        if found:
            return f"\x14[^{found[1]}]\x15"
    if child.tag == "a" and classes == "footnote-backref":
        return ""
    return child


def _with_pictures(
    children: Sequence[FieldElement | str],
) -> Iterator[FieldElement | str]:
    """Nodes in which a picture for light and one for dark are one element."""
    number = 0
    while number < len(children):
        child = children[number]
        light = _picture_of(child, "light-only")
        dark = None
        if light is not None and number + 1 < len(children):
            dark = _picture_of(children[number + 1], "dark-only")
        if light is None or dark is None:
            yield child
            number += 1
            continue
        media = {"media": "(prefers-color-scheme: dark)", "srcset": dark["src"]}
        source = FieldElement("source", media)
        yield FieldElement("picture", {}, [source, FieldElement("img", light)])
        number += 2


def _picture_of(child: FieldElement | str, look: str) -> dict[str, str] | None:
    """The attributes of a picture that is shown in one look only, without its class."""
    if isinstance(child, str) or child.tag != "img" or child.attributes.get("class") != look:
        return None
    return _without(child.attributes, "class")


def split_task(item: FieldElement) -> tuple[str, FieldElement]:
    """The box of an item that is a task, as Markdown, and the item without it."""
    box = next(iter(item.children), "")
    shown = [node for node in item.children if not isinstance(node, str) or node.strip()]
    if shown and isinstance(shown[0], FieldElement) and shown[0].tag == "p":
        sign, paragraph = split_task(shown[0])
        if sign:
            paragraph.tag = "p"
            others = [paragraph, *shown[1:]]
            return sign, FieldElement("li", _without(item.attributes, "class"), others)
    if isinstance(box, str) or box.tag != "input":
        return "", item
    others = item.children[1:]
    first = next(iter(others), None)
    if isinstance(first, str):
        others[0] = first.removeprefix(" ")
    sign = "[x] " if "checked" in box.attributes else "[ ] "
    return sign, FieldElement("li", _without(item.attributes, "class"), others)


def _without(attributes: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if name not in names}
