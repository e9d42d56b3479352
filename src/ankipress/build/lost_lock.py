"""Rebuilds a lost lock from the notes of a package that learners have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.build.pipeline import Compiled
from ankipress.identity.ids import content_digest
from ankipress.identity.recovery import Outcome, Published, PublishedPackage, Recovered, recover
from ankipress.identity.stamping import Stamped
from ankipress.model import CustomType, Lock, NoteTypeStamp, Schema
from ankipress.notetypes.builtin import key_of
from ankipress.notetypes.custom import read_custom
from ankipress.notetypes.schema import fits
from ankipress.package.reading import FoundNote, FoundType, PackageError
from ankipress.project.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LostLock:
    """The notes of a package, and what became of each."""

    published: PublishedPackage
    recovered: Recovered

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many notes had each outcome."""
        return Counter(outcome for outcome, _ in self.recovered.outcomes.values())

    def has_few_cards(self) -> bool:
        """Whether less than half of the notes that Anki could update are found in the cards."""
        counts = self.counts
        return counts[Outcome.GONE] > counts[Outcome.MATCHED] + counts[Outcome.UNCLEAR]


def recover_lock(
    notes: Sequence[FoundNote], workspace: Workspace, compiled: Compiled
) -> LostLock:
    """Find the notes of a package in the cards of a project. Raises PackageError where they come
    from several decks.
    """
    stamped = compiled.stamped
    published = _published(notes, workspace, stamped)
    packed = {note.guid: note for note in compiled.package.notes}
    cards = [(note, packed[note.guid]) for note in compiled.notes if note.guid in packed]
    lock = replace(workspace.project.lock, uid=stamped.lock.uid)
    version = workspace.project.settings.version
    return LostLock(published, recover(published, cards, lock, version))


def has_another_uid(lost: LostLock, workspace: Workspace, compiled: Compiled) -> bool:
    """Whether the settings have a uid that no note type of the package was made with."""
    if workspace.project.settings.uid is None or workspace.project.lock.records:
        return False
    ours = {each.id for each in compiled.stamped.lock.note_types.values()}
    theirs = {each.id for each in lost.published.note_types.values()}
    return bool(theirs) and ours.isdisjoint(theirs)


def _published(
    notes: Sequence[FoundNote], workspace: Workspace, stamped: Stamped
) -> PublishedPackage:
    """The notes of a package, each with the key of its note type, None for one of another tool or
    deck.
    """
    types = _NoteTypes(workspace, stamped)
    ours = _our_note_types(notes, types)
    keys = {each.id: key for key, each in ours.items()}
    found = []
    for note in notes:
        key = None
        if types.key(note):
            key = keys.get(note.note_type.id)
        mod = max(1, note.mod)
        found.append(
            Published(note.guid, note.note_id, mod, key, note.deck, note.fields, note.tags)
        )
    return PublishedPackage(tuple(found), {key: types.stamp(key, ours[key]) for key in ours})


class _NoteTypes:
    """Tells which note type of a package is which of ankipress or of the project, by its fields and
    by the field that holds the guid.
    """

    def __init__(self, workspace: Workspace, stamped: Stamped) -> None:
        self.lock: Lock = workspace.project.lock
        self.stamps = stamped.lock.note_types
        if self.lock.records:
            self.stamps = self.lock.note_types
        self._own = {each.key: each.field_names for each in stamped.note_types if each.is_custom}
        self._custom: Mapping[str, CustomType] = read_custom(
            workspace.project.note_type_files
        ).types
        self._keys: dict[int, str | None] = {}

    def key(self, note: FoundNote) -> str | None:
        """The key of the note type of a note, None for one of another tool."""
        found = note.note_type
        if "Key" not in found.fields or note.fields[found.fields.index("Key")] != note.guid:
            return None
        if found.id not in self._keys:
            self._keys[found.id] = key_of(found.fields) or self._own_key(found)
        return self._keys[found.id]

    def _own_key(self, found: FoundType) -> str | None:
        """The author's note type that this one is, or was before a field was renamed or a spare one
        used.
        """
        for key in self._own:
            if self.stamps[key].id == found.id:
                return key
        schema = _schema(found)
        for key in self._own:
            if schema and fits(self._custom[key], schema):
                return key
        for key, names in self._own.items():
            if names == found.fields:
                return key
        return None

    def stamp(self, key: str, found: FoundType) -> NoteTypeStamp:
        """What the lock remembers of a note type. Of an author's own these are also the ids of its
        fields and templates, which no setting knows.
        """
        schema, names = None, list[str]()
        if key in self._own:
            schema = _schema(found)
        if schema:
            names = [name for name, _ in (*schema.fields, *schema.templates)]
        digest = content_digest(*found.texts, *names)
        return NoteTypeStamp(found.id, found.name, digest, max(1, found.mod), schema)


def _schema(found: FoundType) -> Schema | None:
    """The names of a note type with their ids. None where a field or template has none, as in
    packages of other tools.
    """
    fields = tuple(zip(found.fields, found.field_ids, strict=False))
    templates = tuple((each.name, each.id) for each in found.templates)
    if len(fields) != len(found.fields) or any(id <= 0 for _, id in (*fields, *templates)):
        return None
    return Schema(fields, templates, found.cloze)


def _our_note_types(notes: Sequence[FoundNote], known: _NoteTypes) -> dict[str, FoundType]:
    """The note types of this deck, by key: those that the lock names, else those that ankipress
    would give, else the only ones. Raises PackageError.
    """
    found: dict[str, dict[int, FoundType]] = {}
    for note in notes:
        if key := known.key(note):
            found.setdefault(key, {})[note.note_type.id] = note.note_type
    ours = {}
    for key, types in found.items():
        stamp = known.stamps.get(key)
        if stamp and stamp.id in types:
            ours[key] = types[stamp.id]
        elif stamp and known.lock.records:
            # The notes of learners have the note type that the lock names; these are others.
            continue
        elif len(types) == 1:
            ours[key] = next(iter(types.values()))
        else:
            names = ", ".join(f'"{each.name}"' for each in types.values())
            raise PackageError(
                "it holds the notes of several decks that ankipress built,"
                f" with the note types {names}"
            )
    return ours
