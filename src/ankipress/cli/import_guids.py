"""`ankipress import NOTES --guids-from DECK.apkg`: notes of another tool, and its learners."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ankipress.build.becoming_project import files_with_locks, pattern_of
from ankipress.build.cards import Resources
from ankipress.build.compilation import CompiledProject, compile_with
from ankipress.build.existing_notes import ANY
from ankipress.build.memo import open_memo
from ankipress.build.pipeline import compile_deck
from ankipress.cli.diagnostics_text import show
from ankipress.cli.found_notes import NoDeckError, deck_in, settings_text
from ankipress.cli.import_report import remarks_on
from ankipress.cli.main import OK, PROBLEMS
from ankipress.cli.printing import can_ask, confirm, echo
from ankipress.cli.progress import run_with_progress, waiting
from ankipress.cli.recovery_report import report
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diagnostics import counted, errors_but_identity
from ankipress.identity.lock import write_lock
from ankipress.identity.recovery import Outcome
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.imported_media import media_by_path
from ankipress.importing.learners_guids import (
    AdoptedKind,
    TakenGuids,
    adopted_kind,
    deck_of_learners,
    likeliest_type,
    take_guids,
    with_kind,
)
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import SourceOptions, read_source
from ankipress.model import FileReading
from ankipress.project.atomic import Writer, digest, write_files
from ankipress.project.clock import now
from ankipress.project.location import SETTINGS, ProjectLocation, shown_path
from ankipress.project.media_files import copy_content
from ankipress.project.places import quoted
from ankipress.project.programs import programs_fingerprint
from ankipress.project.reading import read_proposed, read_workspace
from ankipress.project.workspace import Workspace
from ankipress.release.settings_text import with_setting

_HELP = "--yes goes on all the same; nothing was written"


@dataclass(frozen=True, slots=True)
class GuidsRequest:
    """What a user wants: the guids that a package has for the cards of some notes.

    `deck` means one deck of the package. `reading` is how the notes mark their questions, None to
    find it out. `agrees` says yes to what would be asked.
    """

    notes: Path
    package: Path
    deck: str | None
    reading: FileReading | None
    agrees: bool
    is_dry: bool


def take_guids_from(request: GuidsRequest) -> int:
    """Give the cards of notes the guids that learners have, and say what comes of it."""
    name = shown_path(request.package)
    try:
        with waiting(f"Reading {name}", is_long=True):
            deck = read_source(request.package, SourceOptions(request.deck))
        workspace, settings = _project_of(request)
        _check_new(workspace)
        deck = deck_of_learners(deck, workspace.project)
        for line in remarks_on(deck):
            echo(f"  {line}")
        return _Taking(request, deck, workspace, settings).run()
    except NoDeckError as error:
        return error.status
    except SourceError as error:
        return say("bad-source", str(error), error.help)


def _project_of(request: GuidsRequest) -> tuple[Workspace, str]:
    """The project that notes belong to, or that they would be, and the text of its settings."""
    folder = request.notes.resolve()
    patterns: Sequence[str] = ANY
    if not folder.is_dir():
        patterns = (pattern_of(folder.name),)
        folder = folder.parent
    workspace = _project_around(folder)
    if workspace is not None:
        assert workspace.settings_path is not None
        return workspace, workspace.texts[workspace.settings_path.name]
    found = deck_in(folder, request.reading, agrees=request.agrees, patterns=patterns)
    if found is None:
        message = f"{shown_path(request.notes)} holds no notes in Markdown"
        help = "give the file or the folder of the notes, and the package behind --guids-from"
        raise NoDeckError(say("no-cards", message, help))
    settings = settings_text(folder, found)
    return read_proposed(folder, settings), settings


def _project_around(folder: Path) -> Workspace | None:
    """The project in a folder, or the one above that has sources in it."""
    found = ProjectLocation.above(folder)
    if found is None or found.file is None:
        return None
    workspace = read_workspace([found.root])
    inside = [path for path in workspace.sources if (found.root / path).is_relative_to(folder)]
    if found.root == folder or inside:
        return workspace
    return None


def _check_new(workspace: Workspace) -> None:
    """Refuse cards that have guids already."""
    lock = workspace.lock_path
    if workspace.project.lock.records:
        message = f"{shown_path(lock)} says already which notes these cards are"
        help = (
            "if nobody has imported a package that ankipress built of them, delete it and try again"
        )
        raise NoDeckError(say("bad-source", message, help))
    if files_with_locks(workspace.root).sources:
        message = "files of these notes have locks of their own, which say which notes they are"
        help = "if nobody has imported a package that ankipress built of them, delete these locks"
        raise NoDeckError(say("bad-source", message, help))


class _Taking:
    """One package and one project, from what is found to files on disk."""

    def __init__(
        self,
        request: GuidsRequest,
        deck: ImportedDeck,
        workspace: Workspace,
        settings: str,
    ) -> None:
        self._request = request
        self._deck = deck
        self._workspace = workspace
        self._settings = settings

    def run(self) -> int:
        """Find the cards, say what was found, ask, and write."""
        workspace = self._workspace
        with open_memo(workspace.root, programs_fingerprint()) as memo:
            compile_it = partial(compile_with, workspace, now(), memo, run_with_progress())
            kind = self._kind(compile_it)
            workspace.project = with_kind(workspace.project, kind, self._deck)
            found = compile_it()
            errors = errors_but_identity(found.diagnostics)
            if errors:
                show(errors, workspace)
                return PROBLEMS
            if kind.key not in found.compiled.stamped.lock.note_types:
                return say("no-cards", f"no card is of the kind {kind.key}", _KIND_HELP)
            taken = take_guids(self._deck, kind, workspace.project, found.compiled)
            project = replace(workspace.project, lock=taken.lock)
            first = compile_deck(project, now(), Resources(memo, map, found.extension_code))
        report(shown_path(self._request.package), taken.lost, workspace)
        changed = len(first.stamped.changed)
        new = counted(len(first.stamped.new), "note")
        echo(f"The first build updates {changed:,} of these, which differ from it, and adds {new}.")
        if self._request.is_dry:
            for doubt in self._doubts(taken):
                echo(f"To be asked: {doubt}")
            echo("Nothing was written, because of --dry-run.")
            return OK
        return self._refuse(taken) or self._write(kind, taken)

    def _kind(self, compile_it: Callable[[], CompiledProject]) -> AdoptedKind:
        number = 0
        if len(self._deck.note_types) > 1:
            number = likeliest_type(self._deck, compile_it().compiled)
        return adopted_kind(self._deck, number, self._workspace.project)

    def _refuse(self, taken: TakenGuids) -> int:
        """Refuse what an author may not mean, unless she agrees, and give the exit status."""
        for question in self._doubts(taken):
            if self._request.agrees:
                echo(question)
            elif not can_ask():
                return say("bad-package", question, _HELP)
            elif not confirm(f"{question}. Go on?"):
                return PROBLEMS
        return OK

    def _doubts(self, taken: TakenGuids) -> Iterator[str]:
        name = shown_path(self._request.package)
        if taken.lost.has_few_cards() or not taken.lost.counts[Outcome.MATCHED]:
            yield f"most notes of {name} are in none of these cards"
        if taken.emptied:
            fields = (f"{field} ({counted(n, 'note')})" for field, n in taken.emptied.items())
            yield f"learners would lose fields that these cards do not have: {', '.join(fields)}"

    def _write(self, kind: AdoptedKind, taken: TakenGuids) -> int:
        """Write the files of the note type, the settings and the lock."""
        workspace = self._workspace
        root = workspace.root
        path = workspace.settings_path or root / SETTINGS
        settings = with_setting(self._settings, path.name, "kind", kind.key)
        if settings is None:
            message = f'there is no place in {shown_path(path)} for the setting kind = "{kind.key}"'
            return say("bad-settings", message, "write `name` on a line of its own, and try again")
        contents: dict[Path, bytes | Writer] = {}
        for name, content in media_by_path(kind.media):
            contents[root / name] = partial(copy_content, content)
        for file, text in kind.files.items():
            contents[root / file] = text.encode()
        new = dict.fromkeys(contents, digest(None))
        contents[path] = settings.encode()
        contents[workspace.lock_path] = write_lock(taken.lock).encode()
        as_read = {**workspace.as_read, **new}
        try:
            write_files(contents, as_read, workspace.folders_written())
        except OSError as error:
            return say_cannot_write(error, root)
        echo(f"wrote {shown_path(path)}, notetypes/{kind.key}/ and ankipress.lock")
        echo(f"Next: {self._steps(taken)}, and import the package over the one of learners.")
        return OK

    def _steps(self, taken: TakenGuids) -> str:
        """The commands that follow."""
        where = shown_path(self._workspace.root)
        commands = ["build"]
        if taken.lost.counts[Outcome.UNCLEAR]:
            commands = ["ids", "build"]
        arguments = ""
        if where != ".":
            arguments = f" {quoted(where)}"
        return ", ".join(f"`ankipress {each}{arguments}`" for each in commands)


_KIND_HELP = "cards that say another kind themselves keep it: take that out of the files"
