"""Charts as SVG in the page: widths in per cent and texts in pixels, so that phones show them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ankipress.preview.site.growth import GrowthStep

_ROW_HEIGHT = 44
_BAR_HEIGHT = 12
_HEIGHT = 190
_TOP = 24
_BOTTOM = 42
_MOST_CHARACTERS = 36  # of a name: more would run into the number after it on a phone
_MOST_STEPS = 12  # columns that can be told apart on a phone


def bars(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """A bar for each name, as long as its number."""
    largest = max((value for _, value in rows), default=1)
    drawn = []
    for number, (name, value) in enumerate(rows):
        top = number * _ROW_HEIGHT
        shape = f'x="0" y="{top + 23}" height="{_BAR_HEIGHT}" rx="6"'
        drawn += [
            f'<text x="0" y="{top + 16}">{escape(_short(name))}</text>',
            f'<text x="100%" y="{top + 16}" class="value">{value:,}</text>',
            f'<rect {shape} width="100%" class="track"/>',
            f'<rect {shape} width="{100 * value / largest:.2f}%" class="bar"/>',
        ]
    numbers = ", ".join(f"{name} {value}" for name, value in rows)
    height = len(rows) * _ROW_HEIGHT
    return _svg(drawn, height, f"{title}: {numbers}")


def columns(steps: Sequence[GrowthStep]) -> str:
    """A column for each version, as high as it has notes; what is new in it stands out."""
    steps = steps[-_MOST_STEPS:]
    # Versions of which all notes were taken out have no height.
    largest = max((step.notes for step in steps), default=0) or 1
    scale = (_HEIGHT - _TOP - _BOTTOM) / largest
    # One column alone would fill the chart.
    slot = 100 / max(len(steps), 2)
    width = min(slot * 0.7, 18)
    base = _HEIGHT - _BOTTOM
    drawn = [f'<line x1="0" x2="100%" y1="{base}" y2="{base}" class="axis"/>']
    for number, step in enumerate(steps):
        middle = number * slot + slot / 2
        new = step.new * scale
        old = max(0, step.notes - step.new) * scale
        top = base - old - new
        shape = f'x="{middle - width / 2:.2f}%" width="{width:.2f}%"'
        text = f'<text x="{middle:.2f}%"'
        drawn += [
            f'<rect {shape} y="{top:.1f}" height="{new:.1f}" class="bar"/>',
            f'<rect {shape} y="{base - old:.1f}" height="{old:.1f}" class="kept"/>',
            f'{text} y="{top - 7:.1f}" class="middle">{step.notes:,}</text>',
            f'{text} y="{base + 18}" class="middle soft">{escape(step.version)}</text>',
        ]
    numbers = ", ".join(f"{step.version} {step.notes}" for step in steps)
    return _svg(drawn, _HEIGHT, f"Notes in each version: {numbers}")


def _short(name: str) -> str:
    if len(name) <= _MOST_CHARACTERS:
        return name
    return f"{name[: _MOST_CHARACTERS - 1]}…"


def _svg(
    drawn: Sequence[str],
    height: int,
    label: str,
) -> str:
    """A picture whose name tells its numbers."""
    return (
        f'<svg role="img" aria-label="{escape(label)}" width="100%" height="{height}"'
        f' class="chart">{"".join(drawn)}</svg>'
    )
