"""The colours of a style of Pygments: as a style sheet, and how well they can be read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from pygments.style import Style
from pygments.styles import get_all_styles, get_style_by_name
from pygments.token import STANDARD_TYPES, Token, Whitespace, _TokenType
from pygments.util import ClassNotFound

_NAME = re.compile(r"[\w-]+")
LEAST = 4.5
"""The contrast that a text needs on its background (WCAG 2, level AA)."""


def style_names() -> list[str]:
    """Every style of Pygments and its plug-ins."""
    return sorted(get_all_styles())


def find_style(name: str) -> type[Style] | None:
    """The style of Pygments with this name."""
    if not _NAME.fullmatch(name):  # Pygments would look for a module of this name
        return None
    try:
        return get_style_by_name(name)
    except ClassNotFound:
        return None


class Look(NamedTuple):
    """How a token looks. Two with the same look need one rule."""

    colour: str
    background: str | None
    font: str

    @property
    def declarations(self) -> str:
        """As CSS."""
        if self.background:
            return f"color: {self.colour}; background: {self.background}{self.font}"
        return f"color: {self.colour}{self.font}"


@functools.cache
def look(style: type[Style], token: _TokenType) -> Look:
    """How a style shows a type of token."""
    described = style.style_for_token(token)
    font = ""
    if described["bold"]:
        font += "; font-weight: bold"
    if described["italic"]:
        font += "; font-style: italic"
    if described["underline"]:
        font += "; text-decoration: underline"
    background = described["bgcolor"] and f"#{described['bgcolor']}"
    if described["color"]:
        return Look(f"#{described['color']}", background, font)
    # A text without a colour is black or white.
    page = style.background_color
    black, white = "#000000", "#ffffff"
    colour = max(black, white, key=lambda colour: contrast(colour, page))
    return Look(colour, background, font)


def faint_tokens(style: type[Style]) -> dict[str, float]:
    """The types of token that are hard to read on their background, with their contrasts.

    A type that looks like its parent is not named again, and invisible white space not at all.
    """
    found: dict[str, float] = {}
    for token in sorted(STANDARD_TYPES, key=str):
        ratio = _contrast(look(style, token), style.background_color)
        repeats = token.parent is not None and look(style, token.parent) == look(style, token)
        if ratio < LEAST and not repeats and token is not Whitespace:
            found[_token_name(token)] = ratio
    return found


def _token_name(token: _TokenType) -> str:
    if not token.parent:
        return "Text"
    return str(token).removeprefix("Token.")


def _contrast(look: Look, page: str) -> float:
    return contrast(look.colour, look.background or page)


def line_colour(style: type[Style]) -> str:
    """The background of marked lines: the style's own, or if that makes a token harder to read,
    one near its page.
    """
    page = style.background_color
    looks = {look(style, token) for token in STANDARD_TYPES}
    text = look(style, Token).colour
    nearer = (mixed(page, text, share / 100) for share in range(14, 0, -2))
    for colour in (style.highlight_color, *nearer):
        if all(_contrast(each, colour) >= min(LEAST, _contrast(each, page)) for each in looks):
            return colour
    return page


def number_colour(style: type[Style]) -> str:
    """The colour of line numbers: as faint as can be read, on marked lines too."""
    page = style.background_color
    text = look(style, Token).colour
    line = line_colour(style)
    for share in range(50, 0, -5):
        colour = mixed(text, page, share / 100)
        if min(contrast(colour, page), contrast(colour, line)) >= LEAST:
            return colour
    return text


def style_sheet(style: type[Style]) -> str:
    """A style as CSS: a line of variables, and a rule for each look."""
    return "\n".join((_variables(style), *_rules(style)))


def _variables(style: type[Style]) -> str:
    values = {
        "page": style.background_color,
        "text": look(style, Token).colour,
        "line": line_colour(style),
        "number": number_colour(style),
    }
    return f".card {{ {' '.join(f'--code-{name}: {value};' for name, value in values.items())} }}"


def _rules(style: type[Style]) -> Iterator[str]:
    groups: dict[Look, list[str]] = {}
    plain = look(style, Token)
    for token, short in sorted(STANDARD_TYPES.items(), key=lambda item: item[1]):
        found = look(style, token)
        if short and found != plain:
            groups.setdefault(found, []).append(f".highlight .{short}")
    for found, selectors in groups.items():
        yield f"{', '.join(selectors)} {{ {found.declarations}; }}"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, `#rrggbb`, as WCAG 2 measures it: 1 for equal ones, 21 for black
    and white.
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(
    one: str,
    other: str,
    share: float,
) -> str:
    """A colour between two, with a share from 0 to 1 of the second."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return list(bytes.fromhex(digits))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    if value <= 0.04045:
        return value / 12.92
    return float(((value + 0.055) / 1.055) ** 2.4)
