"""What `recto build` does where something changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from recto.archive import ChangedMeanwhileError, write_files
from recto.cli.common import compiled, say_cannot_write
from recto.cli.files import Workspace
from recto.cli.found import shown_path
from recto.cli.main import OK, PROBLEMS
from recto.cli.places import command_line, place
from recto.cli.report import one_line, show
from recto.cli.unchanged import WORTH_IT, remember
from recto.diagnostics import Diagnostic, Location, Severity, has_errors
from recto.lock import write_lock
from recto.model import Note, Package, Record, State
from recto.pipeline import Compiled, make_package, packages_of

_SHOWN = 10  # reworded questions
_TRIES = 3  # while somebody else writes sources or the lock: what was made of a half-written file is made anew


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    paths: Sequence[Path]
    output: Path | None = None
    jobs: int | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class _Made:
    """A package and its bytes."""

    package: Package
    content: bytes


def build(request: Request) -> int:
    """Compile the cards, write what changed, say what was made, and give the exit status."""
    for tries_left in reversed(range(_TRIES)):
        try:
            return _build(request)
        except ChangedMeanwhileError as error:
            if not tries_left:
                return say_cannot_write(error, Path(error.filename))
    raise AssertionError


def _build(request: Request) -> int:
    """Build once. Raises ChangedMeanwhileError, with nothing written, where a source or the lock has changed since."""
    workspace, result, diagnostics = compiled(request.paths, request.jobs)
    if request.locked and not has_errors(diagnostics):
        diagnostics = (*diagnostics, *outdated(workspace, result))
    shown = [each for each in diagnostics if each.severity is not Severity.ADVICE]
    if has_errors(diagnostics):
        show(shown, workspace)
        return PROBLEMS
    folder, settings = request.output or workspace.output, workspace.project.settings
    made = {folder / workspace.package_name(each): _Made(each, make_package(each)) for each in packages_of(result, settings)}
    # The lock goes first: a package whose guids are remembered nowhere must never exist.
    lock = write_lock(result.stamped.lock).encode()
    contents = {workspace.lock_path: lock, **{path: each.content for path, each in made.items()}}
    try:
        write_files(contents, workspace.as_read)
    except ChangedMeanwhileError:
        raise
    except OSError as error:
        show(shown, workspace)
        return say_cannot_write(error, next(iter(made), folder))
    show(shown, workspace)
    click.echo(_lines(result, made))
    _show_reworded(result.notes, workspace)
    if not request.paths and not diagnostics and len(result.notes) >= WORTH_IT:
        remember(request.output, workspace, _lines(_settled(result), made), contents)
    return OK


def _settled(result: Compiled) -> Compiled:
    """What the next build has if nothing changes: no note is new, changed or retired."""
    return replace(result, stamped=replace(result.stamped, new=frozenset(), changed=frozenset(), retired=frozenset()))


def _lines(result: Compiled, made: Mapping[Path, _Made]) -> str:
    """What was made: on one line, and on one for each package where there are several."""
    package, stamped = result.package, result.stamped
    counts = f"{len(stamped.new)} new, {len(stamped.changed)} changed, {len(stamped.retired)} retired"
    drafts = f", {_count(result.drafts, 'draft')} left out" if result.drafts else ""
    buried = sum(not note.ords for note in package.notes)
    tombstones = f", {_count(buried, 'tombstone')}" if buried else ""
    whole = (
        f"{package.name} {package.version}: {_count(len(package.notes) - buried, 'note')} ({counts}){drafts}{tombstones},"
        f" {len(package.media)} media, "
    )
    if len(made) == 1:
        return whole + "".join(f"{shown_path(path)} ({_size(len(each.content))})" for path, each in made.items())
    below = (
        f"  {shown_path(path)}: {_count(len(each.package.notes), 'note')} ({_size(len(each.content))})"
        for path, each in made.items()
    )
    return "\n".join((f"{whole}{len(made)} packages", *below))


def _show_reworded(notes: Sequence[Note], workspace: Workspace) -> None:
    """The questions that were reworded, since recto took them for the same cards without asking."""
    reworded = [(note, note.record) for note in notes if note.record and note.record.question != note.question]
    if not reworded:
        return
    click.echo(f"{_count(len(reworded), 'question')} reworded, reviews kept:")
    for note, record in reworded[:_SHOWN]:
        where = place(note, workspace)
        click.echo(f"  {where}  was: {one_line(record.question)}\n  {' ' * len(where)}  now: {one_line(note.question)}")
    if len(reworded) > _SHOWN:
        click.echo(f"  … and {len(reworded) - _SHOWN} more")
    line = command_line("ids", "--new", place(reworded[0][0], workspace), workspace=workspace)
    click.echo(f"If one of them is another card now, say so: {line}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _size(size: int) -> str:
    return f"{math.ceil(size / 1000)} kB" if size < 10_000_000 else f"{size / 1_000_000:.1f} MB"


def outdated(workspace: Workspace, result: Compiled) -> Iterable[Diagnostic]:
    """What the lock would have to say and does not, as errors."""
    if write_lock(result.stamped.lock) == workspace.lock_text:
        return
    way_out = "run `recto build` without --locked, and commit the lock"
    before = {record.guid: record for record in workspace.project.lock.records}
    places = {note.guid: note.entry.location for note in result.notes}
    lock = Location(workspace.lock_path.name)
    differs = False
    for record in result.stamped.lock.records:
        known = before.get(record.guid)
        if known == record:
            continue
        differs = True
        message = f'the note {record.guid} "{record.question[:60]}" {_difference(known, record)}'
        yield Diagnostic("lock-outdated", places.get(record.guid, lock), message, way_out)
    if not differs:
        yield Diagnostic("lock-outdated", lock, "the lock is not as recto writes it", way_out)


def _difference(known: Record | None, record: Record) -> str:
    """What the lock would have to say of a note and does not."""
    if known is None:
        return "is not in the lock"
    if known.state is not record.state:
        return (
            "is gone from the cards, and active in the lock"
            if known.state is State.ACTIVE
            else "is back, and retired in the lock"
        )
    if known.digest != record.digest:
        return "has changed since the lock was written"
    return f"has another id than in the lock: {record.id}" if known.id != record.id else "stands elsewhere than the lock says"
