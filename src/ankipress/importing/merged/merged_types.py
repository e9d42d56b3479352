"""The note types of a newer version of a deck, beside those that a project has of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.build.pipeline import Compiled
from ankipress.identity.stamping import stamp_of
from ankipress.importing.imported_deck import ImportedDeck, ImportedType
from ankipress.importing.merged.merging import MergeCase, type_case
from ankipress.importing.note_type_files import note_type_files
from ankipress.importing.readers.source_error import SourceError
from ankipress.model import Adopted, CustomType, Schema
from ankipress.notetypes.adopted_schema import adopted_type, stable_id
from ankipress.notetypes.custom_types import read_custom
from ankipress.notetypes.schema import fits
from ankipress.project.deck import Project


@dataclass(frozen=True, slots=True)
class TypeThere:
    """A note type of the newer deck that the project has too, what happened to it, and the files of
    the project that would say it.
    """

    key: str
    imported: ImportedType
    case: MergeCase
    files: Mapping[str, str]


def compare_types(
    deck: ImportedDeck,
    project: Project,
    compiled: Compiled,
) -> Mapping[int, TypeThere]:
    """The note types that the project has too, by their ids. Raises SourceError where one has other
    fields or templates there.
    """
    found = {}
    custom = _adopted_types(project)
    for imported in deck.note_types:
        ours = custom.get(imported.id or 0)
        if ours is not None and ours.adopted is not None:
            _check_parts(imported, ours)
            there = _compared(imported, ours, ours.adopted, project, compiled)
            found[ours.adopted.id] = there
    return found


def _adopted_types(project: Project) -> Mapping[int, CustomType]:
    """The note types of a project that learners have from elsewhere, by their ids."""
    types = read_custom(project.note_type_files).types.values()
    return {each.adopted.id: each for each in types if each.adopted is not None}


def _check_parts(imported: ImportedType, ours: CustomType) -> None:
    if fits(ours, _schema(imported)):
        return
    there = ", ".join((*imported.field_names, *(each.name for each in imported.templates)))
    here = ", ".join(each.name for each in (*ours.fields, *(one.named for one in ours.templates)))
    raise SourceError(
        f'the note type "{imported.name}" has other fields or templates there ({there}) than here'
        f" ({here})",
        "Anki would update no note of it. Import the deck into a new folder; nothing was written",
    )


def _schema(imported: ImportedType) -> Schema:
    fields = tuple((each.name, stable_id(each.settings)) for each in imported.fields)
    templates = tuple((each.name, stable_id(each.settings)) for each in imported.templates)
    return Schema(fields, templates, imported.cloze)


def _compared(
    imported: ImportedType,
    ours: CustomType,
    adopted: Adopted,
    project: Project,
    compiled: Compiled,
) -> TypeThere:
    key = ours.key
    files = note_type_files(imported, key, adopted.texts)
    there = read_custom(files).types[key]
    assert there.adopted is not None
    digests = [
        stamp_of(adopted_type(each, settings), 0).digest
        for each, settings in ((ours, adopted), (there, there.adopted))
    ]
    now = compiled.stamped.lock.note_types.get(key)
    stamp = project.lock.note_types.get(key)
    case = MergeCase.SAME
    if now is not None and stamp is not None:
        is_same = digests[0] == digests[1]
        case = type_case(imported.mod, stamp, now.digest, is_same=is_same)
    return TypeThere(key, imported, case, files)


def files_taken(types: Sequence[TypeThere], project: Project) -> Iterator[tuple[str, str]]:
    """The files of note types that are taken as they are there, where the project has others."""
    for each in types:
        for path, text in each.files.items():
            if project.note_type_files.get(path) != text:
                yield path, text
