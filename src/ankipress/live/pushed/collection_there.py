"""What an Anki holds as the rules of its import see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ankipress.diff.collection import Collection, CollectionNote, Imported, same_schema
from ankipress.diff.edition import Edition
from ankipress.importing.imported_deck import ImportedNote, ImportedTemplate, ImportedType
from ankipress.live.anki_contents import AnkiContents
from ankipress.live.comparing.tag_merge import same_tags
from ankipress.model import Field, NoteType, PackedNote, Template


def collection_there(
    edition: Edition,
    contents: AnkiContents,
    there: Mapping[str, ImportedNote],
) -> Collection:
    """The collection with the notes of a project that are there, by guid."""
    types = contents.deck.note_types
    notes = {}
    for guid, note in there.items():
        number = types[note.note_type].id or 0
        notes[guid] = _note(note, number, edition.by_guid.get(guid))
    decks = {note.deck.casefold(): note.deck for note in contents.deck.notes if note.deck}
    for name in contents.deck.descriptions:
        decks.setdefault(name.casefold(), name)
    note_types = {each.id: _note_type(each) for each in types if each.id is not None}
    return Collection(notes, note_types, decks)


def restyled_types(before: Collection, forecast: Imported, edition: Edition) -> Sequence[str]:
    """The names of the note types of which Anki takes the templates and styles: newer ones."""
    found = []
    for key, built in edition.note_types.items():
        known = before.note_types.get(built.id)
        if known is None or key in forecast.copied or built.mod <= known.mod:
            continue
        if (built.texts, built.name) != (known.texts, known.name) and same_schema(known, built):
            found.append(built.name)
    return found


def _note(there: ImportedNote, note_type: int, built: PackedNote | None) -> CollectionNote:
    """A note. If an author's tags are those of what was built, it has them as they were built. One
    whose time nobody tells is older than what differs from it.
    """
    tags = there.tags
    mod = there.mod
    ords = there.ords
    if built is not None:
        if same_tags(tags, built.tags):
            tags = built.tags
        if mod is None and (there.fields, tags) == (tuple(built.fields), built.tags):
            mod = built.mod
        if ords is None:
            ords = built.ords
    cards = dict.fromkeys(ords or (), there.deck)
    return CollectionNote(mod or 0, note_type, there.fields, tags, cards)


def _note_type(there: ImportedType) -> NoteType:
    return NoteType(
        key=str(there.id),
        id=there.id or 0,
        name=there.name,
        fields=tuple(Field(each.name, each.settings.get("id")) for each in there.fields),
        templates=tuple(map(_template, there.templates)),
        css=there.css,
        cloze=there.cloze,
        mod=there.mod,
    )


def _template(there: ImportedTemplate) -> Template:
    return Template(there.name, there.settings.get("id"), there.front, there.back)
