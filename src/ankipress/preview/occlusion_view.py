"""Shapes that hide a part of a picture, as Anki's `rslib/src/image_occlusion/imageocclusion.rs`
writes them.
"""

from __future__ import annotations

import re

from ankipress.preview.text import attribute

_START = "image-occlusion:"
_PROPERTIES = {
    "left": "left",
    "top": "top",
    "width": "width",
    "height": "height",
    "rx": "rx",
    "ry": "ry",
    "angle": "angle",
    "points": "points",
    "oi": "occludeInactive",
    "text": "text",
    "scale": "scale",
    "fs": "font-size",
    "fill": "fill",
}


def is_occlusion(text: str) -> bool:
    """Whether the content of a deletion is a shape."""
    return text.startswith(_START)


def show_occlusion(text: str, label: str, *, active: bool, front: bool) -> str:
    """The element from which Anki's script draws the shape."""
    covered = label == "0" or (active and front)
    name = "cloze" if covered else "cloze-highlight" if active else "cloze-inactive"
    return f'<div class="{name}" data-ordinal="{label}" {_data(text.removeprefix(_START))}></div>'


def _data(text: str) -> str:
    shape, *properties = (part.replace("\\:", ":") for part in re.split(r"(?<!\\):", text))
    data = [f'data-shape="{shape}" '] if shape else []
    for name, equals, value in (each.partition("=") for each in properties):
        if equals and value and name in _PROPERTIES:
            data.append(
                f'data-{_PROPERTIES[name]}="{attribute(value) if name == "text" else value}" '
            )
    return "".join(data)
