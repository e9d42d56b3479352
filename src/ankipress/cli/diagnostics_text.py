"""Diagnostics as text for people: place, code, message, the line with carets below it, and help.

Every problem that any command shows has this form.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from ankipress.cli.columns import columns, wrapped
from ankipress.cli.excerpt import excerpt
from ankipress.cli.printing import OwnText, echo, joined, lines_of, style
from ankipress.cli.terminal import PIPE, Terminal, of_errors, of_output
from ankipress.diagnostics import Diagnostic, Severity, ShownDiagnostic, address
from ankipress.project.workspace import Workspace
from ankipress.visible_text import on_one_line, visible

_WIDEST = 110  # columns of a source line that are shown, where no terminal says how many it has
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.ADVICE: "blue"}
"""How each severity is coloured on a terminal."""
_SEVERAL = {
    Severity.ERROR: "errors",
    Severity.WARNING: "warnings",
    Severity.ADVICE: "pieces of advice",
}
_HELP = "  help: "
_FOREIGN_LINE_END = re.compile(r"\r?\n(?! {4}|\n|$)")


def show(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> None:
    """Print diagnostics to stderr, with their number. Only a terminal gets colours."""
    show_again(shown_diagnostics(diagnostics, workspace))


def show_again(diagnostics: Sequence[ShownDiagnostic]) -> None:
    """Print diagnostics to stderr that need no project to be shown."""
    if diagnostics:
        echo(report(diagnostics, of_errors()), err=True)


def shown_diagnostics(
    diagnostics: Iterable[Diagnostic], workspace: Workspace
) -> list[ShownDiagnostic]:
    """The diagnostics with what is shown of their files."""
    return [
        ShownDiagnostic(each, workspace.display(each.location.path), _line(each, workspace))
        for each in workspace.as_written(diagnostics)
    ]


def as_text(diagnostics: Sequence[Diagnostic], workspace: Workspace) -> OwnText:
    """Every diagnostic, and their number, for stdout; empty where there are none."""
    return report(shown_diagnostics(diagnostics, workspace), of_output())


def report(diagnostics: Sequence[ShownDiagnostic], terminal: Terminal) -> OwnText:
    """Every diagnostic, their number, and where they are explained; empty where there are none."""
    if not diagnostics:
        return OwnText()
    pieces = [format_diagnostic(each, terminal) for each in diagnostics]
    problems = [each.diagnostic for each in diagnostics]
    pieces.append(lines_of(f"{summary(problems)}\n{_explained(problems, terminal)}"))
    return joined(pieces, "\n\n")


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


def format_diagnostic(
    shown: ShownDiagnostic,
    terminal: Terminal,
    details: str = "",
) -> OwnText:
    """One diagnostic as text, without a line end at its end.

    `details` are lines between the message and the help.
    """
    diagnostic = shown.diagnostic
    lines = [_headline(shown, terminal), *_excerpt(shown, terminal)]
    if details:
        lines.append(lines_of(details))
    if diagnostic.help:
        label = style("help", fg="cyan")
        indent = " " * len(_HELP)
        text = wrapped(visible(diagnostic.help), terminal.width, len(_HELP), indent)
        lines.append(joined(["  ", label, ": ", lines_of(text)]))
    return joined(lines, "\n")


def _headline(shown: ShownDiagnostic, terminal: Terminal) -> OwnText:
    """The place, the code and the message."""
    diagnostic = shown.diagnostic
    severity = diagnostic.severity
    name = f"{severity.value}[{diagnostic.code}]"
    place = _place(shown)
    used = columns(place) + len(name) + len(": ")
    message = wrapped(_message(diagnostic), terminal.width, used, "    ")
    code = terminal.link(diagnostic.code, address(diagnostic.code))
    linked = joined([severity.value, "[", code, "]"])
    pieces = [style(linked, fg=COLOURS[severity], bold=True), ":"]
    if place:
        pieces[:0] = [style(place.removesuffix(" "), bold=True), " "]
    if not message.startswith("\n"):
        pieces.append(" ")
    return joined([*pieces, lines_of(message)])


def _message(diagnostic: Diagnostic) -> str:
    """The message. Lines of ours below its first one are indented; other line ends are foreign."""
    return _FOREIGN_LINE_END.sub(r"\\n", visible(diagnostic.message))


def _place(shown: ShownDiagnostic) -> str:
    """Where it is, before its code; empty where it stands in no file."""
    location = shown.diagnostic.location
    if not location.path:
        return ""
    path = on_one_line(shown.path)
    if not location.line:
        return f"{path}: "
    return f"{path}:{location.line}:{location.column}: "


def _excerpt(shown: ShownDiagnostic, terminal: Terminal) -> list[OwnText]:
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
    indent = " " * len(number)
    marks = style(carets, fg=COLOURS[diagnostic.severity])
    return [
        joined([f"  {number} | {text}"]),
        joined([f"  {indent} | ", marks]),
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
