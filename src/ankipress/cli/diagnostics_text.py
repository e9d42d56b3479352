"""Diagnostics as text for people."""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from ankipress.diagnostics import Diagnostic, Severity
from ankipress.project.workspace import Workspace

_WIDEST = 110  # columns of a source line that are shown
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.ADVICE: "blue"}


def show(diagnostics: Sequence[Diagnostic], workspace: Workspace, *, err: bool = True) -> None:
    """Print diagnostics with the lines they mean, and their number. Colours appear on a terminal
    only.
    """
    if diagnostics:
        click.echo(format_diagnostics(diagnostics, workspace), err=err)


def format_diagnostics(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """Diagnostics with the lines they mean, and their number; empty where there are none."""
    if not diagnostics:
        return ""
    lines = [format_diagnostic(each, workspace) for each in diagnostics]
    return "\n".join([*lines, summary(diagnostics)])


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Such as `2 errors, 1 warning`."""
    counts = Counter(each.severity for each in diagnostics)
    numbers = ((counts[severity], severity) for severity in Severity if counts[severity])
    return ", ".join(
        f"{number} {'pieces of ' * (number > 1)}advice"
        if severity is Severity.ADVICE
        else f"{number} {severity}{'s' * (number > 1)}"
        for number, severity in numbers
    )


def format_diagnostic(diagnostic: Diagnostic, workspace: Workspace) -> str:
    """A diagnostic as the design shows it: place, code, message, the line with a caret, and the way
    out.
    """
    location, severity = diagnostic.location, diagnostic.severity
    place = workspace.display(location.path)
    if location.line:
        place += f":{location.line}:{location.column}"
    label = click.style(f"{severity.value}[{diagnostic.code}]", fg=_COLOURS[severity], bold=True)
    lines = [
        f"{click.style(place, bold=True)}: {label}: {diagnostic.message}",
        *_excerpt(diagnostic, workspace),
    ]
    if diagnostic.help:
        lines.append(f"  {click.style('help', fg='cyan')}: {diagnostic.help}")
    return "\n".join(lines)


def _excerpt(diagnostic: Diagnostic, workspace: Workspace) -> list[str]:
    location = diagnostic.location
    lines = _lines(workspace.texts.get(location.path, ""))
    if not 1 <= location.line <= len(lines) or not lines[location.line - 1].strip():
        return []
    line, start = lines[location.line - 1], location.column - 1
    # A long line is shown from a little before the place that is meant.
    first = max(0, start - 40) if len(line) > _WIDEST else 0
    shown = _visible(line[first : first + _WIDEST])
    before = _visible(line[first:start])
    # Both are counted from the start of what is shown: the width of a tab depends on where it
    # stands.
    until = _visible(line[first : min(start + location.width, first + _WIDEST)])
    gutter = " " * len(str(location.line))
    carets = " " * _columns(before) + "^" * max(1, _columns(until) - _columns(before))
    return [
        f"  {location.line} | {shown}",
        f"  {gutter} | {click.style(carets, fg=_COLOURS[diagnostic.severity])}",
    ]


@functools.lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    """The lines of a text, which is split once however many problems it has."""
    return text.split("\n")


def one_line(text: str, width: int = 90) -> str:
    """A text for a listing: on one line, cut where it is long."""
    text = _visible(" ".join(text.split()))
    return text if len(text) <= width else text[: width - 1] + "…"


def _visible(text: str) -> str:
    """A text that takes one line and cannot command the terminal."""
    text = text.expandtabs(4)
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


def _columns(text: str) -> int:
    """The columns that a text takes on a terminal: East Asian characters take two, marks on other
    characters none.
    """
    return sum(
        0 if _is_mark(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _is_mark(character: str) -> bool:
    """Whether a character is drawn on the one before it: an accent, a vowel sign, the inside of a
    Korean syllable.
    """
    return unicodedata.category(character) in {"Mn", "Me"} or "\u1160" <= character <= "\u11ff"
