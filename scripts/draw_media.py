#!/usr/bin/env python3
"""Draw the pictures in media/ that cards.md shows.

A drawing is a function from nothing to the text of an SVG file, so that the same script
always writes the same bytes. Only ``main`` touches the disk.
"""

import argparse
import math
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

MEDIA = Path(__file__).resolve().parent.parent / "media"

# The viewBox is as wide as a phone: there a unit is a pixel, and 13 units are legible text.
WIDTH = 360
ENLARGED = 1.5  # how much larger the drawing is where there is room
MARGIN = 16

PAPER, EDGE, INK, QUIET = "#fdfcf9", "#cfc9bd", "#1f2933", "#52606d"
BAD, GOOD = "#b83227", "#17774a"
BAR, WINNER, LEAD = "#8fa3b5", "#2f6fab", "#c2500f"

# How a line of text looks.
BOLD = 'font-weight="bold"'
TITLE = f'font-size="15" {BOLD}'
REMARK = f'fill="{QUIET}"'
CENTRED, TO_THE_LEFT = 'text-anchor="middle"', 'text-anchor="end"'


def number(value: float) -> str:
    """Write a coordinate with at most two decimals, as short as possible."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def panel(title: str, description: str, height: int, *parts: str) -> str:
    """Return an SVG file: a light panel of its own, so that it works on white and on black."""
    drawing = "\n".join(parts)
    inner = f'width="{WIDTH - 1}" height="{height - 1}"'
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" \
width="{number(WIDTH * ENLARGED)}" height="{number(height * ENLARGED)}" \
role="img" aria-labelledby="title desc" font-size="13" fill="{INK}" \
font-family="system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif">
<title id="title">{title}</title>
<desc id="desc">{description}</desc>
<rect x=".5" y=".5" {inner} rx="14" fill="{PAPER}" stroke="{EDGE}"/>
{drawing}
</svg>
"""


def label(x: float, y: float, words: str, *look: str) -> str:
    """Return a line of text on the baseline ``y``; ``look`` is more attributes."""
    attributes = " ".join((f'x="{number(x)}"', f'y="{number(y)}"', *look))
    return f"<text {attributes}>{words}</text>"


def arrow(x: float, y: float, length: float, turn: int = 0) -> str:
    """Return an arrow that starts at (x, y) and points right, or down after a turn of 90."""
    return (
        f'<path d="M0 0H{number(length)}m-5-5 5 5-5 5" fill="none" stroke="{QUIET}" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        f'transform="translate({number(x)} {number(y)}) rotate({turn})"/>'
    )


# --- Rotating after the final resize, and before it -----------------------------------

LARGE = 104
FINAL = 73  # an upright square fits into a rotated one of 104 when its side is up to 104/√2
CENTRES = (68, 194, 307.5)  # of the three steps in a row

# The example picture, from -50 to 50, and the hatching of what is empty.
DEFINITIONS = """\
<defs>
<g id="photo">
<path d="M-50-50H50V50H-50z" fill="#a9d8ef"/>
<circle cx="-33" cy="-33" r="9" fill="#ffd15c"/>
<path d="M-50 6Q-30-14-8 4T50-6V50H-50z" fill="#8cc084"/>
<path d="M-50 26Q-14 8 14 22T50 18V50H-50z" fill="#5d9e63"/>
<g transform="translate(0 -2) scale(.88)">
<path d="M-27 60Q-24 24 0 24T27 60z" fill="#d9792b"/>
<path d="M-25 8-23-25-7-14H7L23-25 25 8Q22 32 0 32T-25 8z" fill="#ee9440"/>
<path d="M-19-7-19-18-12-13zM19-7 19-18 12-13z" fill="#fbd3b0"/>
<path d="M-6-14-3-4 0-14 3-4 6-14z" fill="#c4661d"/>
<ellipse cy="21" rx="12" ry="9" fill="#fdeedd"/>
<path d="M-12 0a4 5 0 1 0 .1 0zM12 0a4 5 0 1 0 .1 0z" fill="#27303a"/>
<path d="M-4 14H4L0 19z" fill="#a8443a"/>
<path d="M0 18V22M-6 23Q-2 26 0 22 2 26 6 23M-14 18-34 14M-14 22-32 23M14 18 34 14M14 22 32 23" \
fill="none" stroke="#27303a" stroke-width="1.5" stroke-linecap="round"/>
</g>
</g>
<pattern id="empty" width="6" height="6" patternUnits="userSpaceOnUse" \
patternTransform="rotate(45)">
<path d="M0 0H6V6H0z" fill="#fbe3de"/>
<path d="M0 0V6" stroke="#d8695a" stroke-width="3"/>
</pattern>
</defs>"""


