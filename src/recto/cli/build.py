"""What `recto build` does where something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from recto.archive import ChangedMeanwhileError, Deflated, make_archive, write_files
from recto.cli.common import compiled, say_cannot_write
from recto.cli.extensions import has_own
from recto.cli.files import Workspace
from recto.cli.last_build import WORTH_IT, LastBuild, digest, name_of, owner_of, read, remember, sources_in
from recto.cli.main import OK, PROBLEMS
from recto.cli.places import command_line, place
from recto.cli.report import one_line, show
from recto.cli.summary import Packed, Summary, count
from recto.diagnostics import Severity, has_errors
from recto.lock import write_lock
from recto.model import Note, Package
from recto.parse.segments import other_headings_of
from recto.pipeline import Compiled, begin_collection, packages_of
from recto.project import Settings

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
    """A package, its bytes, and the lengths of the pieces in which its collection is compressed."""

    package: Package
    content: bytes
    pieces: Sequence[int]


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
    workspace, result, diagnostics = compiled(request.paths, request.jobs, locked=request.locked)
    shown = [each for each in diagnostics if each.severity is not Severity.ADVICE]
    if has_errors(diagnostics):
        show(shown, workspace)
        return PROBLEMS
    folder, settings = request.output or workspace.output, workspace.project.settings
    begun = [(each, begin_collection(each)) for each in packages_of(result, settings)]
    lock = write_lock(result.stamped.lock).encode()
    made = {folder / workspace.package_name(each): _make(each, collection()) for each, collection in begun}
    # The lock goes first: a package whose guids are remembered nowhere must never exist.
    contents = {workspace.lock_path: lock, **{path: each.content for path, each in made.items()}}
    try:
        write_files(contents, workspace.as_read, workspace.root)
    except ChangedMeanwhileError:
        raise
    except OSError as error:
        show(shown, workspace)
        return say_cannot_write(error, next(iter(made), folder))
    show(shown, workspace)
    summary, stamped = _summary(result, made), result.stamped
    click.echo(summary.text(len(stamped.new), len(stamped.changed), len(stamped.retired)))
    _show_reworded(result.notes, workspace)
    if not request.paths and not shown and len(result.notes) >= WORTH_IT and _is_known(settings):
        pieces = next(iter(made.values())).pieces if len(made) == 1 else ()
        _remember(request.output, workspace, result, _Written(summary, pieces, contents))
    return OK


def _make(package: Package, collection: Deflated) -> _Made:
    return _Made(package, make_archive(collection, package.media), collection.lengths)


def _summary(result: Compiled, made: Mapping[Path, _Made]) -> Summary:
    package = result.package
    buried = sum(not note.ords for note in package.notes)
    packed = [Packed(str(path.absolute()), len(each.package.notes), len(each.content)) for path, each in made.items()]
    number = len(package.notes) - buried
    return Summary(package.name, package.version, number, result.drafts, buried, len(package.media), packed)


@dataclass(frozen=True, slots=True)
class _Written:
    """What was said and written; the lengths of the pieces where there is one package."""

    summary: Summary
    pieces: Sequence[int]
    contents: Mapping[Path, bytes]


def _remember(output: Path | None, workspace: Workspace, result: Compiled, written: _Written) -> None:
    root, settings = workspace.root, workspace.project.settings
    patterns = (*settings.sources, "notetypes/*/*")
    sources = sources_in(root, patterns)
    read_files = (*workspace.files_read(), *(root / source for source in sources))
    # What was built is what was read then: a file may be another one by now.
    known = {path: content for path, content in workspace.as_read.items() if content is not None}
    files = {path: digest(known[path] if path in known else read(path)) for path in read_files} | _digests(written.contents)
    contents = [known.get(root / source) or read(root / source) or b"" for source in sources]
    last = LastBuild(
        output=name_of(output),
        patterns=patterns,
        sources=sources,
        sizes=[len(content) for content in contents],
        files={str(path): value for path, value in files.items()},
        lock=str(workspace.lock_path),
        summary=written.summary,
        there=workspace.looked_up(),
        others=other_headings_of(workspace.project.sources, settings.card_level, (note.entry for note in result.notes)),
        pieces=written.pieces,
        same_tools=result.stamped.lock.tools == workspace.project.tools,
    )
    if workspace.memory:
        remember(owner_of(root), workspace.memory, last, contents)


def _is_known(settings: Settings) -> bool:
    """Whether all is known that a build depends on: not what an extension of one's own reads, nor all files that are not used."""
    return "unused-media" not in settings.severity and not has_own(each.name for each in settings.extensions)


def _digests(contents: Mapping[Path, bytes]) -> dict[Path, str]:
    return {path.absolute(): digest(content) for path, content in contents.items()}


def _show_reworded(notes: Sequence[Note], workspace: Workspace) -> None:
    """The questions that were reworded, since recto took them for the same cards without asking."""
    reworded = [(note, note.record) for note in notes if note.record and note.record.question != note.question]
    if not reworded:
        return
    click.echo(f"{count(len(reworded), 'question')} reworded, reviews kept:")
    for note, record in reworded[:_SHOWN]:
        where = place(note, workspace)
        click.echo(f"  {where}  was: {one_line(record.question)}\n  {' ' * len(where)}  now: {one_line(note.question)}")
    if len(reworded) > _SHOWN:
        click.echo(f"  … and {len(reworded) - _SHOWN} more")
    line = command_line("ids", "--new", place(reworded[0][0], workspace), workspace=workspace)
    click.echo(f"If one of them is another card now, say so: {line}")
