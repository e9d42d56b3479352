"""What changed since the lock was written: mods for what did, and the next lock."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from ankipress.identity.drift import Drift, drift_of
from ankipress.identity.ids import content_digest, short_digest
from ankipress.model import (
    Assignment,
    Attributes,
    Lock,
    Note,
    NoteType,
    NoteTypeStamp,
    NoteWithCards,
    PackedNote,
    Record,
    State,
    Tombstone,
    own_note_type,
)

CHANGED_TAG = "changed::"
_CHANGED_TAG = re.compile(rf"{CHANGED_TAG}\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?")
_FILE = re.compile(r"-[0-9a-f]{16}\.[a-z0-9]+")
_NO_ATTRIBUTES = Attributes()
_ATTRIBUTES = tuple(sorted(each.name for each in fields(Attributes)))
_SEPARATOR = "\x1f"
_SOURCE_LENGTH = 8  # characters: it only tells who changed a note, its author or the tools


@dataclass(frozen=True, slots=True)
class Release:
    """The version that is being built, and the time for the mods of what changed, in seconds since
    1970.

    `base` is the lock that says what learners have; `tags_changes` puts a tag on each note that has
    changed since it came. `tools` are the versions, by name, of what renders notes; `asked` are the
    settings that fields depend on. `tombstones` are packed where their notes are still retired.
    """

    version: str
    time: int
    base: Lock
    tags_changes: bool
    tools: Mapping[str, str]
    asked: tuple[str, ...]
    tombstones: Sequence[Tombstone]


@dataclass(frozen=True, slots=True)
class Stamped:
    """Notes and note types as they go into the package, the next lock, and what differs from the
    base (guids).

    `drift` tells those of the changed notes whose source is what it was: the tools changed them.
    """

    notes: tuple[PackedNote, ...]
    note_types: tuple[NoteType, ...]
    lock: Lock
    new: frozenset[str]
    changed: frozenset[str]
    retired: frozenset[str]
    drift: Drift


class Packing(NamedTuple):
    """What was packed of a note, and when: its digest and mod, the version that it came with, the
    version that changed it last, and the digest of its source.
    """

    digest: str
    mod: int
    since: str
    changed: str
    source: str = ""


def stamp(
    notes: Iterable[NoteWithCards],
    assignment: Assignment,
    note_types: Mapping[str, NoteType],
    release: Release,
) -> Stamped:
    """Update the mod of each note that changed, and of no other.

    Anki ignores a note whose mod did not grow, so a changed digest must raise it. And an update
    overwrites a learner's tags, so an unchanged digest must not.
    """
    base = release.base
    known = {record.guid: record for record in base.packed}
    field_names = {key: each.field_names for key, each in note_types.items()}
    packed: list[PackedNote] = []
    records: dict[str, Record] = {}
    for each in notes:
        before = known.get(each.rendered.note.guid)
        note, record = _stamp_note(each, before, field_names, release)
        packed.append(note)
        records[record.guid] = record
    retired: dict[str, Record] = {}
    for record in assignment.left:
        retired[record.guid] = _retire(record, known.get(record.guid), release)
    for tombstone in release.tombstones:
        gone = retired.get(tombstone.guid)  # none where its card is back
        if gone is not None and _fits(tombstone, note_types):
            note, retired[gone.guid] = _pack_tombstone(tombstone, gone, release)
            packed.append(note)
    # Notes that this package leaves out are remembered as they were.
    left_out = [each.record for each in assignment.notes if each.guid not in records]
    remembered = [*records.values(), *retired.values(), *filter(None, left_out)]
    remembered.sort(key=lambda record: record.guid)

    used = {note.note_type for note in packed}
    stamps = dict(base.note_types)
    stamped_types: list[NoteType] = []
    for key in note_types:
        if key in used:
            before_type = base.note_types.get(key)
            note_type, stamps[key] = _stamp_note_type(note_types[key], before_type, release)
            stamped_types.append(note_type)

    new = records.keys() - known.keys()
    changed = _changed(records, known)
    drifted = [guid for guid in changed if records[guid].source == known[guid].source]
    active = [guid for guid in retired if guid in known and known[guid].state is State.ACTIVE]
    # Other tools that make the same content are no reason to write the lock.
    tools = base.tools
    if new or changed or not tools or stamps != base.note_types:
        tools = release.tools
    return Stamped(
        notes=tuple(packed),
        note_types=tuple(stamped_types),
        lock=Lock(assignment.uid, stamps, tuple(remembered), tools),
        new=frozenset(new),
        changed=changed,
        retired=frozenset(active),
        drift=drift_of(frozenset(drifted), base.tools, release.tools),
    )


def _changed(
    records: Mapping[str, Record],
    known: Mapping[str, Record],
) -> frozenset[str]:
    """The guids of notes that learners have with another content."""
    shared = records.keys() & known.keys()
    return frozenset(guid for guid in shared if records[guid].digest != known[guid].digest)


def _stamp_note(
    generated: NoteWithCards,
    before: Record | None,
    field_names: Mapping[str, Sequence[str]],
    release: Release,
) -> tuple[PackedNote, Record]:
    note = generated.rendered.note
    entry = note.entry
    names = field_names[note.note_type]
    filled = generated.rendered.fields
    values = tuple([filled.get(name, "") for name in names])
    note_type = _published_key(note, field_names)
    digest = packed_digest(note.note_type, values, entry.tags)
    if before is not None and before.digest == digest and before.source:
        # The source may differ in a comment or a line break, which is not worth a changed line.
        packing = Packing(digest, before.mod, before.since, before.changed, before.source)
    else:
        source = _source_digest(note, values, (*release.asked, *names))
        packing = _packing(digest, source, before, release)
    tags = entry.tags
    # The tag is no part of the digest: turning the setting on changes no note.
    if release.tags_changes and packing.changed != packing.since:
        tags = (*tags, f"{CHANGED_TAG}{packing.changed}")
    packed = PackedNote(
        note.guid,
        note.note_id,
        packing.mod,
        note_type,
        entry.deck,
        values,
        tags,
        generated.ords,
    )
    return packed, record_of(note, packing)


def _published_key(note: Note, keys: Container[str]) -> str:
    """The key of the note type that learners have the note with."""
    if note.record is not None and note.record.note_type in keys:
        return note.record.note_type
    return note.note_type


def _packing(
    digest: str,
    source: str,
    before: Record | None,
    release: Release,
) -> Packing:
    """What the lock says of a note that is new, was changed, or has no source in the lock yet."""
    if before is None:
        mod = _next_mod(0, release)
        return Packing(digest, mod, release.version, release.version, source)
    if before.digest == digest:
        return Packing(digest, before.mod, before.since, before.changed, source)
    mod = _next_mod(before.mod, release)
    return Packing(digest, mod, before.since, release.version, source)


def record_of(note: Note, packing: Packing) -> Record:
    """The record of a note that is in the sources."""
    entry = note.entry
    note_type = ""
    imported = 0
    pulled = 0
    if note.record is not None:
        note_type = note.record.note_type
        imported = note.record.imported
        pulled = note.record.pulled
    return Record(
        guid=note.guid,
        note_id=note.note_id,
        id=entry.attributes.id,
        kind=entry.kind,
        deck=entry.deck,
        path=entry.path,
        section=entry.section,
        after=note.after,
        question=note.question,
        answer=note.answer,
        opening=note.opening,
        hidden=note.hidden,
        code=note.code,
        source=packing.source,
        digest=packing.digest,
        mod=packing.mod,
        since=packing.since,
        changed=packing.changed,
        note_type=note_type,
        imported=imported,
        pulled=pulled,
    )


def own_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags of a packed note but for the one that names the version of its last change."""
    return tuple(tag for tag in tags if not _CHANGED_TAG.fullmatch(tag))


