"""The block of an image occlusion: which parts of a picture are hidden, on which card.

Each line is a shape: `1: rect 10% 20% 30% 15% its label`. The number is that of its card. It is
written, not counted, since a learner's reviews belong to it:
docs/decisions/011-occlusion-numbers.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ankipress.diagnostics import suggestion

SHAPES = ("rect", "ellipse", "polygon")
_HIGHEST = 500  # the highest number of which Anki makes a card
_LINE = re.compile(r"\s*(?:(?P<number>\d{1,6})\s*:\s*)?(?P<shape>[^\W\d_]+)(?:\s+(?P<rest>.*))?$")
_HIDE = re.compile(r"\s*hide\s*:\s*(?P<what>\S*)\s*$")
_MEASURE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(%|px)?")
_EXAMPLE = "write a line such as `1: rect 10% 20% 30% 15% its label`"


class Measure(NamedTuple):
    """A distance from the left or the top, in percent or in pixels of the picture."""

    value: float
    is_percent: bool

    def fraction(self, whole: float) -> float:
        """This distance as a fraction of a length in pixels."""
        if self.is_percent:
            return self.value / 100
        return self.value / whole


Points = tuple[tuple[Measure, Measure], ...]


class Shape(NamedTuple):
    """What hides a part of a picture.

    `points` are the corners of a polygon, or (left, top) and (width, height) of another shape.
    """

    number: int
    kind: str
    points: Points
    label: str
    line: int


class BlockMistake(NamedTuple):
    """What is wrong with a 0-based line of a block; line -1 stands for the whole block."""

    line: int
    message: str
    help: str = _EXAMPLE


class OcclusionBlock(NamedTuple):
    """The shapes of a block, whether all of them hide at once, and what is wrong."""

    shapes: tuple[Shape, ...]
    hides_all: bool
    mistakes: tuple[BlockMistake, ...]


def read_block(text: str) -> OcclusionBlock:
    """Read the shapes of a block. Blank lines and lines that begin with `#` are ignored."""
    shapes: list[Shape] = []
    mistakes: list[BlockMistake] = []
    hides_all = True
    for number, line in enumerate(text.split("\n")):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if found := _HIDE.match(line):
            what = found["what"]
            hides_all = what != "one"
            if what not in {"one", "all"}:
                message = f'"hide" is one or all, not {what!r}'
                help = "write `hide: one` or `hide: all`"
                mistakes.append(BlockMistake(number, message, help))
            continue
        read = _read_shape(line, number)
        if isinstance(read, Shape):
            shapes.append(read)
        else:
            mistakes.append(read)
    if not shapes and not mistakes:
        mistakes.append(BlockMistake(-1, "this block hides nothing"))
    mistakes += _number_mistakes(shapes)
    return OcclusionBlock(tuple(shapes), hides_all, tuple(mistakes))


def _read_shape(line: str, number: int) -> Shape | BlockMistake:
    found = _LINE.match(line)
    if found is None:
        return BlockMistake(number, "this is no shape")
    kind = found["shape"]
    words = (found["rest"] or "").split()
    if kind not in SHAPES:
        message = f'there is no shape "{kind}"{suggestion(kind, SHAPES)}'
        return BlockMistake(number, message, f"the shapes are {', '.join(SHAPES)}")
    if kind == "polygon":
        points, label = _read_polygon(words)
        if len(points) < 3:
            message = "a polygon has three corners or more"
            return BlockMistake(number, message, "write them as `x,y x,y x,y`")
    else:
        points, label = _read_box(words)
        if not points:
            message = f"a shape `{kind}` has four numbers"
            help = "write its left, top, width and height, in pixels or percent"
            return BlockMistake(number, message, help)
        width, height = points[1]
        if not (width.value and height.value):
            message = "a shape without width or height hides nothing"
            return BlockMistake(number, message, "write its left, top, width and height")
    return Shape(
        int(found["number"] or 0),
        kind,
        points,
        label,
        number,
    )


def _read_box(words: Sequence[str]) -> tuple[Points, str]:
    measures: list[Measure] = []
    for word in words[:4]:
        measure = _read_measure(word)
        if measure is None:
            return (), ""
        measures.append(measure)
    if len(measures) < 4:
        return (), ""
    left, top, width, height = measures
    return ((left, top), (width, height)), " ".join(words[4:])


def _read_polygon(words: Sequence[str]) -> tuple[Points, str]:
    corners: list[tuple[Measure, Measure]] = []
    for word in words:
        left, _, top = word.partition(",")
        x = _read_measure(left)
        y = _read_measure(top)
        if x is None or y is None:
            break
        corners.append((x, y))
    return tuple(corners), " ".join(words[len(corners) :])


def _read_measure(word: str) -> Measure | None:
    found = _MEASURE.fullmatch(word)
    if found is None:
        return None
    return Measure(float(found[1]), found[2] == "%")


def _number_mistakes(shapes: Sequence[Shape]) -> Iterator[BlockMistake]:
    """A mistake for each shape without a valid number."""
    highest = max((shape.number for shape in shapes), default=0)
    free = min(highest + 1, _HIGHEST)
    for shape in shapes:
        if not 1 <= shape.number <= _HIGHEST:
            yield BlockMistake(
                shape.line,
                f"a shape has a number from 1 to {_HIGHEST}, which is that of its card",
                f"write `{free}:` before it, and never change it:"
                " learners' reviews belong to this number",
            )
