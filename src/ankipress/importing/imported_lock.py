"""The lock of an imported deck: what learners have, so that the first release updates nobody.

A record has the guid, the note id and the mod of the package, and the digest of what a build
renders. So the note keeps its mod until its author changes it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from ankipress.build.cards import Resources
from ankipress.build.pipeline import Compiled, Identified, compile_deck, identify
from ankipress.identity.ids import make_note_id
from ankipress.importing.import_plan import PlannedType
from ankipress.importing.imported_deck import ImportedNote
from ankipress.model import Entry, Lock, NoteTypeStamp, Record, Texts, own_note_type
from ankipress.project.deck import Project

_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class LockedDeck:
    """A deck compiled with its lock. `unsure` are the numbers of notes that the lock would not find
    again by their texts: their cards need an id.
    """

    compiled: Compiled
    lock: Lock
    unsure: frozenset[int]


def lock_imported(
    project: Project,
    notes: Sequence[ImportedNote],
    types: Sequence[PlannedType],
    time: int,
    resources: Resources,
) -> LockedDeck:
    """Compile a project whose cards are these notes, in this order, and make the lock of what
    learners have. A note without a guid is a new one.
    """
    identified = identify(project, resources)
    keys = [types[each.note_type].key for each in notes]
    records = list(_records(identified, notes, keys, project))
    known = tuple(each for each in records if each is not None)
    with_records = replace(project.lock, uid=identified.assignment.uid, records=known)
    compiled = compile_deck(replace(project, lock=with_records), time, resources)
    unsure = _unsure(compiled, records)
    mods = {each.guid: each.mod for each in known}
    stamped = compiled.stamped.lock
    lock = replace(
        stamped,
        records=tuple(replace(each, mod=mods.get(each.guid, each.mod)) for each in stamped.records),
        note_types={
            **stamped.note_types,
            **{
                each.key: type_stamp(stamped.note_types[each.key], each.imported.mod)
                for each in types
                if each.key in stamped.note_types
            },
        },
        media=project.lock.media,
    )
    return LockedDeck(compiled, lock, unsure)


def _records(
    identified: Identified,
    notes: Sequence[ImportedNote],
    keys: Sequence[str],
    project: Project,
) -> Iterator[Record | None]:
    """The record of each note."""
    note_ids: set[int] = set()
    after: dict[str, str] = {}
    entries = identified.parsed.entries
    cards = zip(notes, keys, entries, identified.cards, strict=True)
    for note, key, entry, card in cards:
        if not note.guid:
            yield None
            continue
        note_id = note_id_of(note, note_ids)
        note_ids.add(note_id)
        record = imported_record(note, entry, card.texts, project.settings.version)
        note_type = ""
        if key != own_note_type(key):
            note_type = key
        yield replace(record, note_id=note_id, after=after.get(entry.path), note_type=note_type)
        after[entry.path] = note.guid


def note_id_of(note: ImportedNote, taken: Container[int]) -> int:
    """The id of a note: that of its guid where it has none that a lock can hold, and that is not
    taken.
    """
    if note.note_id is None or not 0 < note.note_id <= _LATEST or note.note_id in taken:
        return make_note_id(note.guid, taken)
    return note.note_id


def type_stamp(stamp: NoteTypeStamp, mod: int) -> NoteTypeStamp:
    """What a lock says of a note type as it came: 0 is a time too, that of Anki's own note types
    until somebody changes them.
    """
    time = min(max(mod, 0), _LATEST)
    return replace(stamp, mod=time, imported=time)


def imported_record(
    note: ImportedNote,
    entry: Entry,
    texts: Texts,
    version: str,
) -> Record:
    """The record of a note without a digest, which says that no build has packed it yet. Its note
    id, and the note before it, are still to be told.
    """
    return Record(
        guid=note.guid,
        note_id=1,
        id=entry.attributes.id,
        kind=entry.kind,
        deck=entry.deck,
        path=entry.path,
        section=entry.section,
        after=None,
        **texts._asdict(),
        digest="",
        mod=positive(note.mod),
        since=version,
        changed=version,
        imported=positive(note.mod),
    )


def positive(mod: int | None) -> int:
    """A time that a lock can hold: some tools have written 0."""
    return min(max(mod or 1, 1), _LATEST)


def _unsure(compiled: Compiled, records: Sequence[Record | None]) -> frozenset[int]:
    """The numbers of the notes that were not given the guid of their record."""
    wrong = []
    for number, (note, record) in enumerate(zip(compiled.notes, records, strict=True)):
        if record is not None and note.guid != record.guid:
            wrong.append(number)
    return frozenset(wrong)
