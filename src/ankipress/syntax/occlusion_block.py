"""The block of an image occlusion: which parts of a picture are hidden, on which card.

A line for each shape: `1: rect 10% 20% 30% 15% its label`. The number is the card's own. It is
written, not counted, since a learner's reviews belong to it:
docs/decisions/012-occlusion-numbers.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ankipress.diagnostics import suggestion

SHAPES = ("rect", "ellipse", "polygon")
_HIGHEST = 500  # what Anki makes cards of
_LINE = re.compile(r"\s*(?:(?P<number>\d{1,6})\s*:\s*)?(?P<shape>[^\W\d_]+)(?:\s+(?P<rest>.*))?$")
_HIDE = re.compile(r"\s*hide\s*:\s*(?P<what>\S*)\s*$")
_MEASURE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(%|px)?")
_EXAMPLE = "write a line such as `1: rect 10% 20% 30% 15% its label`"


@dataclass(frozen=True, slots=True)
class Measure:
    """A distance from the left or the top: in percent, or in pixels of the picture."""

    value: float
    is_percent: bool

    def fraction(self, whole: float) -> float:
        """The part of a whole, given in pixels, that this is."""
        return self.value / (100 if self.is_percent else whole)


@dataclass(frozen=True, slots=True)
class Shape:
    """What hides a part of a picture. `points` are left and top, width and height of a rectangle or
    ellipse, or corners.
    """

    number: int
    kind: str
    points: tuple[tuple[Measure, Measure], ...]
    label: str
    line: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a 0-based line of a block; line -1 stands for the block."""

    line: int
    message: str
    help: str = _EXAMPLE


@dataclass(frozen=True, slots=True)
class Block:
    """A block that was read: its shapes, whether all of them hide at once, and what is wrong."""

    shapes: tuple[Shape, ...]
    hides_all: bool
    mistakes: tuple[Mistake, ...]


def read_block(text: str) -> Block:
    """The shapes in the text of a block. Empty lines, and those that begin with `#`, say nothing."""
    shapes: list[Shape] = []
    mistakes: list[Mistake] = []
    hides_all = True
    for number, line in enumerate(text.split("\n")):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if found := _HIDE.match(line):
            hides_all = found["what"] != "one"
            if found["what"] not in {"one", "all"}:
                mistakes.append(
                    Mistake(
                        number,
                        f'"hide" is one or all, not {found["what"]!r}',
                        "write `hide: one` or `hide: all`",
                    )
                )
            continue
        read = _read_shape(line, number)
        if isinstance(read, Shape):
            shapes.append(read)
        else:
            mistakes.append(Mistake(number, *read))
    if not shapes and not mistakes:
        mistakes.append(Mistake(-1, "this block hides nothing"))
    return Block(tuple(shapes), hides_all, tuple(_numbered(shapes, mistakes)))


def _read_shape(line: str, number: int) -> Shape | tuple[str, str]:
    """The shape in a line, or a message and a way out."""
    found = _LINE.match(line)
    if found is None:
        return "this is no shape", _EXAMPLE
    kind, words = found["shape"], (found["rest"] or "").split()
    if kind not in SHAPES:
        return f'there is no shape "{kind}"' + suggestion(
            kind, SHAPES
        ), f"the shapes are {', '.join(SHAPES)}"
    points, label = _corners(words) if kind == "polygon" else _box(words)
    if kind == "polygon" and len(points) < 3:
        return "a polygon has three corners or more", "write them as `x,y x,y x,y`"
    if kind != "polygon" and not points:
        return (
            f"a shape `{kind}` has four numbers",
            "write its left, top, width and height, in pixels or percent",
        )
    if kind != "polygon" and not (points[1][0].value and points[1][1].value):
        return (
            "a shape without width or height hides nothing",
            "write its left, top, width and height",
        )
    return Shape(int(found["number"] or 0), kind, points, label, number)


def _box(words: list[str]) -> tuple[tuple[tuple[Measure, Measure], ...], str]:
    measures = [measure for word in words[:4] if (measure := _measure(word))]
    if len(measures) < 4:
        return (), ""
    left, top, width, height = measures
    return ((left, top), (width, height)), " ".join(words[4:])


def _corners(words: list[str]) -> tuple[tuple[tuple[Measure, Measure], ...], str]:
    corners: list[tuple[Measure, Measure]] = []
    for word in words:
        x, _, y = word.partition(",")
        first, second = _measure(x), _measure(y)
        if not (first and second):
            break
        corners.append((first, second))
    return tuple(corners), " ".join(words[len(corners) :])


def _measure(word: str) -> Measure | None:
    found = _MEASURE.fullmatch(word)
    return Measure(float(found[1]), found[2] == "%") if found else None


def _numbered(shapes: list[Shape], mistakes: list[Mistake]) -> Iterator[Mistake]:
    """The mistakes, and a shape without a number of its own as one more."""
    yield from mistakes
    free = max((shape.number for shape in shapes), default=0) + 1
    for shape in shapes:
        if not 1 <= shape.number <= _HIGHEST:
            way_out = f"write `{min(free, _HIGHEST)}:` before it, and never change it: learners' reviews belong to this number"
            yield Mistake(
                shape.line,
                f"a shape has a number from 1 to {_HIGHEST}, which is that of its card",
                way_out,
            )
