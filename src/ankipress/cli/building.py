"""What `ankipress build` does where something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ankipress.build.adoption import leave_rest
from ankipress.build.compilation import CompiledProject, compile_leaving_out, compile_with
from ankipress.build.file_reading import ask_reading
from ankipress.build.manifest import BuildManifest, status_of
from ankipress.build.many_retired import MANY_RETIRED, many_retired, without_many_retired
from ankipress.build.memo import Memo
from ankipress.build.pipeline import packages_of, write_package
from ankipress.cli.diagnostics_text import show, shown_diagnostics
from ankipress.cli.main import OK, PROBLEMS
from ankipress.cli.printing import can_ask, confirm, echo, lines_of
from ankipress.cli.progress import run_with_progress, waiting
from ankipress.cli.reading_option import say_reading
from ankipress.cli.saying import say_cannot_write
from ankipress.cli.summary import Packed, Summary
from ankipress.cli.what_changed import show_what_changed
from ankipress.diagnostics import Diagnostic, Severity, has_errors, in_order
from ankipress.diff.old_version import old_version
from ankipress.identity.lock import write_lock
from ankipress.model import FileReading, Package, Record
from ankipress.project.atomic import Writer, write_files
from ankipress.project.clock import now
from ankipress.project.file_digests import ChangedMeanwhileError, FileDigests
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import LockChoice, Workspace

_TRIES = 3  # while somebody else writes sources or the lock: a half-written file is read again
_SETTLED = frozenset(
    {"adopted-lock", "deck-renamed", "kind-changed", "toolchain-drift"}
)  # of the lock before: it is written now
_LARGE = 3000  # notes: packing them takes more than a moment


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What was asked for on the command line."""

    paths: Sequence[Path]
    output: Path | None
    jobs: int | None
    locked: bool
    lock_choice: LockChoice
    retires_many: bool = False
    verbose: bool = False
    reading: FileReading | None = None


Answer = Callable[[CompiledProject], int | None]
"""What is said of a project that will be written: None to go on, or the exit status."""


