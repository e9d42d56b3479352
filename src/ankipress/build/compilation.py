"""From paths to a compiled deck: read the project, run every stage, and gather the problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ankipress.build.adoption import adopt
from ankipress.build.broken_cards import without_broken_cards
from ankipress.build.cards import Resources, Run
from ankipress.build.file_reading import ask_reading, choose_reading
from ankipress.build.memo import Memo, open_memo
from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.diagnostics import Diagnostic, Location, counted, graded, has_errors, in_order
from ankipress.identity.lock import write_lock
from ankipress.model import FileReading, Record, State
from ankipress.project.clock import now
from ankipress.project.file_digests import FileDigests
from ankipress.project.location import location_of_project, shown_path
from ankipress.project.other_sources import with_other_files
from ankipress.project.places import command_line, with_commands
from ankipress.project.programs import extensions_fingerprint, programs_fingerprint
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Adoption, Workspace


@dataclass(frozen=True, slots=True)
class CompiledProject:
    """A project as it was read, its compiled deck, and every problem in order.

    `extension_code` is a digest of the modules of its Markdown extensions, before they were used.
    `forgives` tells that errors of cards that are left out were made warnings.
    """

    workspace: Workspace
    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]
    extension_code: bytes
    forgives: bool = False


def compile_project(
    paths: Sequence[Path],
    run: Run = map,
    *,
    locked: bool = False,
    reading: FileReading | None = None,
) -> CompiledProject:
    """Read and compile the project that some paths mean.

    With `locked`, every file is read again, and a lock that is not up to date is an error.
    `reading` is how files without settings are to be read, where a user says it.
    """
    with open_memo(location_of_project(paths).root, programs_fingerprint()) as memo:
        digests = FileDigests({} if locked else memo.file_stamps())
        workspace = read_workspace(paths, digests)
        ask_reading(workspace, reading)
        return compile_with(workspace, now(), memo, run, locked=locked)


def compile_workspace(
    workspace: Workspace,
    time: int,
    run: Run = map,
    *,
    memo_root: Path | None = None,
) -> CompiledProject:
    """Compile a project that was read, at a time in seconds since 1970.

    `memo_root` is the folder of the project whose memo is used, if it is not this one: a revision
    that was checked out shares most cards with the project itself.
    """
    with open_memo(memo_root or workspace.root, programs_fingerprint()) as memo:
        return compile_with(workspace, time, memo, run)


def compile_with(
    workspace: Workspace,
    time: int,
    memo: Memo,
    run: Run,
    *,
    locked: bool = False,
) -> CompiledProject:
    """Compile a project that was read, with a memo that is open."""
    resources = _resources(workspace, memo, run)
    compiled = compile_deck(workspace.project, time, resources)
    memo.keep_file_stamps(workspace.digests.fresh)
    problems = _problems(workspace, compiled)
    if locked and not has_errors(problems):
        problems += _outdated(workspace, compiled)
    return CompiledProject(workspace, compiled, in_order(problems), resources.extensions)


def compile_leaving_out(
    workspace: Workspace,
    time: int,
    memo: Memo,
    run: Run,
) -> CompiledProject:
    """Compile a project that was read without the cards that have errors and were never packed."""
    resources = _resources(workspace, memo, run)
    compile_without = partial(compile_deck, workspace.project, time, resources)
    problems_of = partial(_problems, workspace)
    compiled = compile_without(frozenset())
    problems = problems_of(compiled)
    forgives = False
    if has_errors(problems):
        severity = workspace.project.settings.severity
        found = without_broken_cards(compiled, problems_of, compile_without, severity)
        compiled, problems = found
        forgives = not has_errors(problems)
    memo.keep_file_stamps(workspace.digests.fresh)
    return CompiledProject(workspace, compiled, in_order(problems), resources.extensions, forgives)


def _resources(
    workspace: Workspace,
    memo: Memo,
    run: Run,
) -> Resources:
    """What a project is compiled with, once it is known how its files are read, and it goes on with
    the lock of its cards.
    """
    choose_reading(workspace)
    names = [extension.name for extension in workspace.project.settings.extensions]
    resources = Resources(memo, run, extensions_fingerprint(names))
    adopt(workspace, resources)
    return resources


def _problems(workspace: Workspace, compiled: Compiled) -> list[Diagnostic]:
    """The problems of a compiled project, as bad as its settings say."""
    problems = list(workspace.diagnostics)
    problems += _drift(compiled, workspace)
    problems += with_commands(compiled.diagnostics, compiled.unresolved, workspace)
    problems = with_other_files(problems, workspace)
    if any(each.code == "no-sources" for each in problems):
        # Few folders are looked at.
        from ankipress.build.notes_description import with_existing_notes  # noqa: PLC0415

        problems = with_existing_notes(problems, workspace)
    return graded(problems, workspace.project.settings.severity)


def _drift(compiled: Compiled, workspace: Workspace) -> Iterator[Diagnostic]:
    """A warning if other versions of the tools changed notes that their author did not change."""
    drift = compiled.stamped.drift
    if not drift.guids:
        return
    notes = counted(len(drift.guids), "note")
    yield Diagnostic(
        "toolchain-drift",
        Location(workspace.lock_path.name),
        f"learners would see {notes} updated whose source did not change: {drift.cause}",
        "`ankipress diff` shows what differs; install the versions of before, or release it",
    )


def _outdated(workspace: Workspace, compiled: Compiled) -> Iterator[Diagnostic]:
    """An error for each note that a build would change in the lock."""
    if workspace.adoption is not None and workspace.adoption.rests:
        yield _not_adopted(workspace, workspace.adoption)
        return
    if write_lock(compiled.stamped.lock) == workspace.lock_text:
        return
    help = "run `ankipress build` without --locked, and commit the lock"
    before = {record.guid: record for record in workspace.project.lock.records}
    places = {note.guid: note.entry.location for note in compiled.notes}
    lock = Location(workspace.lock_path.name)
    differs = False
    for record in compiled.stamped.lock.records:
        known = before.get(record.guid)
        if known == record:
            continue
        differs = True
        difference = _difference(known, record)
        message = f'the note {record.guid} "{record.question[:60]}" {difference}'
        location = places.get(record.guid, lock)
        yield Diagnostic("lock-outdated", location, message, help)
    if not differs:
        yield Diagnostic("lock-outdated", lock, "the lock is not as ankipress writes it", help)


def _not_adopted(workspace: Workspace, adoption: Adoption) -> Diagnostic:
    """The error of a lock that goes on under another name, which no build has written yet."""
    names = ", ".join(map(shown_path, sorted(adoption.rests)))
    message = f"the cards go on with {names}, and this lock is not written yet"
    command = command_line("build", workspace=workspace)
    help = f"run `{command}` without --locked, and commit the locks"
    return Diagnostic("lock-outdated", Location(workspace.lock_path.name), message, help)


def _difference(known: Record | None, record: Record) -> str:
    """How a record of the lock differs from the one that a build would write."""
    if known is None:
        return "is not in the lock"
    if known.state is not record.state and known.state is State.ACTIVE:
        return "is gone from the cards, and active in the lock"
    if known.state is not record.state:
        return "is back, and retired in the lock"
    if known.digest != record.digest:
        return "has changed since the lock was written"
    if known.id != record.id:
        return f"has another id than in the lock: {record.id}"
    return "stands elsewhere than the lock says"
