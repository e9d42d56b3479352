"""A folder as CrowdAnki writes it, with `deck.json` and `media/` → its notes, note types and media.

Each learner who took the deck from there has note types with ids of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ankipress.diagnostics import counted
from ankipress.importing.imported_deck import (
    ImportedDeck,
    ImportedField,
    ImportedNote,
    ImportedTemplate,
    ImportedType,
)
from ankipress.importing.readers.named_media import media_in_folder, missing_media, named_media
from ankipress.importing.readers.source_error import SourceError
from ankipress.package.package_reading import settings_of_field, settings_of_template

_ELSEWHERE_OF_TYPE = frozenset({"__type__", "id", "name", "mod", "type", "css", "flds", "tmpls"})
_HELP = "export the deck with CrowdAnki again, or export an .apkg from Anki"


class _CrowdNote(msgspec.Struct):
    guid: str
    fields: list[str]
    note_model_uuid: str
    tags: list[str] = []


class _CrowdModel(msgspec.Struct):
    """What is needed of a note type; the rest is kept as it is."""

    crowdanki_uuid: str
    name: str
    flds: list[dict[str, Any]]
    tmpls: list[dict[str, Any]]
    css: str = ""
    type: int = 0


class _CrowdDeck(msgspec.Struct):
    name: str
    notes: list[_CrowdNote] = []
    note_models: list[dict[str, Any]] = []
    children: list[_CrowdDeck] = []
    deck_configurations: list[dict[str, Any]] = []
    desc: str = ""
    media_files: list[str] = []


class _NamedDeck(NamedTuple):
    """A deck with its full name."""

    name: str
    deck: _CrowdDeck


def read_crowdanki(content: bytes, folder: Path) -> ImportedDeck:
    """The notes of a `deck.json`, whose media lie in a folder beside it. Raises SourceError."""
    try:
        top = msgspec.json.decode(content, type=_CrowdDeck)
        decks = list(_decks(top, ""))
        types = {uuid: each for one in decks for uuid, each in _types(one.deck)}
    except (msgspec.MsgspecError, RecursionError, KeyError) as error:
        raise SourceError(f"deck.json is no deck of CrowdAnki: {error}", _HELP) from error
    places = {uuid: place for place, uuid in enumerate(types)}
    note_types = tuple(types.values())
    notes: list[ImportedNote] = []
    strangers = 0
    for name, deck in decks:
        for each in deck.notes:
            note_type = types.get(each.note_model_uuid)
            if note_type is None or len(each.fields) != len(note_type.fields):
                strangers += 1
                continue
            notes.append(_note(each, name, places[each.note_model_uuid]))
    named = named_media(note_types, notes)
    listed = {name for _, deck in decks for name in deck.media_files}
    media = media_in_folder(folder / "media", sorted(listed.union(named)))
    found = ImportedDeck(
        top.name,
        note_types,
        tuple(notes),
        media=media,
        missing=missing_media(named, media),
        descriptions={name: deck.desc for name, deck in decks if deck.desc},
        updates_learners=False,
        left=_left(decks),
    )
    if strangers:
        warning = f"{counted(strangers, 'note')} without a note type that fits: left out"
        found = replace(found, warnings=(warning,))
    return found


def _decks(deck: _CrowdDeck, above: str) -> Iterator[_NamedDeck]:
    """A deck and those below it. The name of one below is written with or without those above."""
    name = deck.name
    if above and not name.startswith(f"{above}::"):
        name = f"{above}::{name}"
    yield _NamedDeck(name, deck)
    for child in deck.children:
        yield from _decks(child, name)


def _types(deck: _CrowdDeck) -> Iterator[tuple[str, ImportedType]]:
    for each in deck.note_models:
        model = msgspec.convert(each, _CrowdModel)
        yield (
            model.crowdanki_uuid,
            ImportedType(
                id=None,
                name=model.name,
                mod=0,
                cloze=model.type == 1,
                fields=tuple(map(_field, model.flds)),
                templates=tuple(map(_template, model.tmpls)),
                css=model.css,
                settings={key: each[key] for key in each if key not in _ELSEWHERE_OF_TYPE},
            ),
        )


def _field(model: Mapping[str, Any]) -> ImportedField:
    return ImportedField(str(model["name"]), settings_of_field(model))


def _template(model: Mapping[str, Any]) -> ImportedTemplate:
    return ImportedTemplate(
        str(model["name"]),
        str(model["qfmt"]),
        str(model["afmt"]),
        settings_of_template(model),
    )


def _note(found: _CrowdNote, deck: str, place: int) -> ImportedNote:
    return ImportedNote(
        guid=found.guid,
        note_id=None,
        mod=None,
        note_type=place,
        fields=tuple(found.fields),
        tags=tuple(found.tags),
        deck=deck,
    )


def _left(decks: list[_NamedDeck]) -> tuple[str, ...]:
    names = {each.get("name") for _, deck in decks for each in deck.deck_configurations}
    names -= {"Default"}
    if not names:
        return ()
    return (counted(len(names), "deck preset"),)