class Step(NamedTuple):
    """A square window on the photo, and what has just been done to it."""

    caption: str
    side: int
    photo_side: int
    turn: int = 0
    over: str = ""

    def drawn(self, x: float, y: float) -> str:
        """Return the window with its centre at (x, y); what the photo leaves open is hatched."""
        half = number(self.side / 2)
        square = f'x="-{half}" y="-{half}" width="{self.side}" height="{self.side}"'
        view = f"-{half} -{half} {self.side} {self.side}"
        scale = number(self.photo_side / 100)
        return f"""\
<g transform="translate({number(x)} {number(y)})">
<svg {square} viewBox="{view}" overflow="hidden">
<rect {square} fill="url(#empty)"/>
<use href="#photo" transform="rotate({self.turn}) scale({scale})"/>
{self.over}<rect {square} fill="none" stroke="{INK}" stroke-width="3"/>
</svg>
{label(0, LARGE / 2 + 18, self.caption, CENTRED)}
</g>"""


def crop_frame() -> str:
    """Return the frame of the final crop, and a veil on what it cuts off."""
    outer, inner = number(LARGE / 2), number(FINAL / 2)
    frame = f"M-{inner}-{inner}V{inner}H{inner}V-{inner}z"
    return f"""\
<path d="M-{outer}-{outer}H{outer}V{outer}H-{outer}z{frame}" fill="#fff" fill-opacity=".5"/>
<path d="{frame}" fill="none" stroke="#fff" stroke-width="4"/>
<path d="{frame}" fill="none" stroke="{GOOD}" stroke-width="2.5" stroke-dasharray="6 3"/>
"""