def packed_digest(
    note_type: str,
    fields: Sequence[str],
    tags: Sequence[str],
) -> str:
    """The digest of what is packed of a note: while it stays the same, learners have nothing to
    update.
    """
    own = own_note_type(note_type)
    return short_digest(own, *fields, _SEPARATOR, *tags)


def _source_digest(
    note: Note,
    values: Sequence[str],
    asked: Sequence[str],
) -> str:
    """A digest of what an author decides about a note: its identity, its text, the files that it
    shows, the settings.
    """
    entry = note.entry
    parts: list[str] = []
    for name, part in sorted(entry.parts.items()):
        parts += (name, part.text)
    parts += (f"{name}={mode}" for name, mode in entry.modes.items())
    attributes: list[str] = []
    if entry.attributes != _NO_ATTRIBUTES:
        for name in _ATTRIBUTES:
            value = getattr(entry.attributes, name)
            # Attributes that are not set do not count, so that later versions may have more.
            if value not in (None, False, ()):
                attributes.append(f"{name}={value!r}")
    files: list[str] = []
    for value in values:
        files += _FILE.findall(value)
    files.sort()
    digest = short_digest(
        note.guid,
        entry.heading,
        entry.kind,
        entry.context,
        entry.definitions,
        entry.path,  # the link to the source names path and anchor
        entry.anchor,
        *parts,
        _SEPARATOR,
        *attributes,
        _SEPARATOR,
        *entry.tags,
        _SEPARATOR,
        *files,
        _SEPARATOR,
        *asked,
    )
    return digest[:_SOURCE_LENGTH]


