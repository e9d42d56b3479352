"""The colours of code, light and for Anki's night mode: a style of Pygments for each, as a style
sheet.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pygments.style import Style
from pygments.styles import get_all_styles, get_style_by_name
from pygments.token import STANDARD_TYPES, Token, Whitespace, _TokenType
from pygments.util import ClassNotFound

from ankipress.diagnostics import Diagnostic, Location, suggestion
from ankipress.project.settings import SIDES
from ankipress.render.code_styles import AnkipressDark, AnkipressLight
from ankipress.render.contrast import LEAST, contrast, mixed

_OWN: Mapping[str, type[Style]] = {
    "ankipress-light": AnkipressLight,
    "ankipress-dark": AnkipressDark,
}
_NIGHT = ".card.nightMode, .nightMode.card, .nightMode .card"
_SHOWN = 8  # tokens that a warning names


@dataclass(frozen=True, slots=True)
class Themed:
    """The style sheet of code, and what is wrong with the styles that were asked for."""

    css: str
    diagnostics: tuple[Diagnostic, ...] = ()


def render_theme(theme: Mapping[str, str], place: Location) -> Themed:
    """The style sheet for the setting `theme`, which stands at a place."""
    styles, problems = [], list[Diagnostic]()
    for side, default in zip(SIDES, _OWN, strict=True):
        name = theme.get(side, default)
        style = _style(name)
        if style is None:
            message = f'there is no style "{name}" for code' + suggestion(name, style_names())
            problems.append(
                Diagnostic(
                    "bad-settings", place, message, "https://pygments.org/styles/ shows the styles"
                )
            )
        elif faint := faint_tokens(style):
            problems.append(_low_contrast(name, side, faint, place))
        styles.append(style or _OWN[default])
    return Themed(_stylesheet(*styles), tuple(problems))


@functools.cache
def style_names() -> tuple[str, ...]:
    """Every style that can be chosen, those of Pygments' plug-ins too."""
    return (*_OWN, *sorted(get_all_styles()))


def _style(name: str) -> type[Style] | None:
    try:
        return _OWN.get(name) or get_style_by_name(name)
    except ClassNotFound:
        return None


def _low_contrast(name: str, side: str, faint: Mapping[str, float], place: Location) -> Diagnostic:
    # Rounded down: 4.46 is not 4.5.
    shown = [f"{token} {int(ratio * 10) / 10:.1f}" for token, ratio in list(faint.items())[:_SHOWN]]
    more = f" and {len(faint) - _SHOWN} more" if len(faint) > _SHOWN else ""
    message = f'the {side} style "{name}" is hard to read, below a contrast of {LEAST}: {", ".join(shown)}{more}'
    return Diagnostic(
        "low-contrast",
        place,
        message,
        f"choose another style, or leave {side} away for that of ankipress",
    )


@dataclass(frozen=True, slots=True)
class Look:
    """How a token looks. Two with the same look need one rule."""

    colour: str
    background: str | None
    font: str

    @property
    def declarations(self) -> str:
        """As CSS."""
        return f"color: {self.colour}{f'; background: {self.background}' * bool(self.background)}{self.font}"


def look(style: type[Style], token: _TokenType) -> Look:
    """How a style shows a type of token."""
    described = style.style_for_token(token)
    colour = f"#{described['color']}" if described["color"] else _text(style)
    fonts = (
        ("; font-weight: bold", "bold"),
        ("; font-style: italic", "italic"),
        ("; text-decoration: underline", "underline"),
    )
    font = "".join(css for css, key in fonts if described[key])  # type: ignore[literal-required]
    return Look(colour, f"#{described['bgcolor']}" if described["bgcolor"] else None, font)


def _text(style: type[Style]) -> str:
    """The colour of a text to which a style gives none."""
    return max("#000000", "#ffffff", key=lambda colour: contrast(colour, style.background_color))


def faint_tokens(style: type[Style]) -> dict[str, float]:
    """The types of token that cannot be read well on their background, with their contrasts.

    A type that looks like the one above it is not named again, and white space, which nobody sees,
    not at all.
    """
    found = {}
    for token in sorted(STANDARD_TYPES, key=str):
        ratio = _contrast(look(style, token), style.background_color)
        repeats = token.parent is not None and look(style, token.parent) == look(style, token)
        if ratio < LEAST and not repeats and token is not Whitespace:
            found[str(token).removeprefix("Token.") if token.parent else "Text"] = ratio
    return found


def _contrast(one: Look, page: str) -> float:
    return contrast(one.colour, one.background or page)


def line_colour(style: type[Style]) -> str:
    """The background of marked lines: the style's own if nothing is the harder to read on it, else
    one that is near its page.
    """
    page, looks = style.background_color, {look(style, token) for token in STANDARD_TYPES}
    text = look(style, Token).colour
    candidates = (
        style.highlight_color,
        *(mixed(page, text, share / 100) for share in range(14, 0, -2)),
    )
    for candidate in candidates:
        if all(_contrast(each, candidate) >= min(LEAST, _contrast(each, page)) for each in looks):
            return candidate
    return page


def number_colour(style: type[Style]) -> str:
    """The colour of line numbers: as faint as can be read, on marked lines too."""
    page, text = style.background_color, look(style, Token).colour
    for share in range(50, 0, -5):
        colour = mixed(text, page, share / 100)
        if min(contrast(colour, page), contrast(colour, line_colour(style))) >= LEAST:
            return colour
    return text


@functools.cache
def _stylesheet(light: type[Style], dark: type[Style]) -> str:
    # What only the light style sets must not show at night.
    reset = ".nightMode .highlight span { color: inherit; background: none; font: inherit; text-decoration: inherit; }"
    return "\n".join(
        (
            *_variables(light, ".card"),
            *_rules(light, ""),
            *_variables(dark, _NIGHT),
            reset,
            *_rules(dark, ".nightMode "),
        )
    )


def _variables(style: type[Style], scope: str) -> Iterator[str]:
    values = {
        "page": style.background_color,
        "text": look(style, Token).colour,
        "line": line_colour(style),
        "number": number_colour(style),
    }
    yield f"{scope} {{ {' '.join(f'--code-{name}: {value};' for name, value in values.items())} }}"


def _rules(style: type[Style], scope: str) -> Iterator[str]:
    """A rule for all types of token that look the same."""
    groups: dict[Look, list[str]] = {}
    for token, short in sorted(STANDARD_TYPES.items(), key=lambda each: each[1]):
        if short and (found := look(style, token)) != look(style, Token):
            groups.setdefault(found, []).append(f"{scope}.highlight .{short}")
    for found, selectors in groups.items():
        yield f"{', '.join(selectors)} {{ {found.declarations}; }}"
