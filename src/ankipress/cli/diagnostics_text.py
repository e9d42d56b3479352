"""Diagnostics as text for people: place, code, message, the line with carets below it, and help."""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from ankipress.diagnostics import Diagnostic, Severity, visible
from ankipress.project.workspace import Workspace

_WIDEST = 110  # columns of a source line that are shown
_BEFORE = 40  # columns of a long line that are shown before the place
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.ADVICE: "blue"}
_SEVERAL = {
    Severity.ERROR: "errors",
    Severity.WARNING: "warnings",
    Severity.ADVICE: "pieces of advice",
}


def show(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> None:
    """Print diagnostics to stderr, with their number. Only a terminal gets colours."""
    if diagnostics:
        click.echo(as_text(diagnostics, workspace), err=True)


def as_text(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """Every diagnostic, and their number; empty where there are none."""
    lines = [format_diagnostic(each, workspace) for each in diagnostics]
    if lines:
        lines.append(summary(diagnostics))
    return "\n".join(lines)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are of each severity, such as `2 errors, 1 warning`."""
    counts = Counter(each.severity for each in diagnostics)
    words = []
    for severity in Severity:
        if counts[severity] == 1:
            words.append(f"1 {severity}")
        elif counts[severity]:
            words.append(f"{counts[severity]} {_SEVERAL[severity]}")
    return ", ".join(words)


def format_diagnostic(diagnostic: Diagnostic, workspace: Workspace) -> str:
    """One diagnostic as text, without a line end at its end."""
    location, severity = diagnostic.location, diagnostic.severity
    place = workspace.display(location.path)
    if location.line:
        place += f":{location.line}:{location.column}"
    label = click.style(f"{severity.value}[{diagnostic.code}]", fg=_COLOURS[severity], bold=True)
    lines = [f"{click.style(place, bold=True)}: {label}: {diagnostic.message}"]
    lines += _excerpt(diagnostic, workspace)
    if diagnostic.help:
        lines.append(f"  {click.style('help', fg='cyan')}: {diagnostic.help}")
    return "\n".join(lines)


def _excerpt(diagnostic: Diagnostic, workspace: Workspace) -> list[str]:
    """The line of a diagnostic with carets below its span; nothing where there is no such line."""
    location = diagnostic.location
    lines = _lines(workspace.texts.get(location.path, ""))
    if not 1 <= location.line <= len(lines):
        return []
    line = lines[location.line - 1]
    if not line.strip():
        return []
    start, first = location.column - 1, 0
    if len(line) > _WIDEST:
        first = max(0, start - _BEFORE)
    last = first + _WIDEST
    end = min(start + location.width, last)
    # All are measured from where the excerpt begins: the width of a tab depends on its column.
    begin = _columns(visible(line[first:start]))
    width = _columns(visible(line[first:end])) - begin
    gutter = " " * len(str(location.line))
    carets = " " * begin + "^" * max(1, width)
    return [
        f"  {location.line} | {visible(line[first:last])}",
        f"  {gutter} | {click.style(carets, fg=_COLOURS[diagnostic.severity])}",
    ]


@functools.lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    """The lines of a text. A text with many problems is split once."""
    return text.split("\n")


def _columns(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    """The columns of a character: East Asian ones take two, and marks on other characters none."""
    # The vowels and final consonants of Korean are drawn inside the syllable before them.
    is_in_syllable = "\u1160" <= character <= "\u11ff"
    if is_in_syllable or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 1
