"""What `ankipress build` does where something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import click

from ankipress.build.pipeline import Compiled, begin_collection, packages_of
from ankipress.cli.compiling import compiled, say_cannot_write
from ankipress.cli.diagnostics_text import one_line, show
from ankipress.cli.last_build import (
    WORTH_IT,
    LastBuild,
    name_of,
    owner_of,
    read,
    remember,
    sources_in,
)
from ankipress.cli.main import OK, PROBLEMS
from ankipress.cli.places import command_line, place
from ankipress.cli.progress import waiting
from ankipress.cli.summary import Packed, Summary, count
from ankipress.diagnostics import Severity, has_errors
from ankipress.identity.lock import write_lock
from ankipress.model import Lock, Note, Package, Record
from ankipress.package.archive import make_archive
from ankipress.parse.segments import other_headings_of
from ankipress.project.atomic import ChangedMeanwhileError, digest, digest_of, write_files
from ankipress.project.extension_files import has_own
from ankipress.project.files import is_of_note_type
from ankipress.project.settings import Settings
from ankipress.project.workspace import Workspace
from ankipress.scratch import Content, Loaded

_SHOWN = 10  # reworded questions
# While somebody else writes sources or the lock: what was made of a half-written file is made anew.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    paths: Sequence[Path]
    output: Path | None = None
    jobs: int | None = None
    locked: bool = False


class _Made(NamedTuple):
    """What goes to the disk, the packages in it, and the lengths of the pieces of a collection
    where there is one package.
    """

    contents: Mapping[Path, Content]
    packed: Sequence[Packed]
    pieces: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What there is to say and to remember of a build when its cards are gone.

    `others` are the `other_headings` of its sources, `same_tools` says whether the lock names the
    tools of now.
    """

    summary: Summary
    new: int
    changed: int
    retired: int
    reworded: Sequence[tuple[Note, Record]]
    others: Mapping[str, Sequence[int]]
    same_tools: bool


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
    """Build once. Raises ChangedMeanwhileError, with nothing written, where a source or the lock
    has changed since.
    """
    workspace, result, diagnostics = compiled(request.paths, request.jobs, locked=request.locked)
    shown = [each for each in diagnostics if each.severity is not Severity.ADVICE]
    if has_errors(diagnostics):
        show(shown, workspace)
        return PROBLEMS
    folder, settings = request.output or workspace.output, workspace.project.settings
    outcome, lock = _outcome(result, workspace), result.stamped.lock
    packages = {
        folder / workspace.package_name(each): each for each in packages_of(result, settings)
    }
    del result, diagnostics  # the cards of a large deck, which take more than all that follows
    try:
        with waiting("Packing"):
            made = _make(packages, workspace.lock_path, lock)
            write_files(made.contents, workspace.as_read, workspace.root)
    except ChangedMeanwhileError:
        raise
    except OSError as error:
        show(shown, workspace)
        return say_cannot_write(error, next(iter(packages), folder))
    show(shown, workspace)
    summary = replace(outcome.summary, packages=made.packed)
    click.echo(summary.text(outcome.new, outcome.changed, outcome.retired))
    _show_reworded(outcome.reworded, workspace)
    if not request.paths and not shown and summary.notes >= WORTH_IT and _is_known(settings):
        _remember(request.output, workspace, replace(outcome, summary=summary), made)
    return OK


def _make(packages: Mapping[Path, Package], lock_path: Path, lock: Lock) -> _Made:
    """What is written, in that order: the lock goes first, since no package may exist whose guids
    are remembered nowhere.
    """
    begun = {path: begin_collection(package) for path, package in packages.items()}
    contents: dict[Path, Content] = {lock_path: Loaded(write_lock(lock).encode())}
    packed, pieces = list[Packed](), list[Sequence[int]]()
    for path, collection in begun.items():
        database, package = collection(), packages[path]
        content = make_archive(database, package.media)
        contents[path] = Loaded(content)
        packed.append(Packed(str(path.absolute()), len(package.notes), len(content)))
        pieces.append(database.lengths)
    return _Made(contents, packed, pieces[0] if len(pieces) == 1 else ())


def _outcome(result: Compiled, workspace: Workspace) -> _Outcome:
    package, stamped, notes = result.package, result.stamped, result.notes
    buried = sum(not note.ords for note in package.notes)
    number = len(package.notes) - buried
    level = workspace.project.settings.card_level
    return _Outcome(
        summary=Summary(
            package.name, package.version, number, result.drafts, buried, len(package.media), ()
        ),
        new=len(stamped.new),
        changed=len(stamped.changed),
        retired=len(stamped.retired),
        reworded=[
            (note, note.record)
            for note in notes
            if note.record and note.record.question != note.question
        ],
        others=other_headings_of(workspace.project.sources, level, (note.entry for note in notes)),
        same_tools=stamped.lock.tools == workspace.project.tools,
    )


def _remember(output: Path | None, workspace: Workspace, outcome: _Outcome, made: _Made) -> None:
    root, settings = workspace.root, workspace.project.settings
    patterns = (*settings.sources, "notetypes/*/*")
    sources = sources_in(root, patterns)
    read_files = (*workspace.files_read(), *(root / source for source in sources))
    known = workspace.digests
    wanted = (*sources_in(root, settings.sources), *filter(is_of_note_type, sources))
    if any(root / source not in known for source in wanted):
        return  # it has come since then
    files = {
        path: known[path] if path in known else digest(read(path)) for path in read_files
    } | _digests(made.contents)
    contents = [read(root / source) or b"" for source in sources]
    if any(
        digest(content) != files[root / source]
        for source, content in zip(sources, contents, strict=True)
    ):
        return  # somebody is writing: what was built is what was read then
    last = LastBuild(
        output=name_of(output),
        patterns=patterns,
        sources=sources,
        sizes=[len(content) for content in contents],
        files={str(path): value for path, value in files.items()},
        lock=str(workspace.lock_path),
        summary=outcome.summary,
        there=workspace.looked_up(),
        others=outcome.others,
        pieces=made.pieces,
        same_tools=outcome.same_tools,
    )
    if workspace.memory:
        remember(owner_of(root), workspace.memory, last, contents)


def _is_known(settings: Settings) -> bool:
    """Whether all is known that a build depends on: not what an extension of one's own reads, nor
    all files that are not used.
    """
    return "unused-media" not in settings.severity and not has_own(
        each.name for each in settings.extensions
    )


def _digests(contents: Mapping[Path, Content]) -> dict[Path, str]:
    return {path.absolute(): digest_of(content) for path, content in contents.items()}


def _show_reworded(reworded: Sequence[tuple[Note, Record]], workspace: Workspace) -> None:
    """The questions that were reworded, since ankipress took them for the same cards without
    asking.
    """
    if not reworded:
        return
    click.echo(f"{count(len(reworded), 'question')} reworded, reviews kept:")
    for note, record in reworded[:_SHOWN]:
        where = place(note, workspace)
        click.echo(
            f"  {where}  was: {one_line(record.question)}\n  {' ' * len(where)}  now: {one_line(note.question)}"
        )
    if len(reworded) > _SHOWN:
        click.echo(f"  … and {len(reworded) - _SHOWN} more")
    line = command_line("ids", "--new", place(reworded[0][0], workspace), workspace=workspace)
    click.echo(f"If one of them is another card now, say so: {line}")
