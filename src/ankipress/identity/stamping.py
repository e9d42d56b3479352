"""What changed since the lock was written: mods for what did, and the next lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from ankipress.identity.drift import Drift, drift_of
from ankipress.identity.ids import content_digest
from ankipress.identity.record import Packing, record_of
from ankipress.model import (
    Assignment,
    Attributes,
    DealtNote,
    Lock,
    Note,
    NoteType,
    NoteTypeStamp,
    PackedNote,
    Record,
    State,
    Tombstone,
)

CHANGED_TAG = "changed::"
_FILE = re.compile(r"-[0-9a-f]{16}\.[a-z0-9]+")
_NONE = Attributes()
_ATTRIBUTES = tuple(sorted(each.name for each in fields(Attributes)))
_CHANGED_TAG = re.compile(rf"{CHANGED_TAG}\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?")


@dataclass(frozen=True, slots=True)
class Release:
    """The version that is being built, and the time to stamp on what changed, in seconds since
    1970.

    `base` is the lock that says what learners have; `tags_changes` puts a tag on each note that has
    changed since it came. `tools` are the versions, by name, of what renders notes; `asked` are the
    settings that fields depend on. `tombstones` are packed where their notes are still retired.
    """

    version: str
    time: int
    base: Lock
    tags_changes: bool = False
    tools: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    tombstones: Sequence[Tombstone] = ()


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
    drift: Drift = field(default_factory=Drift)


def stamp(
    dealt: Iterable[DealtNote],
    assignment: Assignment,
    note_types: Mapping[str, NoteType],
    release: Release,
) -> Stamped:
    """Give every note its mod. Anki ignores a note whose mod did not grow, so a changed digest must
    raise it; and an update overwrites a learner's tags, so an unchanged one must not.
    """
    # A line without a digest was written by an author's decision; its note has never been packed.
    known = {record.guid: record for record in release.base.records if record.digest}
    names = {key: each.field_names for key, each in note_types.items()}
    notes, records = list[PackedNote](), dict[str, Record]()
    for each in dealt:
        note, record = _stamp_note(each, known.get(each.rendered.note.guid), names, release)
        notes.append(note)
        records[record.guid] = record
    # Notes that this package leaves out are remembered as they were.
    kept = [note.record for note in assignment.notes if note.record and note.guid not in records]
    gone = {
        record.guid: _retire(record, known.get(record.guid), release) for record in assignment.left
    }
    buried = list(
        _bury((each for each in release.tombstones if _fits(each, note_types)), gone, release)
    )
    packed = (*notes, *(note for note, _ in buried))
    gone |= {record.guid: record for _, record in buried}
    used = {note.note_type for note in packed}
    before = release.base.note_types
    types = {
        key: _stamp_type(each, before.get(key), release)
        for key, each in note_types.items()
        if key in used
    }
    note_type_stamps = {**before, **{key: each[1] for key, each in types.items()}}
    new = frozenset(records.keys() - known.keys())
    changed = frozenset(
        guid for guid in records.keys() & known.keys() if records[guid].digest != known[guid].digest
    )
    # The same content made by other tools is no reason to write the lock.
    is_made_anew = new or changed or not release.base.tools or note_type_stamps != before
    tools = release.tools if is_made_anew else release.base.tools
    drifted = frozenset(guid for guid in changed if records[guid].source == known[guid].source)
    active = {guid for guid, record in known.items() if record.state is State.ACTIVE}
    return Stamped(
        notes=packed,
        note_types=tuple(each for each, _ in types.values()),
        lock=Lock(
            assignment.uid,
            note_type_stamps,
            _sorted([*records.values(), *kept, *gone.values()]),
            tools,
        ),
        new=new,
        changed=changed,
        retired=frozenset(gone.keys() & active),
        drift=drift_of(drifted, release.base.tools, release.tools),
    )


def _sorted(records: Sequence[Record]) -> tuple[Record, ...]:
    return tuple(sorted(records, key=lambda record: record.guid))


def _stamp_note(
    dealt: DealtNote,
    before: Record | None,
    field_names: Mapping[str, Sequence[str]],
    release: Release,
) -> tuple[PackedNote, Record]:
    note, entry, filled = dealt.rendered.note, dealt.rendered.note.entry, dealt.rendered.fields
    names = field_names[note.note_type]
    fields = tuple([filled.get(name, "") for name in names])
    digest = packed_digest(note.note_type, fields, entry.tags)
    same = before is not None and before.digest == digest
    source = _written_digest(note, fields, (*release.asked, *names))
    packing = Packing(
        digest=digest,
        mod=_mod(before.mod if before else 0, release, same=same),
        since=before.since if before else release.version,
        changed=before.changed if before and same else release.version,
        # What is packed is the same: so it may be for a comment or a line broken elsewhere, and
        # that is not worth a line.
        source=before.source if before and before.source and same else source,
    )
    record = record_of(note, packing)
    tags = (*entry.tags, *_changed_tag(record, release))
    packed = PackedNote(
        note.guid,
        note.note_id,
        record.mod,
        note.note_type,
        entry.deck,
        fields,
        tags,
        dealt.ords,
    )
    return packed, record


def _changed_tag(record: Record, release: Release) -> Iterator[str]:
    """The tag that names the version of the last change.

    It is no part of the digest: while the note stays the same so does its tag, and turning the
    setting on changes no note.
    """
    if release.tags_changes and record.changed != record.since:
        yield f"{CHANGED_TAG}{record.changed}"


def own_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags of a packed note but for the one that names the version of its last change."""
    return tuple(tag for tag in tags if not _CHANGED_TAG.fullmatch(tag))