def icon(colour: str, mark: str) -> str:
    """Return a disc of radius 12 with a mark on it."""
    return (
        f'<circle cx="12" cy="12" r="12" fill="{colour}"/>'
        f'<path d="{mark}" fill="none" stroke="#fff" stroke-width="2.5" '
        f'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def heading(y: float, sign: str, words: str, remark: str) -> str:
    """Return the two lines above a row, with an icon before them."""
    return f"""\
<g transform="translate({MARGIN} {number(y)})">
{sign}
{label(34, 10, words, TITLE)}
{label(34, 28, remark, REMARK)}
</g>"""


def row(y: float, steps: tuple[Step, Step, Step]) -> str:
    """Return the three steps side by side, with an arrow from each to the next."""
    middle = y + LARGE / 2
    placed = list(zip(CENTRES, steps, strict=True))
    drawn = [step.drawn(x, middle) for x, step in placed]
    for (left_x, left), (right_x, right) in pairwise(placed):
        start, end = left_x + left.side / 2 + 4, right_x - right.side / 2 - 4
        drawn.append(arrow(start, middle, end - start))
    return "\n".join(drawn)


def draw_rotation_corners() -> str:
    """Return resize-then-rotate, which leaves empty corners, above fastai's presizing."""
    cross, tick = icon(BAD, "M8 8 16 16M16 8 8 16"), icon(GOOD, "M7 12.5 10.5 16 17 8.5")
    resize_first = (
        Step("large picture", LARGE, LARGE),
        Step("resize", FINAL, FINAL),
        Step("rotate 45°", FINAL, FINAL, turn=45),
    )
    rotate_first = (
        Step("large picture", LARGE, LARGE),
        Step("rotate 45°", LARGE, LARGE, turn=45, over=crop_frame()),
        Step("crop", FINAL, LARGE, turn=45),
    )
    return panel(
        "Rotating by 45 degrees, after and before the final resize",
        "Above, a picture is resized to its final size and then rotated: its four corners are "
        "empty. Below, the large picture is rotated and then cropped: the empty corners stay "
        "outside the crop, and the result has none.",
        402,
        DEFINITIONS,
        heading(20, cross, "Resize, then rotate", "The corners end up empty."),
        row(60, resize_first),
        f'<path d="M{MARGIN} 203H{WIDTH - MARGIN}" stroke="{EDGE}"/>',
        heading(
            221, tick, "Presizing: rotate, then crop", "The empty corners stay outside the crop."
        ),
        row(261, rotate_first),
    )


# --- Softmax --------------------------------------------------------------------------

ACTIVATIONS = {"cat": 3.5, "dog": 2.5, "fox": 2.0}  # the winner and its runner-up come first
BARS_X, BARS_WIDTH, BAR_HEIGHT, BAR_STEP = 54, 246, 24, 32


def softmax(activations: dict[str, float]) -> dict[str, float]:
    """Return the probability of each category; they add up to 1."""
    powers = {name: math.exp(value) for name, value in activations.items()}
    return {name: power / sum(powers.values()) for name, power in powers.items()}


def bar(y: float, share: float, name: str, value: str) -> str:
    """Return a bar of that share of the full width, between its name and its value."""
    end = BARS_X + BARS_WIDTH * share
    return f"""\
{label(BARS_X - 8, y + 17, name, TO_THE_LEFT)}
<rect x="{BARS_X}" y="{number(y)}" width="{number(end - BARS_X)}" height="{BAR_HEIGHT}" rx="3" \
fill="{WINNER if share == 1 else BAR}"/>
{label(end + 8, y + 17, value, BOLD)}"""


def lead_mark(y: float, share: float, words: str) -> str:
    """Return the part of the bar at ``y`` that goes beyond the next, which has that share."""
    start = BARS_X + BARS_WIDTH * share
    middle = (start + BARS_X + BARS_WIDTH) / 2
    straight = number(BARS_WIDTH * (1 - share) - 3)
    return f"""\
<path d="M{number(start)} {number(y)}h{straight}q3 0 3 3v{BAR_HEIGHT - 6}q0 3-3 3h-{straight}z" \
fill="{LEAD}"/>
<path d="M{number(start)} {number(y + BAR_HEIGHT)}v{BAR_STEP}" stroke="{LEAD}" \
stroke-width="2" stroke-dasharray="4 3"/>
{label(middle, y + 17, words, BOLD, CENTRED, 'fill="#fff"')}"""


def bars(y: float, values: dict[str, float], decimals: int, lead: str) -> str:
    """Return a bar for each value, the first of full width, its lead over the second marked."""
    winner, runner_up, *_ = values.values()
    drawn = [
        bar(y + index * BAR_STEP, value / winner, name, f"{value:.{decimals}f}")
        for index, (name, value) in enumerate(values.items())
    ]
    return "\n".join((*drawn, lead_mark(y, runner_up / winner, lead)))


def draw_softmax_amplifies() -> str:
    """Return raw activations as bars, and below them the probabilities softmax makes of them."""
    probabilities = softmax(ACTIVATIONS)
    cat, dog, *_ = ACTIVATIONS.values()
    lead, factor = f"{cat - dog:.1f}", f"{math.exp(cat - dog):.1f}"
    division = f"exp({cat}) ÷ exp({dog})"
    listed = ", ".join(f"{name} {value:.2f}" for name, value in probabilities.items())
    return panel(
        "Softmax amplifies a small lead",
        f"Bars of the raw activations, in which cat leads dog by {lead}, above bars of the "
        f"probabilities after softmax: {listed}. Cat is now {factor} times as likely as dog.",
        368,
        label(MARGIN, 33, "Raw activations", TITLE),
        bars(47, ACTIVATIONS, 1, f"+{lead}"),
        arrow(BARS_X + 16, 149, 34, turn=90),
        label(BARS_X + 34, 164, "softmax", BOLD),
        label(BARS_X + 34, 181, "exponential, then divide by the sum", REMARK),
        label(MARGIN, 218, "Probabilities", TITLE),
        label(WIDTH - MARGIN, 218, "they add up to 1", REMARK, TO_THE_LEFT),
        bars(232, probabilities, 2, f"{factor} times as likely"),
        label(MARGIN, 349, f"Why {factor}? {division} = exp({lead}) ≈ {factor}", REMARK),
    )


# --- The command ----------------------------------------------------------------------

DRAWINGS = {
    "rotation-corners.svg": draw_rotation_corners,
    "softmax-amplifies.svg": draw_softmax_amplifies,
}


def holds(path: Path, text: str) -> bool:
    """Return whether the file is there and holds exactly this text."""
    return path.is_file() and path.read_bytes() == text.encode()


def main() -> None:
    """Write the drawings, or check that they are written."""
    parser = argparse.ArgumentParser(
        description="Draw the pictures in media/ that cards.md shows.",
        epilog="example: python scripts/draw_media.py --check",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a drawing is out of date"
    )
    check: bool = parser.parse_args().check
    drawn = {MEDIA / name: draw() for name, draw in DRAWINGS.items()}
    stale = [path for path, text in drawn.items() if not holds(path, text)]
    if check and stale:
        names = ", ".join(f"media/{path.name}" for path in stale)
        parser.exit(1, f"{names}: out of date; run python scripts/draw_media.py\n")
    MEDIA.mkdir(exist_ok=True)
    for path in stale:
        path.write_text(drawn[path], encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