def _next_mod(before: int, release: Release) -> int:
    """The time of the release, unless a learner's Anki would take it for older than its own."""
    return max(release.time, before + 1)


def _retire(
    record: Record,
    before: Record | None,
    release: Release,
) -> Record:
    """The record of a note whose card is gone, with what learners have of it, and the version that
    retired it.
    """
    before = before or record
    changed = before.changed
    if before.state is State.ACTIVE:
        changed = release.version
    return replace(
        record,
        digest=before.digest,
        mod=before.mod,
        since=before.since,
        changed=changed,
        state=State.RETIRED,
    )


def _fits(
    tombstone: Tombstone,
    note_types: Mapping[str, NoteType],
) -> bool:
    """Whether its note type is still there: authors may delete one of their own."""
    note_type = note_types.get(tombstone.note_type)
    return note_type is not None and len(note_type.fields) == len(tombstone.fields)


def _pack_tombstone(
    tombstone: Tombstone,
    record: Record,
    release: Release,
) -> tuple[PackedNote, Record]:
    """The tombstone of a retired note. It changes once, when it takes the place of its note."""
    digest = packed_digest(tombstone.note_type, tombstone.fields, tombstone.tags)
    if record.digest != digest:
        record = replace(
            record,
            digest=digest,
            mod=_next_mod(record.mod, release),
        )
    note = PackedNote(
        record.guid,
        record.note_id,
        record.mod,
        tombstone.note_type,
        record.deck,
        tombstone.fields,
        tombstone.tags,
        ords=(),
    )
    return note, record


def _stamp_note_type(
    note_type: NoteType,
    before: NoteTypeStamp | None,
    release: Release,
) -> tuple[NoteType, NoteTypeStamp]:
    """A note type keeps its published id and name; its mod grows only when its texts changed.

    The name of one that learners have from elsewhere is its author's to change.
    """
    digest = _type_digest(note_type)
    mod = _next_mod(0, release)
    imported = 0
    if before is not None and note_type.adopted is None:
        note_type = replace(
            note_type,
            id=before.id,
            name=before.name,
        )
    if before is not None:
        mod = before.mod
        imported = before.imported
        if before.digest != digest:
            mod = _next_mod(before.mod, release)
    stamped = replace(stamp_of(note_type, mod), imported=imported)
    return replace(note_type, mod=mod), stamped


def stamp_of(note_type: NoteType, mod: int) -> NoteTypeStamp:
    """What a lock remembers of a note type that learners have, last changed at a second: while all
    of it stays as it is, its mod stays too.
    """
    digest = _type_digest(note_type)
    return NoteTypeStamp(note_type.id, note_type.name, digest, max(0, mod), note_type.schema)


def _type_digest(note_type: NoteType) -> str:
    """A digest of what learners have of a note type, but for its schema."""
    texts = list(note_type.texts)
    if note_type.is_custom:
        # Learners have to get a changed name too; those of ankipress's own types never change.
        texts += note_type.field_names
        texts += [each.name for each in note_type.templates]
    if note_type.adopted is not None:
        adopted = note_type.adopted
        settings = [adopted.settings, adopted.fields, adopted.templates]
        texts += (note_type.name, json.dumps(settings, sort_keys=True))
    return content_digest(*texts)
