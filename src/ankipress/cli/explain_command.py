"""`ankipress explain`: what a code means, with an example, and what helps."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ankipress.cli.code_pages import page_on
from ankipress.cli.columns import wrapped
from ankipress.cli.diagnostics_text import COLOURS
from ankipress.cli.main import OK, examples
from ankipress.cli.page_text import first_sentence, page_text
from ankipress.cli.printing import OwnText, echo, joined, lines_of, style
from ankipress.cli.terminal import Terminal, of_output
from ankipress.diagnostics import CODES, Severity, address, suggestion

_EXAMPLES = examples(
    "ankipress explain empty-answer     # what this code means",
    "ankipress explain                  # all codes",
)
_NARROW = 72  # columns: below, a code and what it means do not fit side by side


@click.command("explain", epilog=_EXAMPLES)
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Say what a code of a problem means, with an example, and what helps.

    Without CODE, all codes are listed.
    """
    terminal = of_output()
    if code is None:
        lists = [_listed(severity, terminal) for severity in Severity]
        echo(joined(lists, "\n\n"))
        return OK
    if code not in CODES:
        raise click.UsageError(f"there is no code {code!r}{suggestion(code, tuple(CODES))}")
    title = _title(code, terminal)
    page = page_text(page_on(code), terminal)
    echo(joined([title, page], "\n\n"))
    return OK


def _title(code: str, terminal: Terminal) -> OwnText:
    severity = CODES[code]
    linked = terminal.link(code, address(code))
    name = joined([severity, "[", linked, "]"])
    title = style(name, fg=COLOURS[severity], bold=True)
    if terminal.has_links:
        return title
    return joined([title, ": ", address(code)])


def _listed(severity: Severity, terminal: Terminal) -> OwnText:
    """The codes of a severity, and the first sentence on each."""
    codes = [code for code in CODES if CODES[code] is severity]
    name = severity.value.capitalize()
    title = style(name, fg=COLOURS[severity], bold=True)
    return joined([title, *_lines(codes, terminal)], "\n")


def _lines(codes: list[str], terminal: Terminal) -> Iterator[OwnText]:
    is_narrow = terminal.width is not None and terminal.width < _NARROW
    longest = max(map(len, CODES))
    for code in codes:
        name = terminal.link(code, address(code))
        indent = " " * (longest + 4)
        between = " " * (longest + 2 - len(code))
        if is_narrow:
            indent = "    "
            between = f"\n{indent}"
        meaning = first_sentence(page_on(code))
        text = wrapped(meaning, terminal.width, len(indent), indent)
        yield joined(["  ", name, OwnText(between), lines_of(text)])
