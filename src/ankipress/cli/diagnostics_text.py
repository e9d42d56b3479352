"""Diagnostics as text for people: place, code, message, the line with carets below it, and help.

Every problem that any command shows has this form.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from ankipress.cli.columns import columns, wrapped
from ankipress.cli.excerpt import excerpt
from ankipress.cli.terminal import PIPE, Terminal, of_errors, of_output
from ankipress.diagnostics import Diagnostic, Severity, ShownDiagnostic, address
from ankipress.project.workspace import Workspace

_WIDEST = 110  # columns of a source line that are shown, where no terminal says how many it has
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.ADVICE: "blue"}
"""How each severity is coloured on a terminal."""
_SEVERAL = {
    Severity.ERROR: "errors",
    Severity.WARNING: "warnings",
    Severity.ADVICE: "pieces of advice",
}
_HELP = "  help: "


def show(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> None:
    """Print diagnostics to stderr, with their number. Only a terminal gets colours."""
    show_again(shown_diagnostics(diagnostics, workspace))


def show_again(diagnostics: Sequence[ShownDiagnostic]) -> None:
    """Print diagnostics to stderr that need no project to be shown."""
    if diagnostics:
        click.echo(report(diagnostics, of_errors()), err=True)


def shown_diagnostics(
    diagnostics: Iterable[Diagnostic], workspace: Workspace
) -> list[ShownDiagnostic]:
    """The diagnostics with what is shown of their files."""
    return [
        ShownDiagnostic(each, workspace.display(each.location.path), _line(each, workspace))
        for each in diagnostics
    ]


def as_text(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> str:
    """Every diagnostic, and their number, for stdout; empty where there are none."""
    return report(shown_diagnostics(diagnostics, workspace), of_output())


def report(diagnostics: Sequence[ShownDiagnostic], terminal: Terminal) -> str:
    """Every diagnostic, their number, and where they are explained; empty where there are none."""
    if not diagnostics:
        return ""
    pieces = [format_diagnostic(each, terminal) for each in diagnostics]
    problems = [each.diagnostic for each in diagnostics]
    pieces.append(f"{summary(problems)}\n{_explained(problems, terminal)}")
    return "\n\n".join(pieces)


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


def _explained(diagnostics: Iterable[Diagnostic], terminal: Terminal) -> str:
    """Where the codes are explained. Codes that are links need no address."""
    codes = {each.code for each in diagnostics}
    code = "CODE"
    if len(codes) == 1:
        code = codes.pop()
    line = f"`ankipress explain {code}` says more"
    if not terminal.has_links:
        line += f", as does {address(code)}"
    return wrapped(line, terminal.width)


def format_diagnostic(shown: ShownDiagnostic, terminal: Terminal, details: str = "") -> str:
    """One diagnostic as text, without a line end at its end.

    `details` are lines between the message and the help.
    """
    diagnostic = shown.diagnostic
    lines = [_headline(shown, terminal), *_excerpt(shown, terminal)]
    if details:
        lines.append(details)
    if diagnostic.help:
        label = click.style("help", fg="cyan")
        indent = " " * len(_HELP)
        text = wrapped(diagnostic.help, terminal.width, len(_HELP), indent)
        lines.append(f"  {label}: {text}")
    return "\n".join(lines)


def _headline(shown: ShownDiagnostic, terminal: Terminal) -> str:
    """The place, the code and the message."""
    diagnostic = shown.diagnostic
    severity = diagnostic.severity
    name = f"{severity.value}[{diagnostic.code}]"
    place = _place(shown)
    message = wrapped(
        diagnostic.message, terminal.width, columns(place) + len(name) + len(": "), "    "
    )
    code = terminal.link(diagnostic.code, address(diagnostic.code))
    linked = f"{severity.value}[{code}]"
    label = click.style(linked, fg=COLOURS[severity], bold=True)
    if place:
        place = click.style(place.removesuffix(" "), bold=True) + " "
    return f"{place}{label}: {message}".replace(": \n", ":\n", 1)


def _place(shown: ShownDiagnostic) -> str:
    """Where it is, before its code; empty where it stands in no file."""
    location = shown.diagnostic.location
    if not location.path:
        return ""
    if not location.line:
        return f"{shown.path}: "
    return f"{shown.path}:{location.line}:{location.column}: "


def _excerpt(shown: ShownDiagnostic, terminal: Terminal) -> list[str]:
    """The line of a diagnostic with carets below its span; nothing where there is no such line."""
    diagnostic = shown.diagnostic
    location = diagnostic.location
    if not shown.line.strip():
        return []
    number = str(location.line)
    limit = _WIDEST
    if terminal.width is not None:
        limit = terminal.width - len(f"  {number} | ")
    start = location.column - 1
    text, carets = excerpt(shown.line, start, location.width, limit)
    return [
        f"  {number} | {text}",
        f"  {' ' * len(number)} | {click.style(carets, fg=COLOURS[diagnostic.severity])}",
    ]


def _line(diagnostic: Diagnostic, workspace: Workspace) -> str:
    """The line of a diagnostic, empty where there is no such line."""
    location = diagnostic.location
    lines = _lines(workspace.texts.get(location.path, ""))
    if 1 <= location.line <= len(lines):
        return lines[location.line - 1]
    return ""


@functools.lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    """The lines of a text. A text with many problems is split once."""
    return text.split("\n")


def plain(diagnostic: Diagnostic, workspace: Workspace) -> str:
    """One diagnostic without colours and links, in lines that are not wrapped."""
    [shown] = shown_diagnostics([diagnostic], workspace)
    return click.unstyle(format_diagnostic(shown, PIPE))