def packed_digest(note_type: str, fields: Sequence[str], tags: Sequence[str]) -> str:
    """The digest of what is packed of a note: while it stays the same, learners have nothing to
    update.
    """
    return content_digest(note_type, *fields, "\x1f", *tags)


def _written_digest(note: Note, fields: Sequence[str], asked: Sequence[str]) -> str:
    """A digest of all that an author has a hand in of a note: its identity, its text, the files
    that it shows, the settings.
    """
    entry = note.entry
    # Those that are not set count for nothing, so that a later ankipress may have more of them.
    given = (
        ()
        if entry.attributes == _NONE
        else ((name, getattr(entry.attributes, name)) for name in _ATTRIBUTES)
    )
    attributes = [f"{name}={value!r}" for name, value in given if value not in (None, False, ())]
    parts = [text for name, part in sorted(entry.parts.items()) for text in (name, part.text)]
    files = sorted([name for value in fields if value for name in _FILE.findall(value)])
    place = (entry.path, entry.anchor)  # which the link to the source names
    words = (note.guid, entry.heading, entry.kind, entry.context, entry.definitions, *place)
    return content_digest(
        *words, *parts, "\x1f", *attributes, "\x1f", *entry.tags, "\x1f", *files, "\x1f", *asked
    )


def _mod(before: int, release: Release, *, same: bool) -> int:
    """The release time, but never a time that a learner's Anki would take for older than what it
    has.
    """
    return before if same else max(release.time, before + 1)


def _retire(record: Record, before: Record | None, release: Release) -> Record:
    """The line of a note whose card is gone, with what learners have of it, and the version that
    retired it.
    """
    before = before or record
    changed = release.version if before.state is State.ACTIVE else before.changed
    return replace(
        record,
        digest=before.digest,
        mod=before.mod,
        since=before.since,
        changed=changed,
        state=State.RETIRED,
    )


def _fits(tombstone: Tombstone, note_types: Mapping[str, NoteType]) -> bool:
    """Whether its note type is still there: an author may have taken one of their own out."""
    note_type = note_types.get(tombstone.note_type)
    return note_type is not None and len(note_type.fields) == len(tombstone.fields)


def _bury(
    tombstones: Iterable[Tombstone], gone: Mapping[str, Record], release: Release
) -> Iterator[tuple[PackedNote, Record]]:
    """The tombstones of notes that are still retired. A tombstone changes once, when it takes the
    place of its note.
    """
    for each in tombstones:
        record = gone.get(each.guid)
        if record is None:
            continue  # its card is back
        digest = packed_digest(each.note_type, each.fields, each.tags)
        record = replace(
            record, digest=digest, mod=_mod(record.mod, release, same=record.digest == digest)
        )
        note = PackedNote(
            each.guid,
            record.note_id,
            record.mod,
            each.note_type,
            record.deck,
            each.fields,
            each.tags,
            ords=(),
        )
        yield note, record


def _stamp_type(
    note_type: NoteType, before: NoteTypeStamp | None, release: Release
) -> tuple[NoteType, NoteTypeStamp]:
    """A note type keeps its published id and name; its mod grows only when its texts changed."""
    if before:
        note_type = replace(note_type, id=before.id, name=before.name)
    # A name that changed is something that learners have to get, too; those of ankipress's own note
    # types never do.
    names = (
        [*note_type.field_names, *(each.name for each in note_type.templates)]
        if note_type.is_custom
        else []
    )
    digest = content_digest(
        note_type.css,
        *(text for each in note_type.templates for text in (each.front, each.back)),
        *names,
    )
    same = before is not None and before.digest == digest
    mod = _mod(before.mod if before else 0, release, same=same)
    return replace(note_type, mod=mod), NoteTypeStamp(
        note_type.id, note_type.name, digest, mod, note_type.schema
    )
