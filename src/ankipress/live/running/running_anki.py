"""What a running Anki is asked and told, by AnkiConnect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from ankipress.live.anki_contents import LiveError
from ankipress.live.running.anki_address import CODE
from ankipress.live.running.anki_connect import LONG_SECONDS, AnkiConnect, UnsupportedActionError

T = TypeVar("T")

NoteIds = Sequence[int]
CardIds = Sequence[int]
Names = Sequence[str]
_Ids = list[int]
_Names = list[str]

BATCH = 200
"""How many notes are asked for at once."""

_MOST_NOTES = 1_000_000
_HELP = "export the deck in Anki, and name that file"


class ToldField(msgspec.Struct, frozen=True):
    """The HTML of a field, and its place among the fields."""

    value: str
    order: int


class ToldNote(msgspec.Struct, frozen=True, rename="camel"):
    """A note as AnkiConnect tells it: with no guid, and with no `mod` by its older versions. For a
    note that is not there, `note_id` is 0.
    """

    note_id: int = 0
    model_name: str = ""
    tags: tuple[str, ...] = ()
    fields: dict[str, ToldField] = {}
    cards: tuple[int, ...] = ()
    mod: int | None = None

    @property
    def values(self) -> Mapping[str, str]:
        """Its fields by name, in order."""
        ordered = sorted(self.fields.items(), key=lambda each: each[1].order)
        return {name: field.value for name, field in ordered}


class ToldTemplate(msgspec.Struct, frozen=True, rename="pascal"):
    """The two sides of a template."""

    front: str
    back: str


class ToldStyle(msgspec.Struct, frozen=True):
    """The style sheet of a note type."""

    css: str


class RunningAnki:
    """A running Anki, by AnkiConnect. All methods raise LiveError."""

    def __init__(self, connect: AnkiConnect) -> None:
        self._connect = connect

    def profile(self) -> str:
        """The name of the profile that is open, empty where AnkiConnect is too old to tell."""
        try:
            return self._ask("getActiveProfile", str)
        except UnsupportedActionError:
            return ""

    # Reading.

    def note_types(self) -> Mapping[str, int]:
        """The ids of all note types, by name."""
        return self._ask("modelNamesAndIds", dict[str, int])

    def find_notes(self, query: str) -> NoteIds:
        """The ids of the notes that a search of Anki finds."""
        found = self._ask("findNotes", _Ids, query=query)
        if len(found) > _MOST_NOTES:
            raise LiveError(CODE, f"Anki has more than {_MOST_NOTES} notes of this deck", _HELP)
        return found

    def find_cards(self, query: str) -> CardIds:
        """The ids of the cards that a search of Anki finds."""
        return self._ask("findCards", _Ids, query=query)

    def notes(self, ids: NoteIds) -> Iterator[ToldNote]:
        """The notes with some ids, as far as they are there."""
        for batch in _batches(ids):
            told = self._ask("notesInfo", list[ToldNote], notes=batch)
            asked = set(batch)
            yield from (note for note in told if note.note_id in asked)

    def decks_of(self, cards: CardIds) -> Mapping[int, str]:
        """The names of the decks in which cards are now, which may be filtered ones."""
        decks: dict[int, str] = {}
        wanted = frozenset(cards)
        for batch in _batches(cards):
            found = self._ask("getDecks", dict[str, list[int]], cards=batch)
            for name, inside in found.items():
                decks.update(dict.fromkeys(wanted.intersection(inside), name))
        return decks

    def media_file(self, name: str) -> bytes | None:
        """The bytes of a file of the collection's media, None where there is no such file."""
        found = self._connect.ask("retrieveMediaFile", msgspec.Raw, {"filename": name})
        if bytes(found) == b"false":
            return None
        return _bytes_of(found)

    def media_names(self) -> Names:
        """The names of all files of the collection's media."""
        return self._ask("getMediaFilesNames", _Names)

    def templates(self, note_type: str) -> Mapping[str, tuple[str, str]]:
        """The front and the back of each template of a note type, by name and in order."""
        found = self._ask("modelTemplates", dict[str, ToldTemplate], modelName=note_type)
        return {name: (each.front, each.back) for name, each in found.items()}

    def style(self, note_type: str) -> str:
        """The style sheet of a note type."""
        return self._ask("modelStyling", ToldStyle, modelName=note_type).css

    # Files.

    def export_deck(self, deck: str, path: Path) -> None:
        """Write a package of a deck and what is below it, with scheduling and media."""
        values = {"deck": deck, "path": str(path), "includeSched": True}
        if not self._connect.ask("exportPackage", bool, values, LONG_SECONDS):
            raise LiveError(CODE, f"Anki has no deck {deck} any more", "try again")

    def import_package(self, path: Path) -> None:
        """Import a package, with merging of note types, scheduling and presets on, as AnkiConnect
        does. It tells nothing of what became of the notes.
        """
        if not self._connect.ask("importPackage", bool, {"path": str(path)}, LONG_SECONDS):
            raise LiveError(CODE, "no profile is open in Anki", "open a profile in Anki")

    def show_import(self, path: Path) -> None:
        """Open the dialog of Anki that imports a package, where the user decides. Nothing tells
        what becomes of it.
        """
        self._ask("guiImportFile", object, path=path.as_posix())

    # Changing, and showing.

    def suspend(self, cards: CardIds) -> None:
        """Suspend cards."""
        self._ask("suspend", object, cards=cards)

    def add_tags(self, notes: NoteIds, tags: str) -> None:
        """Add tags to notes, with spaces between them."""
        self._ask("addTags", object, notes=notes, tags=tags)

    def delete_notes(self, notes: NoteIds) -> None:
        """Delete notes, with all their cards and reviews."""
        self._ask("deleteNotes", object, notes=notes)

    def _ask(self, action: str, kind: type[T], **values: object) -> T:
        return self._connect.ask(action, kind, values)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        end = start + BATCH
        yield ids[start:end]


def _bytes_of(found: msgspec.Raw) -> bytes:
    try:
        return msgspec.json.decode(found, type=bytes)
    except msgspec.MsgspecError as error:
        raise LiveError(CODE, "Anki gives no file (retrieveMediaFile)", "try again") from error
