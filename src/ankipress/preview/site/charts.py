"""Pictures of numbers, as SVG in the page: widths in per cent and texts in pixels, so that they can
be read on a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ankipress.preview.site.growth import Step

_ROW, _BAR = 44, 12
_HEIGHT, _TOP, _BOTTOM = 190, 24, 42
_NAME = 36  # characters
_STEPS = 12  # columns that can be told apart on a phone


def bars(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """A bar for each name, as long as its number."""
    largest = max((value for _, value in rows), default=1)
    drawn = []
    for number, (name, value) in enumerate(rows):
        top = number * _ROW
        drawn.append(
            f'<text x="0" y="{top + 16}">{escape(_short(name))}</text>'
            f'<text x="100%" y="{top + 16}" class="value">{value:,}</text>'
            f'<rect x="0" y="{top + 23}" width="100%" height="{_BAR}" rx="6" class="track"/>'
            f'<rect x="0" y="{top + 23}" width="{100 * value / largest:.2f}%" height="{_BAR}" rx="6" class="bar"/>'
        )
    return _svg(
        "".join(drawn),
        len(rows) * _ROW,
        f"{title}: {', '.join(f'{name} {value}' for name, value in rows)}",
    )


def columns(steps: Sequence[Step]) -> str:
    """A column for each version, as high as it has notes; what is new in it stands out."""
    shown = steps[-_STEPS:]
    largest = max((step.notes for step in shown), default=1) or 1
    slot = 100 / max(len(shown), 2)
    scale = (_HEIGHT - _TOP - _BOTTOM) / largest
    base = _HEIGHT - _BOTTOM
    parts = [f'<line x1="0" x2="100%" y1="{base}" y2="{base}" class="axis"/>']
    for number, step in enumerate(shown):
        middle = number * slot + slot / 2
        width = min(slot * 0.7, 18)
        left = middle - width / 2
        new, old = step.new * scale, max(0, step.notes - step.new) * scale
        parts.append(
            f'<rect x="{left:.2f}%" y="{base - old - new:.1f}" width="{width:.2f}%" height="{new:.1f}" class="bar"/>'
            f'<rect x="{left:.2f}%" y="{base - old:.1f}" width="{width:.2f}%" height="{old:.1f}" class="kept"/>'
            f'<text x="{middle:.2f}%" y="{base - old - new - 7:.1f}" class="middle">{step.notes:,}</text>'
            f'<text x="{middle:.2f}%" y="{base + 18}" class="middle soft">{escape(step.version)}</text>'
        )
    return _svg(
        "".join(parts),
        _HEIGHT,
        f"Notes in each version: {', '.join(f'{each.version} {each.notes}' for each in shown)}",
    )


def _short(name: str) -> str:
    """A name that leaves room for the number behind it, on a phone too."""
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _svg(content: str, height: int, label: str) -> str:
    """A picture whose name tells its numbers."""
    return f'<svg role="img" aria-label="{escape(label)}" width="100%" height="{height}" class="chart">{content}</svg>'
