"""Styles that pasting and a browser's editing leave, and those that somebody chose."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape

from ankipress.importing.fields.html_tree import FieldElement
from ankipress.importing.fields.plainer_html import declarations

Declaration = tuple[str, str]
"""A property of a style and its value, in one spelling."""

_GREYS = frozenset(
    """
    black white gray grey silver gainsboro whitesmoke snow ghostwhite ivory darkgray darkgrey
    dimgray dimgrey lightgray lightgrey slategray slategrey darkslategray darkslategrey
    lightslategray lightslategrey transparent currentcolor inherit initial unset revert
    revert-layer windowtext window canvas canvastext text
    """.split()
)
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(r"rgba?\(([0-9.]+%?)[, ]([0-9.]+%?)[, ]([0-9.]+%?)(?:[,/ ].*)?\)")
_HSL = re.compile(r"hsla?\([^, ]+[, ]([0-9.]+)%?[, ]([0-9.]+)%?(?:[,/ ].*)?\)")
_NAME = re.compile(r"[a-z]+")
_LEAST_COLOUR = 40  # of 255: what differs less between red, green and blue is a grey of some page
_LEAST_SATURATION = 15  # of 100
_COLOURS = ("color", "background-color")
# What Anki's editor sets, by a button or with the mouse, and what that can be set on.
_SET_IN_EDITOR = frozenset({"float", "height", "list-style-type", "text-align", "width"})
_SIDES = frozenset({"center", "right"})
_PICTURES = frozenset({"float", "height", "width"})


def chosen_style(
    element: FieldElement,
    known: Collection[Declaration],
    *,
    is_in_link: bool,
) -> str:
    """The part of an element's style that somebody chose, or that is `known`: that stood in the
    field before.
    """
    if "style" not in element.attributes:
        return ""
    found = [_as_longhand(each) for each in declarations(element.attributes["style"])]
    names = {name for name, _ in found}
    is_pasted = is_in_link or names.issuperset(_COLOURS)
    kept = []
    for each in found:
        name, value = each
        if each in known:
            kept.append(each)
        elif name in _COLOURS:
            if not is_pasted and is_colourful(value):
                kept.append(each)
        elif name in _SET_IN_EDITOR and _is_chosen(element, name, value):
            kept.append(each)
    return "; ".join(f"{name}: {value}" for name, value in dict(kept).items())


def styles_in(root: FieldElement) -> frozenset[Declaration]:
    """All declarations in a field."""
    found: set[Declaration] = set()
    for element in root.elements():
        style = element.attributes.get("style", "")
        found.update(_as_longhand(each) for each in declarations(unescape(style)))
    return frozenset(found)


def is_colourful(value: str) -> bool:
    """Whether a colour is none of the blacks, whites and greys of pages and programs."""
    if found := _HEX.fullmatch(value):
        digits = found[1]
        if len(digits) < 6:
            digits = "".join(digit * 2 for digit in digits)
        return _differ([int(digits[place : place + 2], 16) for place in (0, 2, 4)])
    if found := _RGB.fullmatch(value):
        return _differ([_part(each) for each in found.groups()])
    if found := _HSL.fullmatch(value):
        saturation, lightness = map(float, found.groups())
        return saturation >= _LEAST_SATURATION and 5 < lightness < 95
    return bool(_NAME.fullmatch(value)) and value not in _GREYS


def _differ(parts: list[float] | list[int]) -> bool:
    return max(parts) - min(parts) > _LEAST_COLOUR


def _part(text: str) -> float:
    """A part of a colour, of 255."""
    number = float(text.rstrip("%").rstrip(".") or "0")
    if text.endswith("%"):
        return number * 2.55
    return number


def _as_longhand(declaration: Declaration) -> Declaration:
    """`background` with a colour alone as the property that it sets."""
    name, value = declaration
    if name == "background" and " " not in value:
        return "background-color", value
    return declaration


def _is_chosen(
    element: FieldElement,
    name: str,
    value: str,
) -> bool:
    if name in _PICTURES:
        return element.tag == "img"
    if name == "list-style-type":
        return element.tag in {"ol", "ul", "li"}
    return value in _SIDES
