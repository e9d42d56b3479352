"""One note in three versions: what happened to it, and what its card should become."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankipress.diff.packed_versions import PackedVersion
from ankipress.identity.stamping import own_tags, packed_digest
from ankipress.importing.imported_deck import ImportedNote, ImportedType
from ankipress.live.comparing.field_merge import (
    FieldCase,
    MergedField,
    is_unedited,
    merge_field,
    merge_value,
)
from ankipress.live.comparing.tag_merge import (
    TagEdits,
    merge_tags,
    same_tags,
    shared_tags,
)
from ankipress.live.note_differences import FieldConflict, NoteCase
from ankipress.live.wanted_note import WantedNote
from ankipress.model import (
    OWN_FIELDS,
    Note,
    NoteType,
    PackedNote,
)

_VALUES = frozenset({"Image", "Occlusion", "Reverse", "Typed"})


class _FieldSort(enum.Enum):
    """What a field is to a comparison."""

    TEXT = enum.auto()
    VALUE = enum.auto()
    OURS = enum.auto()  # what ankipress keeps for itself


@dataclass(frozen=True, slots=True)
class NotePair:
    """A note of the project, as it is packed now, and the same note in Anki."""

    note: Note
    packed: PackedNote
    type_here: NoteType
    there: ImportedNote
    type_there: ImportedType

    @property
    def here(self) -> Mapping[str, str]:
        """Its fields here, by name."""
        return dict(zip(self.type_here.field_names, self.packed.fields, strict=True))

    @property
    def fields_there(self) -> Mapping[str, str]:
        """Its fields in Anki, by name."""
        return dict(zip(self.type_there.field_names, self.there.fields, strict=False))

    @property
    def is_same(self) -> bool:
        """Whether it is to the letter what is packed."""
        if self.type_here.field_names != self.type_there.field_names:
            return False
        if tuple(self.packed.fields) != self.there.fields:
            return False
        tags = own_tags(self.packed.tags)
        return tags == self.there.tags or same_tags(tags, self.there.tags)

    @property
    def digest_here(self) -> str:
        """The digest of what is packed of it now."""
        tags = own_tags(self.packed.tags)
        return packed_digest(self.note.note_type, self.packed.fields, tags)

    def digests_there(self) -> frozenset[str]:
        """The digests that a lock would have of a version that is exactly what is in Anki, which
        may have changed the order of tags.
        """
        tags_there = shared_tags(self.there.tags)
        orders = {tags_there}
        tags_here = own_tags(self.packed.tags)
        if same_tags(tags_here, tags_there):
            orders.add(tags_here)
        key = self.note.note_type
        return frozenset(packed_digest(key, self.there.fields, tags) for tags in orders)

    @property
    def version_here(self) -> PackedVersion:
        """What is packed of it now."""
        return PackedVersion(self.here, own_tags(self.packed.tags))


@dataclass(frozen=True, slots=True)
class ComparedNote:
    """What happened to a note. `wanted` and `theirs` are None where its card stays as it is."""

    case: NoteCase
    wanted: WantedNote | None = None
    theirs: WantedNote | None = None
    conflicts: tuple[FieldConflict, ...] = ()


def compared_note(pair: NotePair, base: PackedVersion | None) -> ComparedNote:
    """Compare a note field by field, and its tags. `base` is None where nobody knows how it was
    packed: then whatever differs is in conflict, and tags stay.
    """
    merged = _merged_fields(pair, base)
    tags = TagEdits()
    if base is not None:
        tags = merge_tags(base.tags, own_tags(pair.packed.tags), pair.there.tags)
    case = _case_of(merged, tags)
    wanted = {name: each.wanted for name, each in merged.items() if each.wanted is not None}
    theirs = {name: each.theirs for name, each in merged.items() if each.theirs is not None}
    conflicts: tuple[FieldConflict, ...] = ()
    if case is NoteCase.CONFLICT:
        conflicts = tuple(_conflicts(pair, base, merged))
    guid = pair.note.guid
    return ComparedNote(
        case, _wanted_note(guid, wanted, tags), _wanted_note(guid, theirs, tags), conflicts
    )


def is_unedited_note(pair: NotePair) -> bool:
    """Whether a note looks in Anki as it does here, and has the same tags."""
    if not same_tags(pair.packed.tags, pair.there.tags):
        return False
    here = pair.here
    there = pair.fields_there
    in_paragraphs = pair.type_here.adopted is None
    for name in here.keys() & there.keys():
        sort = _sort_of(name, pair.type_here)
        if sort is _FieldSort.OURS:
            continue
        is_text = sort is _FieldSort.TEXT
        if not is_unedited(here[name], there[name], in_paragraphs=in_paragraphs and is_text):
            return False
    return True


def _merged_fields(pair: NotePair, base: PackedVersion | None) -> Mapping[str, MergedField]:
    """What happened to each field that both have."""
    here = pair.here
    there = pair.fields_there
    in_paragraphs = pair.type_here.adopted is None
    merged: dict[str, MergedField] = {}
    for name in here.keys() & there.keys():
        sort = _sort_of(name, pair.type_here)
        before = None
        if base is not None:
            before = base.fields.get(name, "")
        if sort is _FieldSort.VALUE:
            merged[name] = merge_value(before, here[name], there[name])
        elif sort is _FieldSort.TEXT:
            merged[name] = merge_field(before, here[name], there[name], in_paragraphs=in_paragraphs)
    return {name: merged[name] for name in here if name in merged}


def _sort_of(name: str, note_type: NoteType) -> _FieldSort:
    if note_type.adopted is not None:
        return _FieldSort.TEXT
    if name in OWN_FIELDS:
        return _FieldSort.OURS
    if name in _VALUES and not note_type.is_custom:
        return _FieldSort.VALUE
    return _FieldSort.TEXT


def _case_of(merged: Mapping[str, MergedField], tags: TagEdits) -> NoteCase:
    cases = {each.case for each in merged.values()}
    if FieldCase.CONFLICT in cases:
        return NoteCase.CONFLICT
    is_there = tags.is_there or bool(cases & {FieldCase.THERE, FieldCase.MERGED})
    is_here = tags.is_here or bool(cases & {FieldCase.HERE, FieldCase.MERGED})
    if is_there and is_here:
        return NoteCase.MERGED
    if is_there:
        return NoteCase.THERE
    if is_here:
        return NoteCase.HERE
    return NoteCase.SAME


def _wanted_note(
    guid: str,
    fields: Mapping[str, str],
    tags: TagEdits,
) -> WantedNote | None:
    if not fields and not tags.is_there:
        return None
    return WantedNote(guid, fields, tags.added, tags.removed)


def _conflicts(
    pair: NotePair,
    base: PackedVersion | None,
    merged: Mapping[str, MergedField],
) -> Sequence[FieldConflict]:
    here = pair.here
    there = pair.fields_there
    found: list[FieldConflict] = []
    for name, each in merged.items():
        if each.case is FieldCase.CONFLICT:
            before = None
            if base is not None:
                before = base.fields.get(name, "")
            found.append(FieldConflict(name, before, here[name], there[name]))
    return found
