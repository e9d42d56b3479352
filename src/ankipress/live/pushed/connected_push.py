"""Pushes into a running Anki, by AnkiConnect.

AnkiConnect's import turns on the merging of note types, learning progress and presets, and its API
has no other. With a package of ours that changes nothing for notes, cards and presets, as long as
the note types there have our fields and templates. If they have others, merging would empty the
fields that a learner has added; then Anki's own dialog imports, where the user decides. Both
remember their options for the next dialog, and no action of AnkiConnect can put them back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ankipress.diff.edition import Edition
from ankipress.importing.imported_deck import ImportedTemplate, ImportedType
from ankipress.importing.readers.package_source import read_package_source
from ankipress.importing.readers.source_error import SourceError
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.pushed.push_target import guids_by_tags
from ankipress.live.running.anki_search import of_notes
from ankipress.live.running.connected_contents import read_running_anki, scope_of, topmost
from ankipress.live.running.running_anki import RunningAnki
from ankipress.model import NoteType
from ankipress.project.backups import backup_folder
from ankipress.project.reading import to_name
from ankipress.project.temporary import temporary_folder

_REMARK = (
    "AnkiConnect has ticked three options that stay ticked in Anki's window for imports: merge note"
    " types, import learning progress, import deck presets. Look at them before you import a deck"
    " of somebody else."
)
_TO_DO = (
    "Anki shows its window for imports: see that “Merge note types” is off there, since note types"
    " of this deck have other fields in this Anki, and press Import"
)


class ConnectedPush:
    """A running Anki, which may be asked."""

    def __init__(self, anki: RunningAnki) -> None:
        self._anki = anki
        profile = anki.profile()
        self.label = "Anki"
        if profile:
            self.label = f"Anki (profile {profile})"
        self.to_do = ""
        self._note_ids: dict[str, int] = {}
        self._query = ""
        self._is_mergeable = True
        self._was_merged = False

    def contents(self, edition: Edition) -> AnkiContents:
        """The notes that concern an edition, and their note types."""
        assert edition.lock is not None
        scope = scope_of(edition.lock, edition.decks)
        self._query = scope.query
        found = read_running_anki(self._anki, scope)
        notes = found.deck.notes
        self._note_ids = {note.guid: note.note_id for note in notes if note.note_id is not None}
        decks = sorted({note.deck for note in notes if note.deck})
        types = tuple(self._whole_types(found.deck.note_types, edition, decks))
        self._is_mergeable = _agree(types, edition)
        return replace(found, deck=replace(found.deck, note_types=types))

    def files_there(self, names: Collection[str]) -> Collection[str]:
        """Those that are in its folder of media."""
        if not names:
            return ()
        return frozenset(self._anki.media_names()).intersection(names)

    def back_up(self, decks: Sequence[str]) -> str:
        """Export these decks, and the filtered ones that have cards of theirs, with scheduling."""
        wanted = {*decks, *self._filtered_decks()}
        if not wanted:
            return ""
        folder = backup_folder()
        for number, deck in enumerate(topmost(wanted), start=1):
            self._anki.export_deck(deck, folder / f"{number}-{to_name(deck)}.apkg")
        return str(folder)

    def import_package(self, path: Path) -> None:
        """Import a package, or show the dialog that does."""
        if self._is_mergeable:
            self._anki.import_package(path.resolve())
            self._was_merged = True
        else:
            self._anki.show_import(path.resolve())
            self.to_do = _TO_DO

    def remarks(self) -> Sequence[str]:
        """What the import has left behind."""
        if self._was_merged:
            return (_REMARK,)
        return ()

    def add_tags(self, tags: Mapping[str, Sequence[str]]) -> None:
        """Add tags, in one step for all notes that get the same."""
        for names, guids in guids_by_tags(tags).items():
            self._anki.add_tags(self._ids_of(guids), names)

    def suspend(self, guids: Iterable[str]) -> None:
        """Suspend all cards of some notes."""
        self._anki.suspend(self._anki.find_cards(of_notes(self._ids_of(guids))))

    def delete(self, guids: Iterable[str]) -> None:
        """Delete notes as Anki's browser does."""
        self._anki.delete_notes(self._ids_of(guids))

    def close(self) -> None:
        """Nothing: each question has a connection of its own."""

    def _ids_of(self, guids: Iterable[str]) -> list[int]:
        return [self._note_ids[guid] for guid in guids if guid in self._note_ids]

    def _filtered_decks(self) -> frozenset[str]:
        """The filtered decks that have cards of the notes; an export of their home deck has none of
        these.
        """
        if not self._query:
            return frozenset()
        cards = self._anki.find_cards(f"deck:filtered ({self._query})")
        return frozenset(self._anki.decks_of(cards).values())

    def _whole_types(
        self,
        types: Sequence[ImportedType],
        edition: Edition,
        decks: Sequence[str],
    ) -> Iterator[ImportedType]:
        """The note types with templates and styles. When they changed, only an export tells, so it
        is looked at where they differ from those of the edition.
        """
        ours = {each.id: each for each in edition.note_types.values()}
        exported: Mapping[int | None, ImportedType] | None = None
        for each in types:
            if each.templates:
                yield each
                continue
            told = self._with_texts(each)
            if told.id in ours and not _look_alike(told, ours[told.id]):
                if exported is None:
                    exported = self._exported_types(decks)
                told = exported.get(each.id, told)
            yield told

    def _with_texts(self, note_type: ImportedType) -> ImportedType:
        sides = self._anki.templates(note_type.name)
        templates = [ImportedTemplate(name, *texts) for name, texts in sides.items()]
        css = self._anki.style(note_type.name)
        return replace(note_type, templates=tuple(templates), css=css)

    def _exported_types(self, decks: Sequence[str]) -> Mapping[int | None, ImportedType]:
        """The note types in exports of some decks, by id."""
        found: dict[int | None, ImportedType] = {}
        with temporary_folder() as folder:
            path = folder / "exported.apkg"
            for deck in topmost(decks):
                self._anki.export_deck(deck, path)
                with suppress(SourceError, FileNotFoundError):
                    deck_there = read_package_source(path, None)
                    found.update((each.id, each) for each in deck_there.note_types)
        return found


def _look_alike(there: ImportedType, ours: NoteType) -> bool:
    texts = [there.css]
    for each in there.templates:
        texts += (each.front, each.back)
    return tuple(texts) == ours.texts and there.name == ours.name


def _agree(types: Iterable[ImportedType], edition: Edition) -> bool:
    """Whether all note types of an edition have the same fields and templates there."""
    ours = {each.id: each for each in edition.note_types.values()}
    for there in types:
        built = ours.get(there.id or 0)
        if built is None:
            continue
        templates = tuple(each.name for each in built.templates)
        names = tuple(each.name for each in there.templates)
        if (built.field_names, templates) != (there.field_names, names):
            return False
    return True
