"""All notes of a project and of an Anki: what happened to each since it was packed."""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import replace

from ankipress.build.pipeline import Compiled
from ankipress.importing.imported_deck import ImportedNote, ImportedType
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.base_versions import NoVersions, VersionSource
from ankipress.live.comparing.comparison_remarks import ComparisonRemarks
from ankipress.live.comparing.edited_notes import EditedNotes
from ankipress.live.comparing.moved_notes import MovedNotes, deck_key
from ankipress.live.comparing.note_comparison import ComparedNote, NotePair
from ankipress.live.note_differences import (
    AnkiDifferences,
    NoteCase,
    NoteDifference,
)
from ankipress.model import (
    OWN_FIELDS,
    Lock,
    Note,
    PackedNote,
    State,
)

_KEY = OWN_FIELDS[0]


def compare_with_anki(
    contents: AnkiContents,
    compiled: Compiled,
    lock: Lock,
    versions: VersionSource | None = None,
) -> AnkiDifferences:
    """Compare all notes of a project with those in Anki. `lock` is that of the last build, and
    `versions` are asked only where notes differ.

    Notes there are of this project by guid, and those that were made there by their deck. A note of
    the project that is not there counts as such where Anki's contents are whole, or have others of
    its deck; one that was never built cannot be there.
    """
    return _AnkiComparison(contents, compiled, lock, versions or NoVersions()).differences()


class _AnkiComparison:
    """Compares what is in Anki with a compiled project."""

    def __init__(
        self,
        contents: AnkiContents,
        compiled: Compiled,
        lock: Lock,
        versions: VersionSource,
    ) -> None:
        self._contents = contents
        self._versions = versions
        self._remarks = ComparisonRemarks()
        self._notes = {note.guid: note for note in compiled.notes}
        self._packed = {note.guid: note for note in compiled.package.notes}
        self._types = {each.key: each for each in compiled.package.note_types}
        self._records = {each.guid: each for each in lock.records}
        self._retired = {
            each.guid
            for each in compiled.stamped.lock.records
            if each.state is State.RETIRED and each.digest
        }
        self._decks_here = frozenset(deck_key(note.entry.deck) for note in compiled.notes)

    def differences(self) -> AnkiDifferences:
        """All notes, those of the project first, in its order."""
        there: dict[str, list[ImportedNote]] = {}
        made: list[NoteDifference] = []
        for note in self._contents.deck.notes:
            if note.guid and self._is_known(note.guid):
                there.setdefault(note.guid, []).append(note)
            elif self._is_in_deck(note):
                made.append(NoteDifference(note.guid, NoteCase.MADE, there=note))
        notes = [*self._known(there), *self._absent(there), *made]
        return AnkiDifferences(notes, tuple(self._remarks.lines()))

    def _is_built(self, guid: str) -> bool:
        record = self._records.get(guid)
        return record is not None and bool(record.digest)

    def _is_known(self, guid: str) -> bool:
        return guid in self._notes or guid in self._retired or guid in self._records

    def _is_in_deck(self, note: ImportedNote) -> bool:
        """Whether a note is in a deck of the project, or below one."""
        name = deck_key(note.deck)
        while name:
            if name in self._decks_here:
                return True
            name = name.rpartition("::")[0]
        return False

    def _known(self, there: Mapping[str, Sequence[ImportedNote]]) -> Sequence[NoteDifference]:
        """The notes that are there and of this project, in the order of the project."""
        found: list[NoteDifference] = []
        pairs: list[NotePair] = []
        places: dict[str, int] = {}
        order = (*(guid for guid in self._notes if guid in there), *self._not_here(there))
        for guid in order:
            notes = there[guid]
            here = self._notes.get(guid)
            if len(notes) > 1:
                found.append(NoteDifference(guid, NoteCase.TWICE, here, notes[0]))
            elif here is None:
                found.append(NoteDifference(guid, NoteCase.RETIRED, None, notes[0]))
            elif guid not in self._packed:
                self._remarks.add("left out of the package, and not compared", guid)
            else:
                pair = self._pair(here, self._packed[guid], notes[0])
                places[guid] = len(found)
                pairs.append(pair)
                found.append(NoteDifference(guid, NoteCase.SAME, here, notes[0]))
        moved = MovedNotes(pairs, self._records, self._versions)
        edited = EditedNotes(self._records, self._versions, self._remarks)
        for pair, compared in edited.compared(pairs):
            difference = self._told(pair, compared, moved.deck_there(pair))
            found[places[pair.note.guid]] = difference
        return found

    def _not_here(self, there: Iterable[str]) -> Sequence[str]:
        return [guid for guid in there if guid not in self._notes]

    def _pair(
        self,
        here: Note,
        packed: PackedNote,
        there: ImportedNote,
    ) -> NotePair:
        type_there = self._contents.deck.note_types[there.note_type]
        return NotePair(here, packed, self._types[packed.note_type], there, type_there)

    def _told(
        self,
        pair: NotePair,
        compared: ComparedNote,
        deck_there: str,
    ) -> NoteDifference:
        """What happened to a note, with its deck and its note type."""
        guid = pair.note.guid
        found = NoteDifference(
            guid,
            compared.case,
            pair.note,
            pair.there,
            compared.wanted,
            compared.theirs,
            compared.conflicts,
            deck_there,
        )
        key = pair.fields_there.get(_KEY, guid)
        if pair.type_here.adopted is None and key and key != guid:
            self._remarks.add("with another Key in Anki, which stays as it is here", guid)
        return self._with_type(pair, found)

    def _with_type(
        self,
        pair: NotePair,
        found: NoteDifference,
    ) -> NoteDifference:
        """The same of a note whose note type is another one there, or has other fields."""
        names_here = pair.type_here.field_names
        names_there = pair.type_there.field_names
        guid = pair.note.guid
        if pair.type_there.id not in (None, pair.type_here.id):
            self._remarks.add(f"of the note type “{pair.type_there.name}” in Anki", guid)
            if names_here != names_there:
                found = replace(found, wanted=None, theirs=None, conflicts=())
        elif names_here != names_there:
            change = _field_changes(names_here, pair.type_there)
            self._remarks.add(change, guid)
        else:
            return found
        return replace(found, case=NoteCase.OTHER_TYPE)

    def _absent(self, there: Mapping[str, object]) -> Sequence[NoteDifference]:
        """The notes of the last build that are not there, where that can be told."""
        decks = {deck_key(note.deck) for note in self._contents.deck.notes}
        found: list[NoteDifference] = []
        for guid, note in self._notes.items():
            if guid in there or guid not in self._packed or not self._is_built(guid):
                continue
            deck = self._records[guid].deck
            if self._contents.is_whole or deck_key(deck) in decks:
                found.append(NoteDifference(guid, NoteCase.ABSENT, note))
        return found


def _field_changes(here: Sequence[str], type_there: ImportedType) -> str:
    """What is said of a note type whose fields are others in Anki."""
    there = type_there.field_names
    added = [name for name in there if name not in here]
    gone = [name for name in here if name not in there]
    said: list[str] = []
    if added:
        said.append(f"with the field {_list(added)} added")
    if gone:
        said.append(f"without the field {_list(gone)}")
    if not said:
        said.append("with the fields in another order")
    return f"of a note type “{type_there.name}” {' and '.join(said)} in Anki"


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
