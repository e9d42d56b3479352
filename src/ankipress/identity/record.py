"""What the lock remembers of a note: what it is known by, and when it was packed."""

from __future__ import annotations

from typing import NamedTuple

from ankipress.model import Note, Record


class Packing(NamedTuple):
    """What was packed of a note, and when: the digest of it, the mod, the versions that it is in
    and changed in, and `source`.
    """

    digest: str
    mod: int
    since: str
    changed: str
    source: str = ""


def record_of(note: Note, packing: Packing) -> Record:
    """The line of the lock for a note that is in the sources."""
    entry = note.entry
    return Record(
        guid=note.guid,
        note_id=note.note_id,
        id=entry.attributes.id,
        kind=entry.kind,
        deck=entry.deck,
        path=entry.path,
        section=entry.section,
        after=note.after,
        texts=note.texts,
        digest=packing.digest,
        mod=packing.mod,
        since=packing.since,
        changed=packing.changed,
        source=packing.source,
    )
