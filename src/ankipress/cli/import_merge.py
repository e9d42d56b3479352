"""A newer version of a deck, imported into the project that came from it: a merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ankipress.build.cards import Resources
from ankipress.build.compilation import compile_with
from ankipress.build.memo import open_memo
from ankipress.cli.diagnostics_text import show
from ankipress.cli.edited_text import edited_text
from ankipress.cli.import_report import losses_of, remarks_on
from ankipress.cli.main import OK, PROBLEMS
from ankipress.cli.printing import ask, can_ask, confirm, echo
from ankipress.cli.progress import run_with_progress, waiting
from ankipress.cli.saying import say, say_cannot_write
from ankipress.diagnostics import counted, has_errors
from ankipress.identity.lock import write_lock
from ankipress.importing.converted_note import Form
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.importing.imported_media import media_by_path
from ankipress.importing.merged.merged_project import (
    Decisions,
    DeckMerge,
    MergedProject,
)
from ankipress.importing.merged.merging import MergeCase, NoteThere
from ankipress.importing.readers.source_error import SourceError
from ankipress.project.atomic import Writer, digest, write_files
from ankipress.project.clock import now
from ankipress.project.file_digests import FileDigests
from ankipress.project.location import SETTINGS, location_of_project
from ankipress.project.media_files import copy_content
from ankipress.project.programs import programs_fingerprint
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace
from ankipress.syntax.plain_html import plain_html

THEIRS = "theirs"
MINE = "mine"
_SHOWN = 10  # of each sort
_LONGEST = 70  # characters of a field


def is_project(folder: Path) -> bool:
    """Whether a folder has a project, into which a deck can be merged."""
    return (folder / SETTINGS).is_file()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user says of a merge.

    `always` is what is taken of all that changed in both places, None to ask. `is_part` says that
    the source has more notes than those of the deck that was asked for.
    """

    always: str | None
    keeps_html: bool | None
    is_dry: bool
    is_part: bool = False


def merge(deck: ImportedDeck, folder: Path, choices: Choices) -> int:
    """Merge a deck into a project, and give the exit status."""
    run = run_with_progress()
    with open_memo(location_of_project([folder]).root, programs_fingerprint()) as memo:
        workspace = read_workspace([folder], FileDigests(memo.file_stamps()))
        found = compile_with(workspace, now(), memo, run)
        if has_errors(found.diagnostics):
            show(found.diagnostics, workspace)
            return PROBLEMS
        resources = Resources(memo, run, found.extension_code)
        try:
            merging = DeckMerge(deck, workspace.project, found.compiled, now(), resources)
            return _Merge(merging, workspace, choices).run()
        except SourceError as error:
            return say("bad-source", str(error), error.help)


