"""A package of Anki, or the collection of a profile → its notes, note types and media."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ankipress.diagnostics import counted
from ankipress.diff.package_files import read_collection
from ankipress.importing.imported_deck import (
    ImportedDeck,
    ImportedField,
    ImportedNote,
    ImportedTemplate,
    ImportedType,
)
from ankipress.importing.readers.deck_parts import check_deck
from ankipress.importing.readers.named_media import media_in_folder, missing_media, named_media
from ankipress.importing.readers.package_media import package_media
from ankipress.importing.readers.source_error import SourceError
from ankipress.model import MediaContent
from ankipress.package.left_behind import LeftBehind
from ankipress.package.package_reading import FoundNote, FoundTemplate, FoundType
from ankipress.package.unpacking import NEWER, PackageError
from ankipress.package.whole_collection import WholeCollection
from ankipress.project.collection_copies import whole_collection

_MediaOf = Callable[[Sequence[str]], Mapping[str, MediaContent]]
"""Gives media, of which those with some names are needed."""

_MEDIA = "collection.media"
_MOST_SAID = 5  # of notes with faults
_HELP = "it may be cut off or damaged: download it again, or export it again from Anki"
_NEWER_HELP = "export it from Anki with “Support older Anki versions”, or use a newer ankipress"
_PROFILE_HELP = "close Anki, run Tools > Check Database in it if it asks for it, and try again"


def read_package_source(path: Path, deck: str | None) -> ImportedDeck:
    """The notes of a package, or of the part of it in a deck and below. Raises SourceError and
    OSError.
    """
    try:
        found = read_collection(path, deck)
    except PackageError as error:
        raise _refused(path, error, _HELP) from error
    files = found.contents.media
    return _imported(found, deck, path, lambda _: package_media(path, files))


def read_profile(path: Path, deck: str | None) -> ImportedDeck:
    """The same of the `collection.anki2` of a profile, whose media lie beside it in a folder."""
    try:
        with whole_collection(path) as copy:
            found = read_collection(copy, deck)
    except PackageError as error:
        raise _refused(path, error, _PROFILE_HELP) from error
    folder = path.parent / _MEDIA
    return _imported(found, deck, path, lambda names: media_in_folder(folder, names))


def _refused(path: Path, error: PackageError, help: str) -> SourceError:
    if str(error) == NEWER:
        help = _NEWER_HELP
    return SourceError(f"{path.name} cannot be read: {error}", help)


def _imported(
    found: WholeCollection, deck: str | None, path: Path, media_of: _MediaOf
) -> ImportedDeck:
    contents = found.contents
    if deck is not None:
        check_deck(deck, tuple(contents.decks), path.name)
    types = {note.note_type.id: note.note_type for note in contents.notes}
    places = {type_id: place for place, type_id in enumerate(types)}
    note_types = tuple(map(_note_type, types.values()))
    notes = tuple(_note(note, places) for note in contents.notes)
    names = named_media(note_types, notes)
    media = media_of(names)
    return ImportedDeck(
        name=deck or _name(notes, path),
        note_types=note_types,
        notes=notes,
        media=media,
        missing=missing_media(names, media),
        descriptions={name: text for name, text in contents.decks.items() if text},
        left=_left(found.left),
        warnings=_warnings(found.bad_notes),
    )


def _name(notes: Sequence[ImportedNote], path: Path) -> str:
    """The name of the deck above all others, else that of the file."""
    tops = {note.deck.partition("::")[0] for note in notes} - {""}
    if len(tops) == 1:
        return tops.pop()
    return path.stem


def _note(found: FoundNote, places: Mapping[int, int]) -> ImportedNote:
    return ImportedNote(
        guid=found.guid,
        note_id=found.note_id,
        mod=found.mod,
        note_type=places[found.note_type.id],
        fields=found.fields,
        tags=found.tags,
        deck=found.deck,
        ords=found.ords,
    )


def _note_type(found: FoundType) -> ImportedType:
    fields = zip(found.fields, found.field_settings, strict=True)
    return ImportedType(
        id=found.id,
        name=found.name,
        mod=found.mod,
        cloze=found.cloze,
        fields=tuple(ImportedField(name, settings) for name, settings in fields),
        templates=tuple(map(_template, found.templates)),
        css=found.css,
        settings=found.settings,
    )


def _template(found: FoundTemplate) -> ImportedTemplate:
    return ImportedTemplate(found.name, found.front, found.back, found.settings)


def _left(left: LeftBehind) -> tuple[str, ...]:
    counts = {
        "suspended card": left.suspended,
        "flagged card": left.flagged,
        "buried card": left.buried,
        "filtered deck": left.filtered_decks,
        "deck preset": left.presets,
        "review": left.reviews,
    }
    return tuple(counted(number, word) for word, number in counts.items() if number)


def _warnings(bad_notes: Sequence[str]) -> tuple[str, ...]:
    said = bad_notes[:_MOST_SAID]
    more = len(bad_notes) - len(said)
    if more:
        return (*said, f"{counted(more, 'other note')} with such faults")
    return tuple(said)
