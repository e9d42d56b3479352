"""A packed note → what fills the templates of one of its cards."""

from __future__ import annotations

from ankipress.model import NoteType, PackedNote
from ankipress.preview.templates import Filling


def filling_of(note: PackedNote, note_type: NoteType, ord: int) -> Filling:
    """The fields of a note, and those that Anki adds, for the card of an ord, from 0."""
    special = {
        "Tags": " ".join(note.tags),
        "Type": note_type.name,
        "Deck": note.deck,
        "Subdeck": note.deck.rpartition("::")[2],
        "Card": note_type.template(ord).name,
        "CardFlag": "flag0",
    }
    return Filling(
        dict(zip(note_type.field_names, note.fields, strict=True)) | special, ord, note_type.cloze
    )
