"""Notes that were made in Anki, and whose cards stand in the sources already.

A pull that was interrupted has written its cards and not the lock, or an author has written the
same card here. The next build would make it another note, so it gets the identity of the one there.
"""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import replace

from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.imported_deck import (
    ImportedDeck,
    ImportedNote,
    ImportedType,
)
from ankipress.importing.imported_lock import note_id_of, positive
from ankipress.live.comparing.moved_notes import deck_key
from ankipress.live.comparing.packed_fields import PackedFields, packed_fields
from ankipress.live.comparing.tag_merge import same_tags
from ankipress.live.pulled.edit_trials import ProjectNow
from ankipress.model import OWN_FIELDS, Record
from ankipress.syntax.plain_html import plain_html


class StandingCards:
    """The cards of a project that no build has seen, and the notes of a deck from Anki."""

    def __init__(
        self,
        now: ProjectNow,
        deck: ImportedDeck,
    ) -> None:
        self._now = now
        self._deck = deck
        known = {each.guid for each in now.project.lock.records}
        self._fresh = {each.guid: each for each in now.compiled.notes if each.guid not in known}
        self._fields: Mapping[str, PackedFields] = {}
        if self._fresh:
            fields = packed_fields(now.compiled, now.project.settings)
            self._fields = {guid: each for guid, each in fields.items() if guid in self._fresh}

    def known(self, notes: Iterable[ImportedNote]) -> tuple[ProjectNow, Sequence[ImportedNote]]:
        """The project with a lock that knows these cards as the notes that they are, and those of
        the notes whose cards stand there.
        """
        found = dict(self._found(notes))
        if not found:
            return self._now, ()
        project = self._now.project
        records = {each.guid: each for each in project.lock.records}
        records |= self._records(found)
        lock = replace(project.lock, records=tuple(records.values()))
        now = self._now.changed(replace(project, lock=lock))
        stamped = {each.guid: each for each in now.compiled.stamped.lock.records}
        if not all(each.guid in stamped and stamped[each.guid].digest for each in found.values()):
            return self._now, ()
        for note in found.values():
            mod = positive(note.mod)
            records[note.guid] = replace(stamped[note.guid], mod=mod, imported=mod)
        lock = replace(lock, records=tuple(records.values()))
        return replace(now, project=replace(project, lock=lock)), tuple(found.values())

    def _found(self, notes: Iterable[ImportedNote]) -> Iterator[tuple[str, ImportedNote]]:
        """The notes whose cards stand there, by the guids that these would get."""
        guids: dict[str, str] = {}
        for guid, each in self._fields.items():
            [first, *_] = each.values.values()
            guids.setdefault(plain_html(first), guid)
        for note in notes:
            guid = guids.pop(plain_html(note.fields[0]), "")
            if guid and self._is_same(note, guid):
                yield guid, note

    def _is_same(
        self,
        note: ImportedNote,
        guid: str,
    ) -> bool:
        """Whether a note has the deck, the tags, the note type and the look of a card."""
        here = self._fields[guid]
        note_type = self._deck.note_types[note.note_type]
        names = {each.id: each.field_names for each in self._now.compiled.stamped.note_types}
        if names.get(note_type.id or 0) != note_type.field_names:
            return False
        if deck_key(note.deck) != deck_key(self._fresh[guid].entry.deck):
            return False
        return look_same(here, note, note_type)

    def _records(self, found: Mapping[str, ImportedNote]) -> Mapping[str, Record]:
        """The records of these cards, with the identity of the notes."""
        taken = {each.note_id for each in self._now.project.lock.records}
        records: dict[str, Record] = {}
        for each in self._now.compiled.stamped.lock.records:
            if each.guid in found:
                note = found[each.guid]
                id = note_id_of(note, taken)
                taken.add(id)
                records[note.guid] = replace(each, guid=note.guid, note_id=id)
        return records


def look_same(
    here: PackedFields,
    note: ImportedNote,
    note_type: ImportedType,
) -> bool:
    """Whether a note in Anki has the tags of a card and looks like it."""
    there = dict(zip(note_type.field_names, note.fields, strict=False))
    return same_tags(here.tags, note.tags) and all(
        looks_same(there.get(name, ""), html.removesuffix(here.link))
        for name, html in here.values.items()
        if name not in OWN_FIELDS
    )
