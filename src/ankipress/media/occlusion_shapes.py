"""Rendered notes and their pictures → image occlusions: shapes in the form in which Anki keeps
them.

The form is that of Anki's `rslib/src/image_occlusion/imagedata.rs` and
`ts/routes/image-occlusion/shapes/`: fractions of the picture, so that its size on the screen does
not matter.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import MediaFile, Part, RenderedNote
from ankipress.syntax.occlusion_block import Measure, Shape, read_block

_SRC = re.compile(r'<img[^>]* src="([^"]*)"')
_VIEW_BOX = re.compile(
    rb"<svg[^>]*\sviewBox\s*=\s*[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)"
)
_SLACK = 0.0005  # half of the last digit that is kept

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Occluded:
    """Every note, those with pictures that are hidden in part with the shapes that hide them, and
    the problems.
    """

    notes: tuple[RenderedNote, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def occlude(notes: Sequence[RenderedNote], files: Mapping[str, MediaFile]) -> Occluded:
    """Every note, with the shapes of image occlusions filled in. `files` are those of the
    pictures, by name.
    """
    problems: list[Diagnostic] = []
    occluded = []
    for each in notes:
        if each.note.entry.kind == "occlusion":
            field, found = _field(each, files)
            problems += found
            occluded.append(replace(each, fields={**each.fields, "Occlusion": field}))
        else:
            occluded.append(each)
    return Occluded(tuple(occluded), tuple(problems))


def _field(note: RenderedNote, files: Mapping[str, MediaFile]) -> tuple[str, list[Diagnostic]]:
    """The shapes of a note as Anki's field, and what is wrong with them."""
    part = note.note.entry.parts.get("Occlusion")
    picture = _SRC.search(note.fields.get("Image", ""))
    if part is None or picture is None:
        return "", []  # that is a problem already
    file = files.get(html.unescape(picture[1]))
    if file is None:
        return "", []  # and so is this
    block, size = read_block(part.text), picture_size(file.read())
    problems = []
    deletions = []
    for shape in block.shapes:
        fractions = _fractions(shape, size)
        if fractions is None:
            message, way_out = (
                "the size of this picture is not known, so pixels mean nothing",
                "write percent: `10%`",
            )
            problems.append(
                Diagnostic("bad-occlusion", _place(note, part, shape.line), message, way_out)
            )
        elif outside := _outside(shape, fractions):
            known = (
                f"the picture has {size[0]:g} × {size[1]:g} pixels"
                if size
                else "a picture ends at 100%"
            )
            problems.append(
                Diagnostic("shape-outside", _place(note, part, shape.line), outside, known)
            )
        else:
            mode = ":oi=1" if block.hides_all else ""
            deletions.append(
                f"{{{{c{shape.number}::image-occlusion:{_properties(shape, fractions)}{mode}}}}}"
            )
    return "<br>".join(deletions), problems


def _place(note: RenderedNote, part: Part, line: int) -> Location:
    text = part.text.split("\n")[line]
    indent = len(text) - len(text.lstrip())
    return Location(note.note.entry.path, part.line + line, indent + 1, max(1, len(text.strip())))


def picture_size(content: bytes) -> Size | None:
    """Width and height of a picture in pixels, as it is shown; None where its head does not say."""
    import imagesize  # noqa: PLC0415 - most decks hide nothing in pictures

    try:
        width, height = imagesize.get(io.BytesIO(content))
    except Exception:  # noqa: BLE001 - a damaged picture, of whatever format
        width, height = -1, -1
    if width > 0 and height > 0:
        return float(width), float(height)
    # Drawings often say only how large their inside is.
    box = _VIEW_BOX.search(content[:10_000])
    try:
        found = (float(box[1]), float(box[2])) if box else None
    except ValueError:
        return None
    return found if found and min(found) > 0 else None


def _fractions(shape: Shape, size: Size | None) -> list[tuple[float, float]] | None:
    """The points of a shape as fractions of the picture, None where that takes a size that is not
    known.
    """
    measures: list[Measure] = [each for point in shape.points for each in point]
    if size is None and not all(each.is_percent for each in measures):
        return None
    width, height = size or (1.0, 1.0)
    return [(x.fraction(width), y.fraction(height)) for x, y in shape.points]


def _outside(shape: Shape, points: Sequence[tuple[float, float]]) -> str:
    """Where a shape leaves the picture, in words; empty where it does not."""
    ends = points
    if shape.kind != "polygon":
        (left, top), (width, height) = points
        ends = [(left, top), (left + width, top + height)]
    right, bottom = max(x for x, _ in ends), max(y for _, y in ends)
    if right <= 1 + _SLACK and bottom <= 1 + _SLACK:
        return ""
    edge, value = ("right", right) if right > 1 + _SLACK else ("bottom", bottom)
    return f"this shape leaves the picture: it ends at {value * 100:.4g}%, beyond the {edge} edge"


def _properties(shape: Shape, points: Sequence[tuple[float, float]]) -> str:
    if shape.kind == "polygon":
        # Anki moves a polygon to its left and top, so they must be those of its corners.
        left, top = min(x for x, _ in points), min(y for _, y in points)
        corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        return f"polygon:left={_number(left)}:top={_number(top)}:points={corners}"
    (left, top), (width, height) = points
    start = f"{shape.kind}:left={_number(left)}:top={_number(top)}"
    if shape.kind == "ellipse":
        return f"{start}:rx={_number(width / 2)}:ry={_number(height / 2)}"
    return f"{start}:width={_number(width)}:height={_number(height)}"


def _number(value: float) -> str:
    """A fraction with the four digits that Anki keeps."""
    return f"{min(value, 1.0):.4f}".rstrip("0").rstrip(".").removeprefix("0") or "0"
