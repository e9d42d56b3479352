"""What `ankipress build` does where something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ankipress.build.compilation import CompiledProject, compile_with
from ankipress.build.manifest import BuildManifest, status_of
from ankipress.build.memo import Memo
from ankipress.build.pipeline import packages_of, write_package
from ankipress.cli.diagnostics_text import show, shown_diagnostics
from ankipress.cli.main import OK, PROBLEMS
from ankipress.cli.printing import echo, lines_of
from ankipress.cli.progress import run_with_progress, waiting
from ankipress.cli.saying import say_cannot_write
from ankipress.cli.summary import Packed, Summary
from ankipress.diagnostics import Diagnostic, Severity, counted, has_errors
from ankipress.identity.lock import write_lock
from ankipress.model import Note, Package, Record
from ankipress.project.atomic import Writer, write_files
from ankipress.project.clock import now
from ankipress.project.file_digests import ChangedMeanwhileError, FileDigests
from ankipress.project.places import command_line, place
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace
from ankipress.visible_text import one_line

_SHOWN = 10  # reworded questions
_TRIES = 3  # while somebody else writes sources or the lock: a half-written file is read again
_SETTLED = frozenset({"kind-changed", "toolchain-drift"})  # of the lock before: it is written now
_LARGE = 3000  # notes: packing them takes more than a moment


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What was asked for on the command line."""

    paths: Sequence[Path]
    output: Path | None
    jobs: int | None
    locked: bool


def build(request: BuildRequest, memo: Memo, key: bytes) -> int:
    """Compile the cards, write what changed, say what was made, and give the exit status.

    The build is remembered under a key.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            return _build(request, memo, key)
        except ChangedMeanwhileError as error:
            if not tries_left:
                return say_cannot_write(error, Path(error.filename))
    raise AssertionError


def _build(request: BuildRequest, memo: Memo, key: bytes) -> int:
    """Build once. Raises ChangedMeanwhileError, with nothing written, where a source or the lock
    has changed since it was read.
    """
    known = {} if request.locked else memo.file_stamps()
    digests = FileDigests(known)
    workspace = read_workspace(request.paths, digests)
    run = run_with_progress(request.jobs)
    built = compile_with(workspace, now(), memo, run, locked=request.locked)
    said = [each for each in built.diagnostics if each.severity is not Severity.ADVICE]
    if has_errors(built.diagnostics):
        show(said, workspace)
        return PROBLEMS
    packages = _packages(request, built)
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
    except ChangedMeanwhileError:
        raise
    except OSError as error:
        show(said, workspace)
        return say_cannot_write(error, next(iter(packages), workspace.output))
    show(said, workspace)
    summary = _summary(packages, built)
    stamped = built.compiled.stamped
    told = summary.text(len(stamped.new), len(stamped.changed), len(stamped.retired))
    echo(lines_of(told))
    _show_reworded(built.compiled.notes, workspace)
    workspace.wrote(lock)
    lasting = [each for each in said if each.code not in _SETTLED]
    manifest = _manifest(built, packages, lasting, summary)
    with suppress(UnicodeEncodeError):  # of a folder whose name is not UTF-8
        memo.keep_manifest(key, manifest.encoded())
    return OK


def _packages(request: BuildRequest, built: CompiledProject) -> dict[Path, Package]:
    """The packages by the files that they are written to."""
    workspace = built.workspace
    folder = request.output or workspace.output
    settings = workspace.project.settings
    found = packages_of(built.compiled, settings)
    return {folder / workspace.package_name(package): package for package in found}


def _write(
    contents: Mapping[Path, bytes | Writer], request: BuildRequest, workspace: Workspace
) -> None:
    """Write files inside the project, or in the folder that the user named."""
    folders = workspace.folders_written(request.output)
    write_files(contents, workspace.as_read, folders)


def _summary(packages: dict[Path, Package], built: CompiledProject) -> Summary:
    package = built.compiled.package
    tombstones = sum(not note.ords for note in package.notes)
    packed = [
        Packed(str(path.absolute()), len(each.notes), path.stat().st_size)
        for path, each in packages.items()
    ]
    return Summary(
        package.name,
        package.version,
        len(package.notes) - tombstones,
        built.compiled.drafts,
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


def _show_reworded(notes: Sequence[Note], workspace: Workspace) -> None:
    """The questions that were reworded, since they were taken for the same cards without asking."""
    reworded = [
        (note, note.record)
        for note in notes
        if note.record and note.record.question != note.question
    ]
    if not reworded:
        return
    echo(f"{counted(len(reworded), 'question')} reworded, reviews kept:")
    for note, record in reworded[:_SHOWN]:
        _show_change(note, record, workspace)
    if len(reworded) > _SHOWN:
        echo(f"  … and {len(reworded) - _SHOWN} more")
    line = command_line("ids", "--new", place(reworded[0][0], workspace), workspace=workspace)
    echo(f"If one of them is another card now, say so: {line}")


def _show_change(note: Note, record: Record, workspace: Workspace) -> None:
    where = place(note, workspace)
    echo(f"  {where}  was: {one_line(record.question)}")
    echo(f"  {' ' * len(where)}  now: {one_line(note.question)}")
