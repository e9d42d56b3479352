"""What the commands share: the clock, the way from paths to a compiled deck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from ankipress.build.outdated import outdated
from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.cli.cache import Cache, generation
from ankipress.cli.jobs import Jobs, usable_cores
from ankipress.cli.main import PROBLEMS
from ankipress.cli.places import with_commands
from ankipress.cli.shelf import Shelf
from ankipress.diagnostics import Diagnostic, Location, graded, has_errors, in_order
from ankipress.project.clock import now
from ankipress.project.extension_files import extension_texts
from ankipress.project.location import shown_path
from ankipress.project.reading import read_workspace, size_of
from ankipress.project.workspace import Workspace
from ankipress.work import Work


def compiled(
    paths: Sequence[Path], jobs: int | None = None, *, locked: bool = False
) -> tuple[Workspace, Compiled, tuple[Diagnostic, ...]]:
    """The project that the paths mean, compiled by so many processes, and every problem in order.

    With `locked`, it is a problem of cards without errors that the lock does not say all that they
    would have it say.
    """
    with Jobs(jobs or usable_cores()) as hands:
        workspace = read_workspace(paths, hands.prepare)
        result, diagnostics = _compile(workspace, now(), workspace.memory, hands)
    if locked and not has_errors(diagnostics):
        diagnostics = in_order((*diagnostics, *outdated(workspace, result)))
    return workspace, result, diagnostics


def compile_workspace(
    workspace: Workspace, time: int, cache_folder: Path | None
) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    """A project as read, compiled at a time in seconds since 1970, and every problem in order."""
    with Jobs(usable_cores()) as hands:
        hands.prepare(sum(size_of(workspace.root / source) for source in workspace.sources))
        return _compile(workspace, time, cache_folder, hands)


def _compile(
    workspace: Workspace, time: int, cache_folder: Path | None, hands: Jobs
) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    extensions = extension_texts(each.name for each in workspace.project.settings.extensions)
    cache = Cache(cache_folder, generation(*extensions))
    result = compile_deck(workspace.project, time, Work(cache, hands.spread, Shelf().put))
    cache.write()
    diagnostics = [
        *workspace.diagnostics,
        *_drifted(result, workspace),
        *with_commands(result.diagnostics, result.open, workspace),
    ]
    return result, in_order(graded(diagnostics, workspace.project.settings.severity))


def _drifted(result: Compiled, workspace: Workspace) -> Iterable[Diagnostic]:
    """That the tools changed notes which their author did not."""
    drift = result.stamped.drift
    if number := len(drift.guids):
        them = "1 note" if number == 1 else f"{number} notes"
        message = f"learners would see {them} updated whose source did not change: {drift.cause}"
        way_out = (
            "`ankipress diff` shows what differs; install the versions of before, or release it"
        )
        yield Diagnostic("toolchain-drift", Location(workspace.lock_path.name), message, way_out)


def say(code: str, message: str, way_out: str = "") -> int:
    """Print a problem that has no place in a source, and give the exit status."""
    diagnostic = Diagnostic(code, Location(""), message, way_out)
    click.echo(
        f"{diagnostic.severity.value}[{code}]: {message}"
        + (f"\n  help: {way_out}" if way_out else ""),
        err=True,
    )
    return PROBLEMS


def say_cannot_write(error: OSError, path: Path) -> int:
    """Say that a file cannot be written, and give the exit status. `path` is meant where the system
    names none.
    """
    named = Path(error.filename) if isinstance(error.filename, str) else path
    return say(
        "cannot-write",
        f"cannot write {shown_path(named)}: {error.strerror or error}",
        "nothing was changed",
    )
