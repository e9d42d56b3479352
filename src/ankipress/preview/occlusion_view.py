"""Shapes that hide a part of a picture, by the rules of Anki's
`rslib/src/image_occlusion/imageocclusion.rs`.
"""

from __future__ import annotations

import re

from ankipress.preview.text import attribute

_START = "image-occlusion:"
_SEPARATOR = re.compile(r"(?<!\\):")
# What the properties are called on the page, where that is another name.
_NAMES = {"oi": "occludeInactive", "fs": "font-size"}
_PROPERTIES = frozenset("left top width height rx ry angle points oi text scale fs fill".split())


def is_occlusion(text: str) -> bool:
    """Whether the content of a deletion is a shape."""
    return text.startswith(_START)


def show_occlusion(
    text: str,
    label: str,
    *,
    asked: bool,
    front: bool,
) -> str:
    """The element from which Anki's script draws the shape."""
    if label == "0" or (asked and front):
        state = "cloze"
    elif asked:
        state = "cloze-highlight"
    else:
        state = "cloze-inactive"
    data = _data(text.removeprefix(_START))
    return f'<div class="{state}" data-ordinal="{label}" {data}></div>'


def _data(text: str) -> str:
    shape, *properties = [part.replace("\\:", ":") for part in _SEPARATOR.split(text)]
    data = ""
    if shape:
        data = f'data-shape="{shape}" '
    for each in properties:
        name, _, value = each.partition("=")
        if value and name in _PROPERTIES:
            if name == "text":
                value = attribute(value)
            data += f'data-{_NAMES.get(name, name)}="{value}" '
    return data
