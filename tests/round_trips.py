"""Decks that ankipress built, imported again, and built from what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ankipress.build.pipeline import compile_deck
from ankipress.importing.converted_note import Form
from ankipress.importing.imported_deck import (
    ImportedDeck,
    ImportedField,
    ImportedNote,
    ImportedTemplate,
    ImportedType,
)
from ankipress.importing.new_project import DeckImport, ImportedProject
from ankipress.model import Lock, NoteType, Package, PackedNote, Source
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from stages import Files

UID = "of-round-trips"
_BUILT = 1_700_000_000
_LATER = 1_800_000_000


def built(text: str, files: Files | None = None, path: str = "cards.md") -> Package:
    """The package of a project with one file of cards."""
    settings = Settings(name="round", version="1.0.0", uid=UID)
    project = Project(settings, (Source(path, text),), Lock(), files or Files())
    return compile_deck(project, _BUILT).package


@dataclass(frozen=True)
class RoundTrip:
    """A deck on its way to a project, and that project."""

    deck: ImportedDeck

    @cached_property
    def importing(self) -> DeckImport:
        """The import, converted."""
        found = DeckImport(self.deck, "again", "of-another-project")
        found.convert()
        return found

    @cached_property
    def project(self) -> ImportedProject:
        """The project."""
        return self.importing.project(_LATER)

    @cached_property
    def package(self) -> Package:
        """What a build of the project packs."""
        return self.importing.first_release(self.project.lock, _LATER + 1).compiled.package

    @property
    def cards(self) -> str:
        """The Markdown of all files."""
        texts = [text for path, text in self.project.texts.items() if path.endswith(".md")]
        return "\n".join(texts)

    def counts(self) -> Mapping[Form, int]:
        """The number of notes of each form."""
        return self.importing.counts()

    def pairs(self) -> Iterator[tuple[ImportedNote, PackedNote]]:
        """Each note as it came, and as it is packed again."""
        packed = {each.guid: each for each in self.package.notes}
        for note in self.importing.deck.notes:
            yield note, packed[note.guid]


def round_trip(package: Package) -> RoundTrip:
    """The way of a package that ankipress built."""
    places = {each.key: place for place, each in enumerate(package.note_types)}
    notes = tuple(
        ImportedNote(
            each.guid,
            each.note_id,
            each.mod,
            places[each.note_type],
            tuple(each.fields),
            each.tags,
            each.deck,
            each.ords,
        )
        for each in package.notes
    )
    types = tuple(map(_imported_type, package.note_types))
    media = {each.name: each.content for each in package.media}
    return RoundTrip(ImportedDeck(package.name, types, notes, media))


def _imported_type(note_type: NoteType) -> ImportedType:
    return ImportedType(
        note_type.id,
        note_type.name,
        note_type.mod,
        note_type.cloze,
        tuple(ImportedField(each.name, {"id": each.id}) for each in note_type.fields),
        tuple(
            ImportedTemplate(each.name, each.front, each.back, {"id": each.id})
            for each in note_type.templates
        ),
        note_type.css,
        {"sortf": 0},
    )
