"""The style sheet of code, light and for Anki's night mode.

The sheets of our own styles are files, written by `scripts/write_code_themes.py`, so that most
builds import nothing of Pygments' styles.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location, suggestion

OWN = {"light": "ankipress-light", "dark": "ankipress-dark"}
"""Our own styles, by the side for which they are the default."""
_NIGHT = ".card.nightMode, .nightMode.card, .nightMode .card"
# What only the light style sets must not show at night.
_RESET = (
    ".nightMode .highlight span { color: inherit; background: none; font: inherit;"
    " text-decoration: inherit; }"
)
_SHOWN = 8  # tokens that a warning names


class Themed(NamedTuple):
    """The style sheet of code, and what is wrong with the chosen styles."""

    css: str
    diagnostics: tuple[Diagnostic, ...]


def render_theme(theme: Mapping[str, str], place: Location) -> Themed:
    """The style sheet for the setting `theme`, which is at a place."""
    sheets: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for side, default in OWN.items():
        name = theme.get(side, default)
        if name in OWN.values():
            sheets[side] = _own_sheet(name)
            continue
        # Only a style of Pygments needs its machinery.
        from ankipress.render import code_colours  # noqa: PLC0415

        style = code_colours.find_style(name)
        if style is None:
            known = (*OWN.values(), *code_colours.style_names())
            near = suggestion(name, known)
            message = f'there is no style "{name}" for code{near}'
            help = "https://pygments.org/styles/ shows the styles"
            problems.append(
                Diagnostic(
                    "bad-settings",
                    place,
                    message,
                    help,
                )
            )
            sheets[side] = _own_sheet(default)
            continue
        sheets[side] = code_colours.style_sheet(style)
        faint = code_colours.faint_tokens(style)
        if faint:
            message = (
                f'the {side} style "{name}" is hard to read, below a contrast of'
                f" {code_colours.LEAST}: {_listed(faint)}"
            )
            help = f"choose another style, or leave {side} away for that of ankipress"
            problems.append(
                Diagnostic(
                    "low-contrast",
                    place,
                    message,
                    help,
                )
            )
    return Themed(f"{sheets['light']}\n{_at_night(sheets['dark'])}", tuple(problems))


def _own_sheet(name: str) -> str:
    file = files("ankipress.render") / f"{name}.css"
    return file.read_text(encoding="utf-8").replace("\r\n", "\n").strip()


def _at_night(sheet: str) -> str:
    """A style sheet that holds in night mode only."""
    variables, _, rules = sheet.partition("\n")
    rules = rules.replace(".highlight ", ".nightMode .highlight ")
    return "\n".join((variables.replace(".card", _NIGHT), _RESET, rules))


def _listed(faint: Mapping[str, float]) -> str:
    # Rounded down: 4.46 is not 4.5.
    ratios = [f"{token} {int(ratio * 10) / 10:.1f}" for token, ratio in faint.items()]
    shown = ", ".join(ratios[:_SHOWN])
    if len(ratios) > _SHOWN:
        shown += f" and {len(ratios) - _SHOWN} more"
    return shown
