"""A running Anki → its notes that concern a project.

AnkiConnect tells the fields and tags of notes, and not their guids. A note of a note type of
ankipress has its guid in the field `Key`, unless somebody copied the note or wrote into that field.
So the key is believed where the note id agrees. What AnkiConnect does not tell comes from a package
that Anki exports, matched by note id: guids, times of change where the add-on is old, and the home
decks of cards in filtered decks, which are no part of an export of their home deck.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import counted
from ankipress.importing.imported_deck import (
    ImportedDeck,
    ImportedField,
    ImportedNote,
    ImportedType,
)
from ankipress.importing.readers.package_source import read_package_source
from ankipress.importing.readers.source_error import SourceError
from ankipress.live.anki_contents import AnkiContents, LiveError
from ankipress.live.running.anki_address import CODE
from ankipress.live.running.anki_search import any_of, in_deck, of_note_type
from ankipress.live.running.running_anki import RunningAnki, ToldNote
from ankipress.model import LoadedContent, Lock, MediaContent
from ankipress.project.temporary import temporary_folder

KEY_FIELD = "Key"
"""The field that holds the guid of a note, in note types of ankipress."""

_MOST_MEDIA = 500_000_000  # bytes: all of them are in memory
_HELP = "export the deck in Anki with its media, and name that file"
_SANDBOX_HELP = (
    "an Anki from Flatpak or Snap may be unable to write where ankipress reads: allow it the folder"
    " for caches, or export the deck in Anki and name the file"
)


@dataclass(frozen=True, slots=True)
class AnkiScope:
    """What of an Anki concerns a project: note types by id, decks by name with what is below them,
    and the note ids of the project's notes by guid.
    """

    note_types: Collection[int]
    decks: Collection[str]
    note_ids: Mapping[str, int]

    @property
    def query(self) -> str:
        """The search of Anki that finds its cards."""
        return any_of([self.of_types, self.in_decks])

    @property
    def of_types(self) -> str:
        """The search that finds what has its note types, notes without cards too."""
        return any_of([of_note_type(each) for each in sorted(self.note_types)])

    @property
    def in_decks(self) -> str:
        """The search that finds what is in its decks."""
        return any_of([in_deck(each) for each in topmost(self.decks)])


def scope_of(lock: Lock, decks: Collection[str]) -> AnkiScope:
    """The note types and notes of a project, retired ones too, and its decks."""
    types = {each.id for each in lock.note_types.values()}
    ids = {each.guid: each.note_id for each in lock.packed}
    return AnkiScope(types, decks, ids)


def project_scope(compiled: Compiled) -> AnkiScope:
    """What concerns a compiled project."""
    decks = {note.deck for note in compiled.package.notes}
    return scope_of(compiled.stamped.lock, decks)


def read_running_anki(anki: RunningAnki, scope: AnkiScope) -> AnkiContents:
    """The notes of a running Anki that concern a project. Raises LiveError and OSError."""
    deck = _Reading(anki, scope).deck()
    label = "Anki"
    if profile := anki.profile():
        label = f"Anki (profile {profile})"
    return AnkiContents(label, deck, lambda names: _media(anki, names), is_whole=True)


def _media(anki: RunningAnki, names: Iterable[str]) -> Mapping[str, MediaContent]:
    found: dict[str, MediaContent] = {}
    size = 0
    for name in names:
        data = anki.media_file(name)
        if data is None:
            continue
        size += len(data)
        if size > _MOST_MEDIA:
            most = f"{_MOST_MEDIA // 1_000_000} MB"
            raise LiveError(CODE, f"the files that were added in Anki have more than {most}", _HELP)
        found[name] = LoadedContent(data)
    return found


class _Reading:
    """All that is asked to read the notes of a scope."""

    def __init__(self, anki: RunningAnki, scope: AnkiScope) -> None:
        self._anki, self._scope = anki, scope
        self._type_ids = anki.note_types()
        self._types: dict[int, ImportedType] = {}
        self._notes: list[ImportedNote] = []
        self._unread = 0

    def deck(self) -> ImportedDeck:
        """All notes of the scope."""
        # Each alone: a search that looks at decks as well finds no note without cards.
        searches = (self._scope.of_types, self._scope.in_decks)
        ids = {each for search in searches for each in self._anki.find_notes(search)}
        told = list(self._anki.notes(sorted(ids)))
        decks = self._anki.decks_of([note.cards[0] for note in told if note.cards])
        filtered = self._filtered_cards()
        untold: dict[int, str] = {}
        for note in told:
            deck = _deck_of(note, decks)
            if self._is_enough(note) and filtered.isdisjoint(note.cards):
                self._add_told(note, deck)
            else:
                untold[note.note_id] = deck
        self._add_exported(untold)
        return self._imported()

    def _filtered_cards(self) -> set[int]:
        """The cards in filtered decks, of which only an export tells the home deck."""
        return set(self._anki.find_cards(f"deck:filtered ({self._scope.query})"))

    def _is_enough(self, note: ToldNote) -> bool:
        """Whether what AnkiConnect tells of a note is all that is needed, or all that there is: no
        export has a note without cards.
        """
        guid = note.values.get(KEY_FIELD, "")
        is_known = self._scope.note_ids.get(guid) == note.note_id
        has_type = note.model_name in self._type_ids
        is_all = note.mod is not None or not note.cards
        return is_known and has_type and is_all

    def _add_told(self, note: ToldNote, deck: str) -> None:
        found = ImportedNote(
            guid=note.values[KEY_FIELD],
            note_id=note.note_id,
            mod=note.mod,
            note_type=self._type_ids[note.model_name],
            fields=tuple(note.values.values()),
            tags=note.tags,
            deck=deck,
        )
        self._notes.append(found)
        if found.note_type not in self._types:
            self._types[found.note_type] = _bare_type(note, found.note_type)

    def _add_exported(self, decks: Mapping[int, str]) -> None:
        """Read notes, given with the decks of their first cards, from exports of these decks."""
        wanted = set(decks)
        if not wanted:
            return
        with temporary_folder() as folder:
            for deck in topmost(set(decks.values()) - {""}):
                exported = self._exported(deck, folder / "exported.apkg")
                wanted -= set(self._add_those(exported, wanted))
        self._unread = len(wanted)

    def _exported(self, deck: str, path: Path) -> ImportedDeck:
        self._anki.export_deck(deck, path)
        try:
            return read_package_source(path, None)
        except FileNotFoundError as error:
            message = f"Anki has exported {deck}, and the file is not here"
            raise LiveError(CODE, message, _SANDBOX_HELP) from error
        except SourceError as error:
            message = f"what Anki exported of {deck} cannot be read: {error}"
            raise LiveError(CODE, message, error.help) from error

    def _add_those(self, exported: ImportedDeck, wanted: Collection[int]) -> Iterator[int]:
        """Add the notes that are wanted, and give their ids."""
        for note in exported.notes:
            note_type = exported.note_types[note.note_type]
            if note.note_id is None or note_type.id is None or note.note_id not in wanted:
                continue
            self._types[note_type.id] = note_type
            self._notes.append(replace(note, note_type=note_type.id))
            yield note.note_id

    def _imported(self) -> ImportedDeck:
        """The deck, whose notes name their note types by place."""
        places = {type_id: place for place, type_id in enumerate(self._types)}
        notes = [replace(note, note_type=places[note.note_type]) for note in self._notes]
        notes.sort(key=lambda note: note.note_id or 0)
        name = min(self._scope.decks, default="")
        types = tuple(self._types.values())
        return ImportedDeck(name, types, tuple(notes), warnings=self._warnings())

    def _warnings(self) -> tuple[str, ...]:
        if not self._unread:
            return ()
        notes = counted(self._unread, "note")
        return (f"{notes} in Anki without cards, or deleted meanwhile: left out",)


def _deck_of(note: ToldNote, decks: Mapping[int, str]) -> str:
    for card in note.cards:
        return decks.get(card, "")
    return ""


def _bare_type(note: ToldNote, type_id: int) -> ImportedType:
    """A note type of which only the fields are known, since a project knows the rest of it."""
    fields = tuple(map(ImportedField, note.values))
    return ImportedType(
        id=type_id,
        name=note.model_name,
        mod=0,
        cloze=False,
        fields=fields,
        templates=(),
        css="",
    )


def topmost(decks: Iterable[str]) -> Sequence[str]:
    """Decks, without those that are below another one of them."""
    tops: list[str] = []
    for deck in sorted(decks):
        if not any(deck.startswith(f"{top}::") for top in tops):
            tops.append(deck)
    return tops