class _Merge:
    """One merge, from what changed to files on disk."""

    def __init__(self, merging: DeckMerge, workspace: Workspace, choices: Choices) -> None:
        self._merging = merging
        self._workspace = workspace
        self._choices = choices
        self._open: list[str] = []

    def run(self) -> int:
        """Say what changed, ask what is unclear, and write."""
        for line in (*remarks_on(self._merging.deck), *self._changes()):
            echo(f"  {line}")
        self._merging.take(self._decisions())
        if self._merging.counts()[Form.LOST] and self._may_keep(self._choices.keeps_html):
            self._merging.keep_html()
        for line in losses_of(self._merging.converted):
            echo(line)
        with waiting("Compiling", is_long=True):
            merged = self._merging.project()
        if has_errors(merged.compiled.diagnostics):
            show(merged.compiled.diagnostics, self._workspace)
            return PROBLEMS
        status = self._say_what_is_open()
        if self._choices.is_dry:
            echo("Nothing was written, because of --dry-run.")
            return status
        return self._write(merged) or status

    def _changes(self) -> Iterator[str]:
        """What happened to the notes, a line for each sort."""
        merging = self._merging
        sorts = {
            MergeCase.SAME: "as they are here",
            MergeCase.NEW: "new: added",
            MergeCase.THERE: "changed there: taken",
            MergeCase.HERE: "changed here, or older there: kept as they are here",
            MergeCase.BOTH: "changed there and here",
            MergeCase.GONE_HERE: "no cards of the project any more: left out",
            MergeCase.OTHER_TYPE: "of another note type than here: kept as they are here",
            MergeCase.NO_GUID: "without a guid, by which a merge knows notes: left out",
        }
        for case, words in sorts.items():
            number = len(merging.of(case))
            if number:
                yield f"{counted(number, 'note')} {words}"
        if merging.gone and not self._choices.is_part:
            yield f"{counted(len(merging.gone), 'note')} not there any more: kept here"
        for name in sorted(merging.media.clashing):
            yield f"media/{name} changed there and here: kept as it is here"
        for each in merging.types.values():
            if each.case is MergeCase.THERE:
                yield f"note type {each.imported.name} changed there: taken"

    def _decisions(self) -> Decisions:
        """What becomes of what changed in both places."""
        notes = {
            each.note.guid: self._decided(_title(each), _versions(each))
            for each in self._merging.of(MergeCase.BOTH)
        }
        types = {
            each.key: self._decided(f'the note type "{each.imported.name}"', ())
            for each in self._merging.types.values()
            if each.case is MergeCase.BOTH
        }
        return Decisions(
            _all_with(THEIRS, notes),
            _all_with(MINE, notes),
            _all_with(THEIRS, types),
            _all_with(MINE, types),
        )

    def _decided(self, name: str, versions: Iterable[str]) -> str | None:
        """What a user wants of something that changed in both places, None where nobody says so."""
        choice = self._choices.always or self._asked(name, versions)
        if choice is None:
            self._open.append(name)
        return choice

    def _say_what_is_open(self) -> int:
        """Say what stays as it is here though it changed there, and give the exit status."""
        status = OK
        for name in self._open:
            message = f"{name} changed there and here: kept as it is here"
            status = say("changed-twice", message, _HELP)
        for each in self._merging.unwritable:
            message = f"{_title(each)} changed there: kept as it is here"
            help = "its card is not marked by a heading of level 2 (##): change it by hand"
            status = say("changed-twice", message, help)
        return status

    def _asked(self, name: str, versions: Iterable[str]) -> str | None:
        """What somebody at a terminal wants of something, None where nobody can be asked."""
        if not can_ask():
            return None
        echo(f"{name} changed there and here:")
        for line in versions:
            echo(f"  {line}")
        return ask("Which is right?", [MINE, THEIRS])

    def _may_keep(self, keeps_html: bool | None) -> bool:
        if keeps_html is not None or not can_ask():
            return bool(keeps_html)
        return confirm("Keep HTML that Markdown cannot show as it is, scripts and all?")

    def _write(self, merged: MergedProject) -> int:
        """Write all files, the lock last."""
        workspace = self._workspace
        root = workspace.root
        lock = write_lock(merged.lock)
        if lock == workspace.lock_text and not (merged.cards or merged.texts or merged.media):
            echo("There is nothing to merge.")
            return OK
        contents: dict[Path, bytes | Writer] = {}
        arriving = self._merging.media.new
        created = {name: each for name, each in merged.media.items() if name in arriving}
        new = [root / path for path, _ in media_by_path(created)]
        for path, content in media_by_path(merged.media):
            contents[root / path] = partial(copy_content, content)
        for path, text in merged.texts.items():
            contents[root / path] = text.encode()
            if path not in workspace.project.note_type_files:
                new.append(root / path)
        for path, change in merged.cards.items():
            text = edited_text(workspace, path, change.in_file).after
            contents[root / path] = text.encode()
            if path not in workspace.texts:
                new.append(root / path)
        contents[workspace.lock_path] = lock.encode()
        as_read = {**workspace.as_read, **dict.fromkeys(new, digest(None))}
        try:
            write_files(contents, as_read, workspace.folders_written())
        except OSError as error:
            return say_cannot_write(error, root)
        echo(f"merged into {workspace.display('')}: {self._counts(merged)}")
        return OK

    def _counts(self, merged: MergedProject) -> str:
        counts = self._merging.counts()
        written = [
            f"{counted(sum(counts.values()), 'card')} in {counted(len(merged.cards), 'file')}",
            f"{counts[Form.WITH_HTML]:,} with HTML",
            f"{counts[Form.LOST]:,} with loss",
            counted(len(merged.media), "file") + " of media",
        ]
        return ", ".join(written)


_HELP = (
    "import on a terminal, which asks, or with --take-theirs or --keep-mine, which says so for all"
)


def _all_with(choice: str, decided: Mapping[str, str | None]) -> frozenset[str]:
    """Those for which something was chosen."""
    return frozenset(name for name, each in decided.items() if each == choice)


def _title(each: NoteThere) -> str:
    assert each.card is not None
    entry = each.card.entry
    return f'{entry.path}:{entry.location.line}: "{_short(plain_html(each.card.fields[0]))}"'


def _versions(each: NoteThere) -> Iterator[str]:
    """Both versions of what differs of a note."""
    assert each.card is not None
    for here, there in zip(each.card.fields, each.note.fields, strict=True):
        if here != there:
            yield f"mine    {_short(plain_html(here))}"
            yield f"theirs  {_short(plain_html(there))}"
    mine = set(each.card.entry.tags)
    if mine != set(each.note.tags):
        yield f"mine    tags {' '.join(sorted(mine))}"
        yield f"theirs  tags {' '.join(sorted(each.note.tags))}"


def _short(text: str) -> str:
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST]} …"
    return text
