"""Says problems that stand in no source: of the command line, of files that cannot be written."""

from __future__ import annotations

from pathlib import Path

import click

from ankipress.cli.diagnostics_text import format_diagnostic
from ankipress.cli.main import PROBLEMS
from ankipress.cli.printing import echo
from ankipress.cli.terminal import of_errors
from ankipress.diagnostics import Diagnostic, Location, ShownDiagnostic
from ankipress.project.location import shown_path


def say(code: str, message: str, help: str = "", details: str = "") -> int:
    """Print a problem to stderr, and give the exit status."""
    diagnostic = Diagnostic(code, Location(""), message, help)
    problem = ShownDiagnostic(diagnostic)
    echo(format_diagnostic(problem, of_errors(), details), err=True)
    return PROBLEMS


def say_cannot_write(error: OSError, path: Path) -> int:
    """Say that a file cannot be written, and give the exit status. `path` is meant where the system
    names none.
    """
    named = path
    if isinstance(error.filename, str):
        named = Path(error.filename)
    reason = error.strerror or error
    return say("cannot-write", f"cannot write {shown_path(named)}: {reason}", "nothing was changed")


def say_usage(error: click.ClickException) -> int:
    """Say what is wrong with a call, and how the command is called, and give the exit status."""
    context = getattr(error, "ctx", None)
    help = ""
    if context is not None:
        usage = " ".join(context.get_usage().split()).removeprefix("Usage: ")
        help = f"it is called as `{usage}`; `{context.command_path} --help` says more"
    message = _in_our_form(error.format_message())
    say("bad-usage", message, help)
    return error.exit_code


def _in_our_form(message: str) -> str:
    """A message of click as ours are: it begins with a small letter, and has no full stop."""
    begin = message[:1]
    rest = message[1:]
    if rest[:1].islower():
        begin = begin.lower()
    text = " ".join((begin + rest).split()).removesuffix(".")
    text = text.replace(". (Did you mean one of", "; did you mean one of").replace("?)", "?")
    return text.replace(". Did you mean", "; did you mean")