def build(
    request: BuildRequest,
    memo: Memo,
    key: bytes,
    before_writing: Answer = lambda _: None,
) -> int:
    """Compile the cards, write what changed, say what was made, and give the exit status.

    The build is remembered under a key. Whoever is asked before it writes anything may be asked
    again, where a source changes meanwhile.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            return _build(request, memo, key, before_writing)
        except ChangedMeanwhileError as error:
            if not tries_left:
                return say_cannot_write(error, Path(error.filename))
    raise AssertionError


def _build(
    request: BuildRequest,
    memo: Memo,
    key: bytes,
    before_writing: Answer,
) -> int:
    """Build once. Raises ChangedMeanwhileError, with nothing written, where a source or the lock
    has changed since it was read.
    """
    known = {} if request.locked else memo.file_stamps()
    digests = FileDigests(known)
    workspace = read_workspace(request.paths, digests)
    workspace.lock_choice = request.lock_choice
    ask_reading(workspace, request.reading)
    run = run_with_progress(request.jobs)
    if request.locked:
        built = compile_with(workspace, now(), memo, run, locked=True)
    else:
        built = compile_leaving_out(workspace, now(), memo, run)
    said = _problems(built, request)
    if _can_agree(said, request):
        show([each for each in said if each.code == MANY_RETIRED], workspace)
        if not confirm("Retire these notes?"):
            return PROBLEMS
        said = without_many_retired(said)
    status = _status_before(built, said, before_writing)
    if status is not None:
        return status
    packages = packages_by_path(request, built)
    lock: dict[Path, bytes] = {}
    if not request.locked:  # else it says the same already, perhaps with other line ends
        lock[workspace.lock_path] = write_lock(built.compiled.stamped.lock).encode()
    # The lock goes first, since no package may exist whose guids are remembered nowhere.
    contents: dict[Path, bytes | Writer] = {**lock}
    for path, package in packages.items():
        contents[path] = partial(write_package, package, memo)
    try:
        with waiting("Packing", is_long=len(built.compiled.notes) > _LARGE):
            _write(contents, request, workspace)
            leave_rest(workspace)
    except ChangedMeanwhileError:
        raise
    except OSError as error:
        show(said, workspace)
        return say_cannot_write(error, next(iter(packages), workspace.output))
    memo.keep_records(_replaced(built))
    show(said, workspace)
    summary = _summary(packages, built)
    stamped = built.compiled.stamped
    told = summary.text(len(stamped.new), len(stamped.changed), len(stamped.retired))
    echo(lines_of(told))
    say_reading(workspace, len(built.compiled.notes))
    show_what_changed(built, shows_all=request.verbose)
    workspace.wrote(lock)
    if built.forgives:
        return OK  # it is not remembered, so that a build with --locked says the errors
    lasting = [each for each in said if each.code not in _SETTLED]
    manifest = _manifest(built, packages, lasting, summary)
    with suppress(UnicodeEncodeError):  # of a folder whose name is not UTF-8
        memo.keep_manifest(key, manifest.encoded())
    return OK


def _status_before(
    built: CompiledProject,
    problems: Sequence[Diagnostic],
    before_writing: Answer,
) -> int | None:
    """The exit status where nothing is to be written."""
    if has_errors(problems):
        show(problems, built.workspace)
        return PROBLEMS
    return before_writing(built)


def _replaced(built: CompiledProject) -> Iterator[Record]:
    """The records of the notes that changed, as they were: an Anki may still have these versions,
    whose package is overwritten.
    """
    changed = built.compiled.stamped.changed
    for record in built.workspace.project.lock.packed:
        if record.guid in changed:
            yield record


def _problems(built: CompiledProject, request: BuildRequest) -> list[Diagnostic]:
    """What is wrong with a build, in order, without advice."""
    problems = [*built.diagnostics, *_old_version(built, request)]
    if not request.retires_many:
        problems += many_retired(built.workspace, built.compiled)
    return [each for each in in_order(problems) if each.severity is not Severity.ADVICE]


def _old_version(built: CompiledProject, request: BuildRequest) -> Iterable[Diagnostic]:
    return old_version(built.workspace, built.compiled, is_refused=request.locked)


def _can_agree(problems: Iterable[Diagnostic], request: BuildRequest) -> bool:
    """Whether nothing is wrong but that many notes are retired, and somebody can be asked."""
    errors = {each.code for each in problems if each.severity is Severity.ERROR}
    return errors == {MANY_RETIRED} and not request.locked and can_ask()


def packages_by_path(request: BuildRequest, built: CompiledProject) -> dict[Path, Package]:
    """The packages by the files that they are written to."""
    workspace = built.workspace
    folder = request.output or workspace.output
    settings = workspace.project.settings
    found = packages_of(built.compiled, settings)
    return {folder / workspace.package_name(package): package for package in found}


def _write(
    contents: Mapping[Path, bytes | Writer],
    request: BuildRequest,
    workspace: Workspace,
) -> None:
    """Write files inside the project, or in the folder that the user named."""
    folders = workspace.folders_written(request.output)
    write_files(contents, workspace.as_read, folders)


def _summary(packages: dict[Path, Package], built: CompiledProject) -> Summary:
    package = built.compiled.package
    # A note of a deck from elsewhere may have no cards, as learners have it.
    written = {note.guid for note in built.compiled.notes}
    tombstones = sum(note.guid not in written for note in package.notes)
    packed = [
        Packed(str(path.absolute()), len(each.notes), path.stat().st_size)
        for path, each in packages.items()
    ]
    return Summary(
        package.name,
        package.version,
        len(package.notes) - tombstones,
        built.compiled.drafts,
        built.compiled.unanswered,
        built.compiled.broken,
        tombstones,
        len(package.media),
        packed,
    )


def _manifest(
    built: CompiledProject,
    packages: dict[Path, Package],
    problems: Sequence[Diagnostic],
    summary: Summary,
) -> BuildManifest:
    """What the next build compares with."""
    workspace = built.workspace
    outputs = {}
    for path in packages:
        if status := status_of(path):
            outputs[str(path.absolute())] = status
    return BuildManifest(
        root=str(workspace.root),
        inputs=workspace.inputs,
        outputs=outputs,
        extensions=[each.name for each in workspace.project.settings.extensions],
        extension_code=built.extension_code,
        trusted=[each.digest for each in workspace.extension_wants],
        problems=shown_diagnostics(problems, workspace),
        summary=summary.text(),
    )
