"""Pushes into the collection of a user, by Anki's engine, while Anki is closed.

The file is the user's own: the engine opens it as Anki would, in this process.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from ankipress.diff.edition import Edition
from ankipress.importing.readers.named_media import media_in_folder
from ankipress.importing.readers.package_source import read_profile
from ankipress.importing.readers.source_error import SourceError
from ankipress.live.anki_contents import AnkiContents, LiveError
from ankipress.live.pushed.push_target import ImportLog, guids_by_tags
from ankipress.project.file_digests import ChangedMeanwhileError
from ankipress.project.limited_process import LimitError
from ankipress.project.location import shown_path
from ankipress.verify.engine import LOGGED, NoEngineError

_BACKUPS = "backups"  # the folder of a profile in which Anki keeps its own
# Where a collection remembers what its user has ticked in the dialog of an import.
_DIALOG = (
    "mergeNotetypes",
    "updateNotes",
    "updateNotetypes",
    "withDeckConfigs",
    "withScheduling",
)
_HELP = "open the profile in Anki once, run Tools > Check Database, close Anki, and try again"


class CollectionPush:
    """A collection that is open, and therefore locked: Anki cannot open it meanwhile.

    Raises NoEngineError where Anki's engine is not installed, and LiveError where the collection is
    in use or cannot be opened.
    """

    to_do = ""

    def __init__(self, path: Path, label: str) -> None:
        self.label = label
        self._path = path.resolve()
        _refuse_if_open(self._path)
        self._contents = _read(self._path, label)
        self._collection = _opened(self._path)
        self._refuse_if_changed()

    def contents(self, edition: Edition) -> AnkiContents:
        """All that the file held before it was opened."""
        return self._contents

    def files_there(self, names: Collection[str]) -> Collection[str]:
        """Those that are in its folder of media."""
        return self._contents.read_media(sorted(names)).keys()

    def remarks(self) -> Sequence[str]:
        """Nothing: the dialog of Anki is as it was."""
        return ()

    def back_up(self, decks: Sequence[str]) -> str:
        """Let Anki write a backup among its own, whatever it has done lately."""
        folder = self._path.parent / _BACKUPS
        with _told("write a backup"):
            folder.mkdir(exist_ok=True)
            self._collection.create_backup(
                backup_folder=str(folder),
                force=True,
                wait_for_completion=True,
            )
        found = sorted(folder.glob("*.colpkg"), key=lambda path: path.stat().st_mtime_ns)
        if not found:
            message = f"Anki has written no backup into {shown_path(folder)}"
            raise LiveError("anki-refused", message, "nothing was imported")
        return str(found[-1])

    def import_package(self, path: Path) -> ImportLog:
        """Import a package: no progress, no presets, no merging, both updates “If newer”."""
        from anki.collection import (  # noqa: PLC0415 - an optional extra
            ImportAnkiPackageOptions,
            ImportAnkiPackageRequest,
        )

        # All options are off or "If newer" unless they are set.
        options = ImportAnkiPackageOptions()
        request = ImportAnkiPackageRequest(package_path=str(path.resolve()), options=options)
        before = self._dialog()
        with _told(f"import {path.name}"):
            log = self._collection.import_anki_package(request).log
        self._put_back(before)
        guids = {number: guid for guid, number in self._note_ids().items()}
        found = {}
        for word in LOGGED:
            notes = getattr(log, word)
            found[word] = frozenset(guids[each.id.nid] for each in notes)
        return found

    def add_tags(self, tags: Mapping[str, Sequence[str]]) -> None:
        """Add tags, in one step for all notes that get the same."""
        with _told("add tags"):
            for names, guids in guids_by_tags(tags).items():
                self._collection.tags.bulk_add(self._ids_of(guids), names)

    def suspend(self, guids: Iterable[str]) -> None:
        """Suspend all cards of some notes."""
        ids = self._ids_of(guids)
        with _told("suspend cards"):
            self._collection.sched.suspend_notes(ids)

    def delete(self, guids: Iterable[str]) -> None:
        """Delete notes as Anki's browser does."""
        ids = self._ids_of(guids)
        with _told("delete notes"):
            self._collection.remove_notes(ids)

    def close(self) -> None:
        """Close the collection, as Anki wants it."""
        self._collection.close()

    def _refuse_if_changed(self) -> None:
        """Refuse a collection that was written between its reading and its opening."""
        rows = self._collection.db.all("SELECT id, mod FROM notes")
        known = {(note.note_id, note.mod) for note in self._contents.deck.notes}
        if known - {tuple(row) for row in rows}:
            self.close()
            message = f"{self.label} was changed while it was read"
            raise LiveError("anki-refused", message, "close Anki, and try again")

    def _dialog(self) -> Mapping[str, Any]:
        """What the user has chosen in the dialog, as far as it was ever used."""
        every = self._collection.all_config()
        return {name: every[name] for name in _DIALOG if name in every}

    def _put_back(self, choices: Mapping[str, Any]) -> None:
        """Let the dialog offer what it offered before an import, which remembers its options."""
        for name in _DIALOG:
            if name in choices:
                self._collection.set_config(name, choices[name])
            else:
                self._collection.remove_config(name)

    def _note_ids(self) -> dict[str, int]:
        return dict(self._collection.db.all("SELECT guid, id FROM notes"))

    def _ids_of(self, guids: Iterable[str]) -> list[int]:
        ids = self._note_ids()
        return [ids[guid] for guid in guids if guid in ids]


