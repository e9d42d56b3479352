"""The note types of a deck that ankipress made: its own ones, and those of its projects' authors.

A field `Key` of each of them holds the guid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ankipress.identity.ids import content_digest
from ankipress.importing.imported_deck import ImportedDeck, ImportedNote, ImportedType
from ankipress.model import OWN_FIELDS, NoteTypeStamp, note_type_texts
from ankipress.model import Template as PackedTemplate
from ankipress.notetypes.builtin import key_of

_NAME = re.compile(r".* \(ankipress [a-z2-7]{4}\)", re.DOTALL)
_KEY = OWN_FIELDS[0]


def own_keys(deck: ImportedDeck) -> Mapping[int, str]:
    """The keys of the note types that are ankipress's own, by their places in the deck.

    The one that most notes have is `basic`; another of its sort, which came from another lock, is
    `basic@` and its id.
    """
    notes: dict[int, list[ImportedNote]] = {}
    for note in deck.notes:
        notes.setdefault(note.note_type, []).append(note)
    found: dict[int, str] = {}
    for place in sorted(notes, key=lambda each: -len(notes[each])):
        key = _own_key(deck.note_types[place], notes[place])
        if key is not None and key in found.values():
            key = f"{key}@{deck.note_types[place].id}"
        if key is not None:
            found[place] = key
    return found


def _own_key(imported: ImportedType, notes: Iterable[ImportedNote]) -> str | None:
    key = key_of(imported.field_names)
    if key is None or imported.cloze != (key != "basic") or (imported.id or 0) <= 0:
        return None
    place = imported.field_names.index(_KEY)
    are_known = all(note.guid == note.fields[place] for note in notes)
    if not are_known or _NAME.fullmatch(imported.name) is None:
        return None
    return key


def fills_key(imported: ImportedType, note: ImportedNote) -> bool:
    """Whether a build fills the last three fields of a note as they are, with no word of them in
    its card.
    """
    count = len(OWN_FIELDS)
    if imported.field_names[-count:] != OWN_FIELDS or _NAME.fullmatch(imported.name) is None:
        return False
    return note.fields[-count:] == (note.guid, "", "")


def own_stamps(deck: ImportedDeck, keys: Mapping[int, str]) -> dict[str, NoteTypeStamp]:
    """What a lock must remember of ankipress's own note types: the id and the name that learners
    have.
    """
    return {key: _stamp(deck.note_types[place]) for place, key in keys.items()}


def _stamp(imported: ImportedType) -> NoteTypeStamp:
    assert imported.id is not None
    templates: Sequence[PackedTemplate] = [
        PackedTemplate(each.name, None, each.front, each.back) for each in imported.templates
    ]
    digest = content_digest(*note_type_texts(imported.css, templates))
    return NoteTypeStamp(imported.id, imported.name, digest, max(1, imported.mod))
