"""Masks on a picture as elements of a page without Anki's script, which draws on a canvas.

Lengths are parts of the picture, so that the masks lie in their places at any size.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

_SHAPE = re.compile(
    r'<div class="cloze(?P<state>-inactive|-highlight)?" data-ordinal="(?P<number>[^"]*)"'
    r"(?P<data>[^<>]*)></div>"
)
_DATA = re.compile(r' data-([a-zA-Z-]+)="([^"]*)"')
_CANVAS = re.compile(r'<canvas id="?image-occlusion-canvas"?[^>]*></canvas>')
_NUMBER = re.compile(r"-?\d*\.?\d+")
_POINT = re.compile(rf"({_NUMBER.pattern}),({_NUMBER.pattern})")
_LABEL = ' role="img" aria-label="What is asked for is hidden here"'

Data = Mapping[str, str]


def draw_masks(side: str, *, front: bool) -> str:
    """Put masks in the place of the canvas that Anki draws them on."""
    if not _CANVAS.search(side):
        return side
    masks = "".join(_mask(found, front=front) for found in _SHAPE.finditer(side))
    return _CANVAS.sub(lambda _: masks, side, count=1)


def _mask(found: re.Match[str], *, front: bool) -> str:
    data = {name: html.unescape(value) for name, value in _DATA.findall(found["data"])}
    state = found["state"]
    # Anki marks each shape as hidden, asked for or shown; some decks hide the others, too.
    if state == "-inactive" and data.get("occludeInactive") != "1":
        return ""
    if data.get("shape") == "text":
        text = html.escape(data.get("text", ""))
        return f'<span class="mask text" style="{_text_style(data)}">{text}</span>'
    style = _shape_style(data)
    if not style:
        return ""
    name = "other"
    label = ""
    if state == "-highlight":
        name = "shown"
    elif state is None and found["number"] != "0":
        name = "asked"
        if front:
            label = _LABEL
    return f'<span class="mask {name}"{label} style="{style}"></span>'


def _text_style(data: Data) -> str:
    scale = _number(data, "scale")
    # A scale of 0 is one that is not there.
    size = ""
    if scale not in {0, 1}:
        size = f"scale: {scale};"
    return f"{_place(data, 'left', 'top')}{size} transform-origin: 0 0"


def _shape_style(data: Data) -> str:
    """The style of a shape, empty for one that is unknown or has no corners."""
    angle = _number(data, "angle")
    rotation = ""
    if angle:
        rotation = f" transform-origin: 0 0; rotate: {angle:g}deg;"
    match data.get("shape"):
        case "rect":
            return _place(data, "left", "top", "width", "height") + rotation
        case "ellipse":
            width = 200 * _number(data, "rx")
            height = 200 * _number(data, "ry")
            size = f"width: {width:.4g}%; height: {height:.4g}%; border-radius: 50%;"
            return _place(data, "left", "top") + size + rotation
        case "polygon":
            return _polygon_style(data.get("points", ""))
    return ""


def _polygon_style(points: str) -> str:
    corners = [f"{100 * float(x):.4g}% {100 * float(y):.4g}%" for x, y in _POINT.findall(points)]
    if not corners:
        return ""
    return f"inset: 0; border: 0; clip-path: polygon({', '.join(corners)});"


def _place(data: Data, *names: str) -> str:
    return "".join(f"{name}: {100 * _number(data, name):.4g}%; " for name in names)


def _number(data: Data, name: str) -> float:
    value = data.get(name, "")
    if not _NUMBER.fullmatch(value):
        return 0.0
    return float(value)
