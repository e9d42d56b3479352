"""`ankipress check`: the diagnostics of a build, and more. Only `--fix` writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from ankipress.build.many_retired import MANY_RETIRED, many_retired
from ankipress.cli.compiling import compiled
from ankipress.cli.diagnostics_formats import FORMATS
from ankipress.cli.main import OK, PROBLEMS, examples, format_option, paths_argument, shape_option
from ankipress.cli.printing import echo, lines_of
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diagnostics import (
    CODES,
    Diagnostic,
    Severity,
    counted,
    graded,
    has_errors,
    in_order,
    suggestion,
)
from ankipress.diff.editions import EditionError, guarded
from ankipress.diff.old_version import old_version
from ankipress.lint.code_results import wrong_code
from ankipress.lint.project_lint import advice
from ankipress.model import FileReading, Package
from ankipress.project.fixes import CannotFixError, difference, fixed, write
from ankipress.project.workspace import Workspace

_EXAMPLES = examples(
    "ankipress check                            # the project around this folder",
    "ankipress check notes.md --ignore advice   # errors and warnings alone",
    "ankipress check --format github            # annotations in a workflow of GitHub",
    "ankipress check --contribution             # a pull request: leave identity to a maintainer",
    "ankipress check --diff                     # what --fix would change",
    "ankipress check --against my-deck-1.0.0.apkg   # learners of a release lose nothing",
    "ankipress check --run                      # run the code that is marked {.run}, once"
    " `ankipress trust` allows it",
)
_ROUNDS = 50  # of fixing: a fix may bring to light what it hid
_FOR_MAINTAINERS = (
    "whoever merges this says which, and nothing has to be done here; if you know, say it in the"
    " pull request.\n    For maintainers, here or once it is merged: "
)
_OF_MAINTAINERS = frozenset({"ambiguous-identity", MANY_RETIRED})
_UNTRUSTED = "nothing of a pull request is run, so the cards were checked without it"


def _read_codes(
    _context: click.Context,
    _parameter: click.Parameter,
    values: tuple[str, ...],
) -> frozenset[str]:
    """The codes and severities that an option names, with commas between several."""
    words = {word.strip() for word in ",".join(values).split(",")} - {""}
    for word in sorted(words):
        known = (*CODES, *Severity)
        if word not in known:
            raise click.BadParameter(f"there is no code {word!r}{suggestion(word, known)}")
    return frozenset(words)


@click.command("check", epilog=_EXAMPLES)
@paths_argument
@format_option(FORMATS)
@click.option(
    "--select",
    callback=_read_codes,
    multiple=True,
    metavar="CODES",
    help="Show these codes or severities alone.",
)
@click.option(
    "--ignore",
    callback=_read_codes,
    multiple=True,
    metavar="CODES",
    help="Leave these codes or severities out.",
)
@click.option("--fix", is_flag=True, help="Fix in the sources what can safely be fixed.")
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
@shape_option
@click.option(
    "--contribution",
    is_flag=True,
    help="For pull requests: leave what is unclear about identity to the maintainer.",
)
def command(
    paths: tuple[Path, ...],
    form: str,
    select: frozenset[str],
    ignore: frozenset[str],
    fix: bool,
    diff: bool,
    running: bool,
    timeout: float,
    against: str | None,
    reading: FileReading | None,
    contribution: bool,
) -> int:
    """Show every problem in the cards, and fix what can safely be fixed.

    Without --fix nothing is written. The exit status is 1 if an error is among what is shown.
    """
    if diff and form != "text":
        raise click.UsageError("--diff is a text of its own: it goes with --format text alone")
    check = _Check(paths, select, ignore, running, timeout, against, contribution, reading)
    try:
        found = check.run()
    except EditionError as error:
        return say(error.code, str(error), error.help)
    try:
        if diff:
            texts = fixed(found.diagnostics, found.workspace)
            echo(lines_of(difference(texts, found.workspace)), nl=False)
            if not fix:
                return PROBLEMS if texts else OK
        if fix:
            found = _fix(found, check)
    except CannotFixError as error:
        return say_cannot_write(error.cause, found.workspace.root)
    if text := FORMATS[form](found.diagnostics, found.workspace):
        echo(lines_of(text), commands=form == "github")
    elif form == "text":
        number = counted(len(found.package.notes), "note")
        echo(f"{found.package.name} {found.package.version}: {number}, no problems")
    if has_errors(found.diagnostics):
        return PROBLEMS
    return OK


@dataclass(frozen=True, slots=True)
class _CheckedProject:
    workspace: Workspace
    package: Package
    diagnostics: Sequence[Diagnostic]


@dataclass(frozen=True, slots=True)
class _Check:
    """What the options ask for."""

    paths: Sequence[Path]
    select: frozenset[str]
    ignore: frozenset[str]
    running: bool
    seconds: float
    against: str | None
    contribution: bool
    reading: FileReading | None

    def run(self) -> _CheckedProject:
        """Every diagnostic that is asked for, in order."""
        workspace, result, diagnostics = compiled(self.paths, reading=self.reading)
        settings = workspace.project.settings
        found = [*diagnostics, *graded(advice(result.notes, workspace), settings.severity)]
        found += many_retired(workspace, result)
        if self.running:
            packed = {note.guid for note in result.package.notes}
            entries = [note.entry for note in result.notes if note.guid in packed]
            found += wrong_code(entries, workspace, self.seconds)
        if self.against is not None:
            found += guarded(self.against, workspace, result)
        elif not self.contribution:  # whoever releases sets the version
            found += old_version(workspace, result)
        if self.contribution:
            found = [_for_maintainer(each) for each in found]
        shown = [each for each in in_order(found) if self._is_shown(each)]
        return _CheckedProject(workspace, result.package, shown)

    def _is_shown(self, diagnostic: Diagnostic) -> bool:
        names = {diagnostic.code, diagnostic.severity.value}
        is_selected = not self.select or not names.isdisjoint(self.select)
        return is_selected and names.isdisjoint(self.ignore)


def _for_maintainer(diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic, as a warning where a maintainer must decide: which note a card is, whether
    many notes may be retired, or whether a project may run code.

    A build still refuses such a card or project. A contributor has no way to write the lock, nor to
    be trusted, so it must not fail a pull request.
    """
    if diagnostic.code == "not-trusted":
        return replace(diagnostic, level=Severity.WARNING, help=_UNTRUSTED)
    if diagnostic.code not in _OF_MAINTAINERS:
        return diagnostic
    return replace(diagnostic, level=Severity.WARNING, help=_FOR_MAINTAINERS + diagnostic.help)


def _fix(found: _CheckedProject, check: _Check) -> _CheckedProject:
    """Write fixes until nothing is left to fix. Raises CannotFixError."""
    for _ in range(_ROUNDS):
        texts = fixed(found.diagnostics, found.workspace)
        if not texts:
            break
        write(texts, found.workspace)
        echo(f"fixed {', '.join(map(found.workspace.display, texts))}", err=True)
        found = check.run()
    return found