def _read(path: Path, label: str) -> AnkiContents:
    """What a collection holds, read where time and memory are limited."""
    try:
        deck = read_profile(path, None)
    except ChangedMeanwhileError:
        raise _in_use(path) from None
    except (SourceError, LimitError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        help = getattr(error, "help", _HELP)
        raise LiveError("bad-source", f"{label} cannot be read: {reason}", help) from None
    media = path.parent / "collection.media"
    return AnkiContents(label, deck, lambda names: media_in_folder(media, names), is_whole=True)


def _opened(path: Path) -> Any:
    try:
        # An optional extra, and slow to import.
        from anki.errors import DBError  # noqa: PLC0415

        from anki import collection as engine  # noqa: PLC0415
        from anki import lang  # noqa: PLC0415
    except ImportError as error:
        raise NoEngineError(str(error)) from None
    lang.set_lang("en")
    try:
        return engine.Collection(str(path))
    except DBError as error:
        raise _refusal(path, error) from None


def _refuse_if_open(path: Path) -> None:
    """Refuse a collection that has a write-ahead log, as any that Anki has open.

    The lock alone does not tell. A system that takes the locks of a process for a file away when it
    closes that file anywhere leaves Anki without one after each backup; whoever then opens the
    collection and closes it deletes the log into which Anki writes.
    """
    if path.with_name(f"{path.name}-wal").exists():
        raise _in_use(path)


def _in_use(path: Path) -> LiveError:
    message = f"{shown_path(path)} is in use: Anki has it open, or did not close it"
    help = (
        "close Anki, or push into the running one: `ankipress push` without a path. If Anki runs"
        " nowhere, start it and close it again"
    )
    return LiveError("anki-refused", message, help)


def _refusal(path: Path, error: Exception) -> LiveError:
    if "already open" in str(error):
        return _in_use(path)
    if "FileTooNew" in str(error):
        message = f"{shown_path(path)} was written by an Anki that is newer than its engine here"
        return LiveError("anki-refused", message, "`pip install --upgrade anki`")
    return LiveError("anki-refused", f"Anki cannot open {shown_path(path)}: {error}", _HELP)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Raise LiveError where Anki fails; what its engine prints goes nowhere."""
    from anki.errors import AnkiException  # noqa: PLC0415

    try:
        with redirect_stdout(io.StringIO()):
            yield
    except AnkiException as error:
        help = "nothing else was done; the backup holds what was there before"
        raise LiveError("anki-refused", f"Anki cannot {what}: {error}", help) from None
