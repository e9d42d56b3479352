"""Rebuilds a lost lock from the notes of a package that learners have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import msgspec

from ankipress.build.pipeline import Compiled
from ankipress.identity.ids import content_digest, make_note_type_id, make_uid
from ankipress.identity.recovery import Outcome, Published, PublishedPackage, Recovered, recover
from ankipress.identity.stamping import stamp_of
from ankipress.media.media_folder import Refusal
from ankipress.media.own_names import MEDIA
from ankipress.model import Guid, NoteTypeStamp, Positive, Schema
from ankipress.notetypes.adopted_schema import adopted_type
from ankipress.notetypes.builtin import KEYS, key_of
from ankipress.notetypes.custom_types import read_custom
from ankipress.notetypes.schema import fits
from ankipress.package.package_reading import FoundNote, FoundType, PackageContents
from ankipress.package.unpacking import FoundFile, PackageError
from ankipress.project.deck import Project
from ankipress.project.reading import to_name
from ankipress.project.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LostLock:
    """The notes of a package, and the cards that were found for them."""

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
    contents: PackageContents,
    workspace: Workspace,
    compiled: Compiled,
) -> LostLock:
    """Find the notes of a package in the cards of a project. Raises PackageError where they come
    from several decks.
    """
    stamped = compiled.stamped
    project = workspace.project
    published = _published(contents.notes, workspace, compiled)
    packed = {note.guid: note for note in compiled.package.notes}
    cards = [(note, packed[note.guid]) for note in compiled.notes if note.guid in packed]
    media = {**_own_media(contents.media, project), **project.lock.media}
    lock = replace(project.lock, uid=stamped.lock.uid, media=media)
    recovered = recover(published, cards, lock, project.settings.version)
    return LostLock(published, recovered)


def _own_media(files: Mapping[str, FoundFile], project: Project) -> Mapping[str, str]:
    """The files that learners have under the names that they have in the project, with digests."""
    found = {}
    for name, file in files.items():
        content = project.media.find(f"{MEDIA}/{name}")
        if not isinstance(content, Refusal) and content.digest == file.digest:
            found[name] = file.digest
    return found


def has_another_uid(
    lost: LostLock,
    workspace: Workspace,
    compiled: Compiled,
) -> bool:
    """Whether the settings have a uid that no note type of the package was made with."""
    project = workspace.project
    if project.settings.uid is None or project.lock.records:
        return False
    ours = {each.id for each in compiled.stamped.lock.note_types.values()}
    ours |= _ids_without_settings(compiled)
    theirs = {each.id for each in lost.published.note_types.values()}
    return bool(theirs) and ours.isdisjoint(theirs)


def _ids_without_settings(compiled: Compiled) -> frozenset[int]:
    """The ids of the note types that the files of a project had before there were settings."""
    decks: dict[str, str] = {}
    for note in compiled.notes:
        decks.setdefault(note.entry.path, note.entry.deck)
    ids: set[int] = set()
    for path, deck in decks.items():
        name = to_name(PurePosixPath(path).name.removesuffix(".md"))
        uid = make_uid(name, deck)
        ids.update(make_note_type_id(uid, key) for key in KEYS)
    return frozenset(ids)


def _published(
    notes: Sequence[FoundNote], workspace: Workspace, compiled: Compiled
) -> PublishedPackage:
    """The notes of a package, each with the key of its note type.

    The key is None for a note of another tool or another deck.
    """
    known = _KnownTypes(workspace, compiled)
    adopted = known.adopted
    types = {note.note_type.id: note.note_type for note in notes if _may_be_ours(note, adopted)}
    candidates: dict[str, list[FoundType]] = {}
    for each in types.values():
        if key := key_of(each.fields) or known.own_key(each):
            candidates.setdefault(key, []).append(each)
    keys: dict[int, str] = {}
    stamps: dict[str, NoteTypeStamp] = {}
    for key, note_types in candidates.items():
        if ours := known.choose(key, note_types):
            keys[ours.id] = key
            stamps[key] = known.stamp(key, ours)
        for other in note_types:
            if other is not ours and known.is_of_file(other):
                keys[other.id] = f"{key}@{other.id}"
                stamps[keys[other.id]] = known.stamp(key, other)
    published = [_published_note(note, keys, adopted) for note in notes]
    return PublishedPackage(tuple(published), stamps)


def _published_note(
    note: FoundNote,
    keys: Mapping[int, str],
    adopted: Collection[int],
) -> Published:
    key = None
    if _may_be_ours(note, adopted):
        key = keys.get(note.note_type.id)
    return Published(
        guid=note.guid,
        note_id=note.note_id,
        mod=max(1, note.mod),
        key=key,
        deck=note.deck,
        fields=note.fields,
        tags=note.tags,
    )


def _may_be_ours(note: FoundNote, adopted: Collection[int]) -> bool:
    """Whether a field holds the guid, as in every note that ankipress made, or the note type is one
    of those that came from elsewhere; and a lock can hold the guid and the id.
    """
    try:
        msgspec.convert((note.guid, note.note_id), tuple[Guid, Positive])
    except msgspec.ValidationError:
        return False
    if note.note_type.id in adopted:
        return True
    fields = dict(zip(note.note_type.fields, note.fields, strict=False))
    return fields.get("Key") == note.guid


class _KnownTypes:
    """The note types that the lock names, or else those that ankipress would give now."""

    def __init__(self, workspace: Workspace, compiled: Compiled) -> None:
        lock = workspace.project.lock
        stamped = compiled.stamped
        self._of_files = _ids_without_settings(compiled)
        self._has_records = bool(lock.records)
        self._stamps = stamped.lock.note_types
        if lock.records:
            self._stamps = lock.note_types
        self._own = {each.key: each.field_names for each in stamped.note_types if each.is_custom}
        self._custom = read_custom(workspace.project.note_type_files).types
        # As they are written: media are called otherwise as long as the lock is lost.
        self._adopted = {
            key: adopted_type(each, each.adopted)
            for key, each in self._custom.items()
            if each.adopted is not None
        }

    @property
    def adopted(self) -> Collection[int]:
        """The ids of the note types that came from elsewhere."""
        return [each.id for each in self._adopted.values()]

    def own_key(self, found: FoundType) -> str | None:
        """The key of the author's note type that this one is, or was before fields were renamed."""
        for key in self._own:
            if self._stamps[key].id == found.id:
                return key
        schema = _schema(found)
        if schema is not None:
            for key in self._own:
                if fits(self._custom[key], schema):
                    return key
        for key, names in self._own.items():
            if names == found.fields:
                return key
        return None

    def is_of_file(self, found: FoundType) -> bool:
        """Whether a file of the project had this note type before there were settings."""
        return found.id in self._of_files

    def choose(self, key: str, found: Sequence[FoundType]) -> FoundType | None:
        """The note type of this deck among those of a key, None where there is none.

        Raises PackageError where several are possible.
        """
        stamp = self._stamps.get(key)
        if stamp:
            for each in found:
                if each.id == stamp.id:
                    return each
            if self._has_records:
                return None  # the notes of learners have the note type that the lock names
        if all(map(self.is_of_file, found[1:])):
            return found[0]
        names = ", ".join(f'"{each.name}"' for each in found)
        raise PackageError(
            f"it holds the notes of several decks that ankipress built, with the note types {names}"
        )

    def stamp(self, key: str, found: FoundType) -> NoteTypeStamp:
        """What the lock remembers of a note type.

        Of an author's own note type it remembers the ids of fields and templates too, which are
        nowhere else.
        """
        schema = None
        names: list[str] = []
        adopted = self._adopted.get(key)
        if adopted is not None and adopted.texts == found.texts:
            return stamp_of(adopted, found.mod)
        if adopted is not None:
            schema = adopted.schema
        elif key in self._own:
            schema = _schema(found)
        if schema:
            named = (*schema.fields, *schema.templates)
            names = [name for name, _ in named]
        digest = content_digest(*found.texts, *names)
        mod = max(1, found.mod)
        return NoteTypeStamp(found.id, found.name, digest, mod, schema)


def _schema(found: FoundType) -> Schema | None:
    """The names of a note type with their ids.

    None where a field or template has no id, as in packages of other tools.
    """
    fields = tuple(zip(found.fields, found.field_ids, strict=False))
    templates = tuple((each.name, each.id) for each in found.templates)
    if len(fields) != len(found.fields):
        return None
    if any(id <= 0 for _, id in (*fields, *templates)):
        return None
    return Schema(fields, templates, found.cloze)
