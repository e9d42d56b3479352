"""Rendered notes and their pictures → image occlusions, with shapes as Anki stores them.

The form is that of Anki's `rslib/src/image_occlusion/imagedata.rs` and
`ts/routes/image-occlusion/shapes/`: fractions of the picture, so that its size on the screen does
not matter.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ankipress.diagnostics import Diagnostic, location_of_text
from ankipress.model import MediaFile, RenderedNote
from ankipress.syntax.occlusion_block import Shape, read_block

_SRC = re.compile(r'<img[^>]* src="([^"]*)"')
_VIEW_BOX = re.compile(
    rb"""
    <svg[^>]*\sviewBox\s*=\s*["']\s*
    [-\d.]+[\s,]+[-\d.]+[\s,]+
    (\d+\.?\d*|\.\d+)[\s,]+(\d+\.?\d*|\.\d+)
    """,
    re.VERBOSE,
)
_HEAD = 10_000  # bytes of a drawing in which its box is looked for
_MOST = 1.0005  # of width and height: half of the last digit that is kept may be too much

Size = tuple[float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Occluded:
    """Every note, with the shapes of image occlusions, and the problems."""

    notes: tuple[RenderedNote, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def occlude(notes: Sequence[RenderedNote], files: Mapping[str, MediaFile]) -> Occluded:
    """Every note, with the shapes of image occlusions filled in.

    `files` are those of the pictures, by name.
    """
    problems: list[Diagnostic] = []
    occluded = list(notes)
    for index, each in enumerate(notes):
        if each.note.entry.kind == "occlusion":
            field = _field(each, files, problems)
            fields = {**each.fields, "Occlusion": field}
            occluded[index] = replace(each, fields=fields)
    return Occluded(tuple(occluded), tuple(problems))


def _field(note: RenderedNote, files: Mapping[str, MediaFile], problems: list[Diagnostic]) -> str:
    """The shapes of a note as the text of Anki's field. Problems are added to the list."""
    part = note.note.entry.parts.get("Occlusion")
    picture = _SRC.search(note.fields.get("Image", ""))
    if part is None or picture is None:
        return ""  # parsing has reported it
    file = files.get(html.unescape(picture[1]))
    if file is None:
        return ""  # resolving references has reported it
    block = read_block(part.text)
    size = picture_size(file.read())
    known = "a picture ends at 100%"
    if size:
        known = "the picture has {:g} × {:g} pixels".format(*size)
    mode = ""
    if block.hides_all:
        mode = ":oi=1"
    deletions = []
    lines = part.text.split("\n")
    for shape in block.shapes:
        path = note.note.entry.path
        line = part.line + shape.line
        location = location_of_text(path, line, lines[shape.line])
        points = _points(shape, size)
        if points is None:
            message = "the size of this picture is not known, so pixels mean nothing"
            help = "write percent: `10%`"
            problems.append(Diagnostic("bad-occlusion", location, message, help))
        elif outside := _outside(shape, points):
            problems.append(Diagnostic("shape-outside", location, outside, known))
        else:
            properties = _properties(shape, points)
            deletions.append(f"{{{{c{shape.number}::image-occlusion:{properties}{mode}}}}}")
    return "<br>".join(deletions)


def picture_size(content: bytes) -> Size | None:
    """Width and height of a picture in pixels, as it is shown; None where its head does not say."""
    import imagesize  # noqa: PLC0415 - most decks hide nothing in pictures

    size: Size = (-1, -1)
    with suppress(Exception):  # whatever a damaged picture raises
        size = imagesize.get(io.BytesIO(content))
    # Drawings often say only how large their inside is.
    box = _VIEW_BOX.search(content[:_HEAD])
    if min(size) <= 0 and box:
        size = float(box[1]), float(box[2])
    if min(size) <= 0:
        return None
    return size


def _points(shape: Shape, size: Size | None) -> list[Point] | None:
    """The points of a shape as fractions of the picture, None if its size is needed and unknown."""
    if size is None:
        for x, y in shape.points:
            if not (x.is_percent and y.is_percent):
                return None
    width, height = size or (1.0, 1.0)
    return [(x.fraction(width), y.fraction(height)) for x, y in shape.points]


def _outside(shape: Shape, points: Sequence[Point]) -> str:
    """Where a shape leaves the picture, in words; empty where it does not."""
    xs, ys = zip(*points, strict=True)
    # A polygon has corners. Any other shape has one corner, then a width and a height.
    ends = {"right": sum(xs), "bottom": sum(ys)}
    if shape.kind == "polygon":
        ends = {"right": max(xs), "bottom": max(ys)}
    for edge, end in ends.items():
        if end > _MOST:
            percent = f"{end * 100:.4g}%"
            return f"this shape leaves the picture: it ends at {percent}, beyond the {edge} edge"
    return ""


def _properties(shape: Shape, points: Sequence[Point]) -> str:
    (left, top), (width, height), *_ = points
    if shape.kind == "polygon":
        # Anki moves a polygon to its left and top, so they must be those of its corners.
        left, top = (min(values) for values in zip(*points, strict=True))
        corners = [f"{_number(x)},{_number(y)}" for x, y in points]
        size = f"points={' '.join(corners)}"
    elif shape.kind == "ellipse":
        size = f"rx={_number(width / 2)}:ry={_number(height / 2)}"
    else:
        size = f"width={_number(width)}:height={_number(height)}"
    return f"{shape.kind}:left={_number(left)}:top={_number(top)}:{size}"


def _number(value: float) -> str:
    """A fraction with the four digits that Anki keeps."""
    return f"{min(value, 1.0):.4f}".rstrip("0").rstrip(".").removeprefix("0") or "0"
