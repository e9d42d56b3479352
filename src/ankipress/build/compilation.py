"""From paths to a compiled deck: the project is read, every stage is run, every problem is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.build.cards import Resources, Run
from ankipress.build.memo import Memo, open_memo
from ankipress.build.outdated import outdated
from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.diagnostics import Diagnostic, Location, graded, has_errors, in_order
from ankipress.project.clock import now
from ankipress.project.file_digests import FileDigests
from ankipress.project.places import with_commands
from ankipress.project.programs import extensions_fingerprint, programs_fingerprint
from ankipress.project.location import location_of_project
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CompiledProject:
    """A project as read, what became of it, and every problem in order."""

    workspace: Workspace
    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]


def compile_project(
    paths: Sequence[Path], run: Run = map, *, locked: bool = False
) -> CompiledProject:
    """The project that some paths mean, compiled now.

    With `locked`, every file is read, whatever is remembered of it, and it is a problem of cards
    without errors that the lock does not say all that they would have it say.
    """
    with open_memo(location_of_project(paths).root, programs_fingerprint()) as memo:
        digests = FileDigests({} if locked else memo.file_stamps())
        workspace = read_workspace(paths, digests)
        return compile_with(workspace, now(), memo, run, locked=locked)


def compile_workspace(
    workspace: Workspace, time: int, run: Run = map, *, memo_root: Path | None = None
) -> CompiledProject:
    """A project as read, compiled at a time in seconds since 1970.

    `memo_root` is the folder of the project whose memo is used, where it is not this one: a
    revision that was checked out has the cards of the project that it is a revision of.
    """
    with open_memo(memo_root or workspace.root, programs_fingerprint()) as memo:
        return compile_with(workspace, time, memo, run)


def compile_with(
    workspace: Workspace, time: int, memo: Memo, run: Run, *, locked: bool = False
) -> CompiledProject:
    """The same with a memo that is open."""
    settings = workspace.project.settings
    names = [extension.name for extension in settings.extensions]
    resources = Resources(memo, run, extensions_fingerprint(names))
    compiled = compile_deck(workspace.project, time, resources)
    memo.keep_file_stamps(workspace.digests.fresh)
    problems = [
        *workspace.diagnostics,
        *_drifted(compiled, workspace),
        *with_commands(compiled.diagnostics, compiled.open, workspace),
    ]
    diagnostics = in_order(graded(problems, settings.severity))
    if locked and not has_errors(diagnostics):
        diagnostics = in_order((*diagnostics, *outdated(workspace, compiled)))
    return CompiledProject(workspace, compiled, diagnostics)


def _drifted(compiled: Compiled, workspace: Workspace) -> Iterable[Diagnostic]:
    """That the tools changed notes which their author did not."""
    drift = compiled.stamped.drift
    if number := len(drift.guids):
        them = "1 note" if number == 1 else f"{number} notes"
        yield Diagnostic(
            "toolchain-drift",
            Location(workspace.lock_path.name),
            f"learners would see {them} updated whose source did not change: {drift.cause}",
            "`ankipress diff` shows what differs; install the versions of before, or release it",
        )
