"""Masks on a picture as elements of a page, since Anki's script, which draws them on a canvas, is
not there.

Lengths are parts of the picture, so that the masks lie where they must at any size.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

_SHAPE = re.compile(
    r'<div class="cloze(?P<state>-inactive|-highlight)?" data-ordinal="(?P<number>[^"]*)"(?P<data>[^<>]*)></div>'
)
_DATA = re.compile(r' data-([a-zA-Z-]+)="([^"]*)"')
_CANVAS = re.compile(r'<canvas id="?image-occlusion-canvas"?[^>]*></canvas>')
_NUMBER = re.compile(r"-?\d*\.?\d+")


def draw_masks(side: str, *, front: bool) -> str:
    """A side with its masks where the canvas stands that Anki draws them on; the same text where
    there is none.
    """
    if not _CANVAS.search(side):
        return side
    masks = "".join(_mask(found, front=front) for found in _SHAPE.finditer(side))
    return _CANVAS.sub(lambda _: masks, side, count=1)


def _mask(found: re.Match[str], *, front: bool) -> str:
    data = {name: html.unescape(value) for name, value in _DATA.findall(found["data"])}
    if found["state"] == "-inactive" and data.get("occludeInactive", "0") != "1":
        return ""
    name = (
        "shown"
        if found["state"] == "-highlight"
        else "asked"
        if found["state"] is None and found["number"] != "0"
        else "other"
    )
    shape = data.get("shape", "")
    if shape == "text":
        size = f"scale: {scale};" if (scale := _number(data, "scale")) not in {0, 1} else ""
        place = f"{_place(data, 'left', 'top')}{size} transform-origin: 0 0"
        return f'<span class="mask text" style="{place}">{html.escape(data.get("text", ""))}</span>'
    style = _shape_style(shape, data)
    hidden = "What is asked for is hidden here" if front and name == "asked" else ""
    label = f' role="img" aria-label="{hidden}"' if hidden else ""
    return f'<span class="mask {name}"{label} style="{style}"></span>' if style else ""


def _shape_style(shape: str, data: Mapping[str, str]) -> str:
    turn = (
        f" transform-origin: 0 0; rotate: {angle:g}deg;"
        if (angle := _number(data, "angle"))
        else ""
    )
    if shape == "rect":
        return _place(data, "left", "top", "width", "height") + turn
    if shape == "ellipse":
        size = f"width: {200 * _number(data, 'rx'):.4g}%; height: {200 * _number(data, 'ry'):.4g}%; border-radius: 50%;"
        return _place(data, "left", "top") + size + turn
    points = (
        re.findall(rf"({_NUMBER.pattern}),({_NUMBER.pattern})", data.get("points", ""))
        if shape == "polygon"
        else []
    )
    corners = ", ".join(f"{100 * float(x):.4g}% {100 * float(y):.4g}%" for x, y in points)
    return f"inset: 0; border: 0; clip-path: polygon({corners});" if corners else ""


def _place(data: Mapping[str, str], *names: str) -> str:
    return "".join(f"{name}: {100 * _number(data, name):.4g}%; " for name in names)


def _number(data: Mapping[str, str], name: str) -> float:
    value = data.get(name, "")
    return float(value) if _NUMBER.fullmatch(value) else 0.0
