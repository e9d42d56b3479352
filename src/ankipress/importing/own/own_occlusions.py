"""The shapes of an image occlusion as Anki stores them → the block that a card writes them in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_SHAPE = re.compile(r"\{\{c(?P<number>[0-9]+)::image-occlusion:(?P<kind>[a-z]+):(?P<rest>.*?)\}\}")
_ITEM = re.compile(r"<li>(?P<number>[0-9]+): (?P<label>.*?)</li>", re.DOTALL)


def occlusion_block(field: str, labels: str, line: Callable[[str], str]) -> str:
    """The block of the shapes in a field; `labels` is the field that has their labels, and `line`
    writes the HTML of one as Markdown.
    """
    left = [(found["number"], line(found["label"])) for found in _ITEM.finditer(labels)]
    lines = ["```occlusion"]
    shapes = list(_SHAPE.finditer(field))
    if shapes and ":oi=1" not in field:
        lines.append("hide: one")
    for shape in shapes:
        pieces = [f"{shape['number']}: {shape['kind']}", *_measures(shape["kind"], shape["rest"])]
        label = next((each for each in left if each[0] == shape["number"]), None)
        if label is not None:
            left.remove(label)
            pieces.append(label[1])
        lines.append(" ".join(pieces))
    return "\n".join([*lines, "```"])


def _measures(kind: str, rest: str) -> Iterator[str]:
    """The distances of a shape in percent."""
    values = {}
    for each in rest.split(":"):
        name, _, value = each.partition("=")
        values[name] = value
    if kind == "polygon":
        for corner in values.get("points", "").split():
            x, _, y = corner.partition(",")
            yield f"{_percent(x)},{_percent(y)}"
        return
    names = ("left", "top", "width", "height")
    if kind == "ellipse":
        names = ("left", "top", "rx", "ry")
    for name in names:
        factor = 2 if name in {"rx", "ry"} else 1
        yield _percent(values.get(name, ""), factor)


def _percent(fraction: str, factor: int = 1) -> str:
    try:
        value = float(fraction) * 100 * factor
    except ValueError:
        return "?"
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"
