"""`ankipress check`: the same diagnostics as a build, and more; nothing written but what is asked
to be mended.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from ankipress.cli.arguments import paths_argument
from ankipress.cli.compiling import compiled, say, say_cannot_write
from ankipress.cli.contribution import as_questions
from ankipress.cli.diagnostics_formats import FORMATS
from ankipress.cli.diagnostics_text import show
from ankipress.cli.main import OK, PROBLEMS, examples
from ankipress.cli.pages import explanation
from ankipress.diagnostics import (
    CODES,
    Diagnostic,
    Severity,
    graded,
    has_errors,
    in_order,
    suggestion,
)
from ankipress.diff.editions import EditionError, guarded
from ankipress.lint.project_lint import advice
from ankipress.lint.runnable_code import code_runs
from ankipress.model import Package
from ankipress.project.code_runner import run_all
from ankipress.project.fixes import UnmendableError, difference, mended, write
from ankipress.project.workspace import Workspace

_EXAMPLES = examples(
    "ankipress check                            # the project around this folder",
    "ankipress check notes.md --ignore advice   # errors and warnings alone",
    "ankipress check --format github            # annotations in a workflow of GitHub",
    "ankipress check --contribution             # a pull request: what a maintainer must decide is no error",
    "ankipress check --diff                     # what --fix would mend",
    "ankipress check --explain empty-answer     # what a code means",
    "ankipress check --against my-deck-1.0.0.apkg   # and that learners of a release, or of a git revision, lose nothing",
    "ankipress check --run                      # run the code that is marked {.run}; only on cards that you trust",
)
_ROUNDS = 50  # of mending: a fix may bring to light what it hid


def _chosen(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> frozenset[str]:
    """The codes that some words mean: codes, or severities, several of them with commas between."""
    words = {word.strip() for value in values for word in value.split(",")} - {""}
    severities = [each.value for each in Severity]
    for word in sorted(words):
        if word not in CODES and word not in severities:
            raise click.BadParameter(
                f"there is no code {word!r}{suggestion(word, (*CODES, *severities))}",
                context,
                parameter,
            )
    return frozenset(words)


def _explain(context: click.Context, parameter: click.Parameter, code: str | None) -> None:
    if code is None:
        return
    if code not in CODES:
        raise click.BadParameter(
            f"there is no code {code!r}{suggestion(code, tuple(CODES))}", context, parameter
        )
    click.echo(f"{code}\n\n{explanation(code)}")
    context.exit()


@click.command("check", epilog=_EXAMPLES)
@paths_argument
@click.option(
    "--format", "form", type=click.Choice(["text", *FORMATS]), default="text", help="Default: text."
)
@click.option(
    "--select",
    callback=_chosen,
    multiple=True,
    metavar="CODES",
    help="Show these codes or severities alone.",
)
@click.option(
    "--ignore",
    callback=_chosen,
    multiple=True,
    metavar="CODES",
    help="Leave these codes or severities out.",
)
@click.option("--fix", is_flag=True, help="Mend in the sources what can safely be mended.")
@click.option(
    "--diff", is_flag=True, help="Show what --fix changes; without --fix, change nothing."
)
@click.option(
    "--run",
    "running",
    is_flag=True,
    help="Run the code marked {.run}, and compare its output with the card's.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=10,
    metavar="SECONDS",
    help="For each piece. Default: 10.",
)
@click.option(
    "--against", metavar="OLD", help="Also guard what OLD published: a package or a git revision."
)
@click.option(
    "--contribution",
    is_flag=True,
    help="For pull requests: leave open cases of identity to the maintainer.",
)
@click.option(
    "--explain",
    callback=_explain,
    is_eager=True,
    expose_value=False,
    metavar="CODE",
    help="Say what a code means.",
)
def command(  # noqa: PLR0913, PLR0917
    paths: tuple[Path, ...],
    form: str,
    select: frozenset[str],
    ignore: frozenset[str],
    fix: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    running: bool,  # noqa: FBT001
    timeout: float,
    against: str | None,
    contribution: bool,  # noqa: FBT001
) -> int:
    """Show every problem in the cards, and mend what can safely be mended.

    Without --fix nothing is written. The exit status is 1 if an error is among what is shown.
    """
    if diff and form != "text":
        raise click.UsageError("--diff is a text of its own: it goes with --format text alone")
    choice = _Choice(
        select, ignore, timeout if running else None, against, contribution=contribution
    )
    check = functools.partial(_check, paths, choice)
    try:
        found = check()
    except EditionError as error:
        return say(error.code, str(error), error.help)
    try:
        if diff:
            texts = mended(found.diagnostics, found.workspace)
            click.echo(difference(texts, found.workspace), nl=False)
            if not fix:
                return PROBLEMS if texts else OK
        for _ in range(_ROUNDS if fix else 0):
            if not (texts := mended(found.diagnostics, found.workspace)):
                break
            write(texts, found.workspace)
            click.echo(f"mended {', '.join(map(found.workspace.display, texts))}", err=True)
            found = check()
    except UnmendableError as error:
        return say_cannot_write(error.cause, found.workspace.root)
    _print(found, form)
    return PROBLEMS if has_errors(found.diagnostics) else OK


class _Choice(NamedTuple):
    """What is looked for: codes and severities; how long, in seconds, a piece of code may run, None
    for not at all; the release whose notes must be kept, None for none; and whether open cases of
    identity are left to a maintainer.
    """

    select: frozenset[str]
    ignore: frozenset[str]
    seconds: float | None
    against: str | None
    contribution: bool


class _Found(NamedTuple):
    workspace: Workspace
    package: Package
    diagnostics: Sequence[Diagnostic]


def _check(paths: Sequence[Path], choice: _Choice) -> _Found:
    workspace, result, diagnostics = compiled(paths)
    levels = workspace.project.settings.severity
    diagnostics = (*diagnostics, *graded(advice(result.notes, workspace), levels))
    if choice.seconds is not None:
        packed = {note.guid for note in result.package.notes}
        runs = code_runs([note.entry for note in result.notes if note.guid in packed])
        wrong = run_all(runs, workspace.project.settings.run, choice.seconds, workspace.root)
        diagnostics = (*diagnostics, *wrong)
    if choice.against is not None:
        diagnostics = (*diagnostics, *guarded(choice.against, workspace, result))
    shown = [
        each
        for each in in_order(as_questions(diagnostics) if choice.contribution else diagnostics)
        if (not choice.select or choice.select & _names(each)) and not choice.ignore & _names(each)
    ]
    return _Found(workspace, result.package, shown)


def _names(diagnostic: Diagnostic) -> set[str]:
    return {diagnostic.code, diagnostic.severity.value}


def _print(found: _Found, form: str) -> None:
    if form != "text":
        if text := FORMATS[form](found.diagnostics, found.workspace):
            click.echo(text)
        return
    show(found.diagnostics, found.workspace, err=False)
    if not found.diagnostics:
        notes = len(found.package.notes)
        click.echo(
            f"{found.package.name} {found.package.version}: {notes} note{'s' * (notes != 1)}, no problems"
        )
