"""Cards that are Markdown already, with the guids that learners have of them from a package.

Another tool made the package of the same notes. Its note type is adopted, each card is found again
by its text, and the lock says what learners have of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ankipress.build.lost_lock import LostLock
from ankipress.build.pipeline import Compiled
from ankipress.identity.recovery import (
    Outcome,
    Published,
    PublishedPackage,
    Recovered,
    recover,
)
from ankipress.identity.stamping import own_tags, packed_digest
from ankipress.importing.accepted_notes import with_accepted_notes
from ankipress.importing.fields.appearance import looks_same
from ankipress.importing.import_plan import plan_import
from ankipress.importing.imported_deck import ImportedDeck, ImportedType
from ankipress.importing.imported_lock import note_id_of, positive, type_stamp
from ankipress.importing.merged.merged_media import MergedFolder
from ankipress.importing.new_project import with_type_ids
from ankipress.importing.note_type_files import folder_keys, note_type_files
from ankipress.importing.own.own_types import own_keys
from ankipress.importing.readers.named_media import named_media
from ankipress.importing.readers.source_error import SourceError
from ankipress.media.media_folder import MediaFolder, Refusal
from ankipress.media.own_names import MEDIA
from ankipress.model import Lock, MediaContent, Note, PackedNote, Record
from ankipress.notetypes.custom_types import read_custom
from ankipress.project.deck import Project


@dataclass(frozen=True, slots=True)
class AdoptedKind:
    """The note type that the cards of a project get: its place in the deck, the kind of the cards,
    and what is to be written: its files, and the files of media that it shows, by name.
    """

    number: int
    key: str
    imported: ImportedType
    files: Mapping[str, str]
    media: Mapping[str, MediaContent]


@dataclass(frozen=True, slots=True)
class TakenGuids:
    """The notes of a package as they were found in the cards, and the lock that says so.

    `emptied` are the fields that the cards do not have, each with the number of notes that have a
    text in it.
    """

    lost: LostLock
    lock: Lock
    emptied: Mapping[str, int]


class _Pair(NamedTuple):
    """A note of the package, and the card that it is."""

    note: Published
    card: PackedNote

    def looks_same(self) -> bool:
        """Whether learners see no difference between them."""
        if set(self.note.tags) != set(self.card.tags):
            return False
        return all(map(looks_same, self.note.fields, self.card.fields))


def deck_of_learners(deck: ImportedDeck, project: Project) -> ImportedDeck:
    """A deck with the notes that a lock can hold. Raises SourceError where no package can update
    its learners, or another command finds its notes again.
    """
    if own_keys(deck):
        raise SourceError(
            f'ankipress has built "{deck.name}", and no other tool',
            "`ankipress recover` finds the cards of such a package in their project",
        )
    if not deck.updates_learners or any(each.id is None for each in deck.note_types):
        raise SourceError(
            f'"{deck.name}" does not say which note types learners have',
            "give the package (.apkg) that they have imported",
        )
    accepted = with_accepted_notes(deck, project.settings.name)
    accepted = replace(accepted, notes=tuple(each for each in accepted.notes if each.guid))
    return with_type_ids(accepted, project.settings.uid or "")


def adopted_kind(deck: ImportedDeck, number: int, project: Project) -> AdoptedKind:
    """The note type at a place in the deck, as one of a project."""
    imported = deck.note_types[number]
    notes = tuple(each for each in deck.notes if each.note_type == number)
    types = tuple(replace(each, note_type=0) for each in notes)
    alone = replace(deck, note_types=(imported,), notes=types)
    [planned] = plan_import(alone).types
    ours = read_custom(project.note_type_files).types
    names = named_media((imported,), ())
    media = {name: deck.media[name] for name in names if name in deck.media}
    missing = {name: each for name, each in media.items() if not _has(project.media, name)}
    for key, each in ours.items():
        if each.adopted is not None and each.adopted.id == imported.id:
            return AdoptedKind(number, key, imported, {}, missing)
    [key] = folder_keys((imported,), ours)
    files = note_type_files(imported, key, planned.modes)
    return AdoptedKind(number, key, imported, files, missing)


def _has(folder: MediaFolder, name: str) -> bool:
    return folder.has(f"{MEDIA}/{name}")


def with_kind(project: Project, kind: AdoptedKind, deck: ImportedDeck) -> Project:
    """A project whose cards are of an adopted kind, and whose lock names the files of learners that
    it has under the same name.
    """
    folder = MergedFolder(project.media, kind.media)
    files = {name: each.digest for name, each in deck.media.items()}
    missing = dict.fromkeys(set(named_media((kind.imported,), ())) & set(deck.missing), "")
    lock = replace(project.lock, media={**missing, **dict(_same_files(files, folder))})
    return replace(
        project,
        settings=replace(project.settings, kind=kind.key),
        note_type_files={**project.note_type_files, **kind.files},
        media=folder,
        lock=lock,
    )


def _same_files(files: Mapping[str, str], folder: MediaFolder) -> Iterator[tuple[str, str]]:
    for name, digest in files.items():
        content = folder.find(f"{MEDIA}/{name}")
        if not isinstance(content, Refusal) and content.digest == digest:
            yield name, digest


def likeliest_type(deck: ImportedDeck, compiled: Compiled) -> int:
    """The place of the note type that most of the cards have in the package, by their texts; where
    none is found, that of most notes.
    """
    published = PublishedPackage(tuple(_published(deck, {})), {})
    outcomes = recover(published, _cards(compiled), Lock(), "").outcomes
    found = [each.note_type for each in deck.notes if outcomes[each.guid][1] is not None]
    counts = Counter(found or [each.note_type for each in deck.notes])
    [(number, _)] = counts.most_common(1)
    return number


def take_guids(
    deck: ImportedDeck,
    kind: AdoptedKind,
    project: Project,
    compiled: Compiled,
) -> TakenGuids:
    """Find the notes of a deck in the cards of a project, which are of the adopted kind."""
    made = compiled.stamped.lock
    stamps = {kind.key: type_stamp(made.note_types[kind.key], kind.imported.mod)}
    published = PublishedPackage(tuple(_published(deck, {kind.number: kind.key})), stamps)
    lock = replace(project.lock, uid=made.uid, tools=made.tools)
    recovered = recover(published, _cards(compiled), lock, project.settings.version)
    pairs = dict(_pairs(published, recovered, compiled))
    records = tuple(_record(each, pairs.get(each.guid)) for each in recovered.lock.records)
    emptied = Counter(_emptied(pairs.values(), kind.imported.field_names))
    return TakenGuids(
        LostLock(published, recovered), replace(recovered.lock, records=records), emptied
    )


def _published(deck: ImportedDeck, keys: Mapping[int, str]) -> Iterator[Published]:
    """The notes of a deck with the keys of their note types, by the places of these."""
    note_ids: set[int] = set()
    for each in deck.notes:
        note_id = note_id_of(each, note_ids)
        note_ids.add(note_id)
        yield Published(
            guid=each.guid,
            note_id=note_id,
            mod=positive(each.mod),
            key=keys.get(each.note_type),
            deck=each.deck,
            fields=each.fields,
            tags=each.tags,
        )


def _cards(compiled: Compiled) -> Sequence[tuple[Note, PackedNote]]:
    packed = {each.guid: each for each in compiled.package.notes}
    return [(note, packed[note.guid]) for note in compiled.notes if note.guid in packed]


def _pairs(
    published: PublishedPackage,
    recovered: Recovered,
    compiled: Compiled,
) -> Iterator[tuple[str, _Pair]]:
    """The notes that were found, each with its card as it would be packed, by guid."""
    packed = {each.guid: each for each in compiled.package.notes}
    for each in published.notes:
        outcome, card = recovered.outcomes[each.guid]
        if outcome is Outcome.MATCHED and card is not None:
            yield each.guid, _Pair(each, packed[card.guid])


def _record(record: Record, pair: _Pair | None) -> Record:
    """The record of a note; one that looks as in the package has the digest of its card, so that
    it changes with the card only.
    """
    record = replace(record, imported=record.mod)
    if pair is None or not pair.looks_same():
        return record
    card = pair.card
    return replace(record, digest=packed_digest(card.note_type, card.fields, own_tags(card.tags)))


def _emptied(pairs: Iterable[_Pair], names: Sequence[str]) -> Iterator[str]:
    """The names of the fields that have something in the package and nothing in the card, for each
    note.
    """
    for pair in pairs:
        for name, there, here in zip(names, pair.note.fields, pair.card.fields, strict=True):
            if looks_same(here, "") and not looks_same(there, ""):
                yield name
