"""What one version of a deck is to a learner: read from a package, a revision, or the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath

from ankipress.build.pipeline import Compiled
from ankipress.identity.drift import Drift
from ankipress.model import (
    Entry,
    Field,
    Lock,
    NoteType,
    PackedNote,
    State,
    Template,
    UnresolvedMatch,
)
from ankipress.notetypes.builtin import key_of
from ankipress.package.package_reading import FoundNote, FoundType, PackageContents
from ankipress.package.unpacking import FoundFile

_NUMBER = r"(?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.]+)?)"
_TITLE = re.compile(rf"\*\*(?P<name>[^*\n]+) {_NUMBER}\*\*")
_FILE = re.compile(rf"(?P<name>.+)-{_NUMBER}\.apkg")


ReadFiles = Callable[[Iterable[str]], Mapping[str, bytes]]
"""Gives the bytes of files by their names. Raises EditionError where a package has changed, and
OSError.
"""


def _no_files(_: Iterable[str]) -> Mapping[str, bytes]:
    return {}


@dataclass(frozen=True)
class Edition:
    """A version of a deck: all that Anki gets of it, and what is known of its sources.

    `label` is how the user named it. `version` is empty where a package does not tell. `note_types`
    are by key, and each note names its key. `media` are by name; their bytes are not in memory, and
    `read_files` gives them.

    The other fields are known where it was compiled, and not of a package: `written` are the cards
    by guid, `lock` is the one that a build would write, and `published` the one that was committed,
    if learners have what that remembers. `unclear` are cards that may be one of several notes.
    `drift` names the notes that differ from the committed lock because of the tools.
    """

    label: str
    name: str
    version: str
    note_types: Mapping[str, NoteType]
    notes: tuple[PackedNote, ...]
    media: Mapping[str, FoundFile] = field(default_factory=dict)
    read_files: ReadFiles = _no_files
    written: Mapping[str, Entry] = field(default_factory=dict)
    lock: Lock | None = None
    unclear: tuple[UnresolvedMatch, ...] = ()
    published: Lock | None = None
    drift: Drift = field(default_factory=Drift)

    @property
    def version_or_label(self) -> str:
        """How messages name it."""
        return self.version or self.label

    @cached_property
    def by_guid(self) -> Mapping[str, PackedNote]:
        """Its notes by guid. Of two with one guid the first counts, as in Anki."""
        found: dict[str, PackedNote] = {}
        for note in self.notes:
            found.setdefault(note.guid, note)
        return found

    @property
    def decks(self) -> tuple[str, ...]:
        """The names of the decks with cards, in the order in which a learner meets them."""
        return tuple(dict.fromkeys(note.deck for note in self.notes if note.ords))

    def active(self, guid: str) -> PackedNote | None:
        """A note with cards. One without cards is a tombstone: the learner is told, and no more."""
        note = self.by_guid.get(guid)
        if note and note.ords:
            return note
        return None

    @cached_property
    def retired(self) -> frozenset[str]:
        """The guids of published notes that are tombstones or gone, as far as that is known."""
        retired = {each.guid for each in self.notes if not each.ords}
        if self.lock:
            records = self.lock.records
            retired.update(each.guid for each in records if each.state is State.RETIRED)
        return frozenset(retired)

    def kind(self, guid: str) -> str:
        """The kind of a card as written, else its note type; empty for an unknown one."""
        if guid in self.written:
            return self.written[guid].kind
        if note := self.active(guid):
            return note.note_type
        return ""

    def type_of(self, note: PackedNote) -> NoteType:
        """The note type of one of its notes."""
        return self.note_types[note.note_type]

    def values(self, note: PackedNote | None) -> Mapping[str, str]:
        """The fields of one of its notes by name, in order; none for no note."""
        if note is None:
            return {}
        return dict(zip(self.type_of(note).field_names, note.fields, strict=False))


def hides_templates(note_type: NoteType) -> bool:
    """Whether the templates could not be read, as in packages of Anki's newest format."""
    return not all(each.front for each in note_type.templates)


def compiled_edition(compiled: Compiled, label: str, published: Lock | None = None) -> Edition:
    """The edition that a build would give.

    `published` is the lock that was committed with the sources, if learners have that version.
    The notes that it remembers keep its mods, whatever a build would give them today.
    """
    package = compiled.package
    notes = package.notes
    if published:
        mods = {each.guid: each.mod for each in published.packed}
        notes = [replace(each, mod=mods.get(each.guid, each.mod)) for each in notes]
    media = {each.name: each for each in package.media}
    return Edition(
        label,
        package.name,
        package.version,
        {each.key: each for each in package.note_types},
        tuple(notes),
        media={
            name: FoundFile(each.content.size, each.content.digest) for name, each in media.items()
        },
        read_files=lambda names: {name: media[name].read() for name in names},
        written={note.guid: note.entry for note in compiled.notes},
        lock=compiled.stamped.lock,
        unclear=compiled.unresolved,
        published=published,
        drift=compiled.stamped.drift,
    )


def package_edition(
    found: PackageContents, label: str, read_files: ReadFiles = _no_files
) -> Edition:
    """The edition in an .apkg."""
    name, version = _title_of(found.decks, label)
    types = {note.note_type.id: note.note_type for note in found.notes}
    keys = _keys(types)
    return Edition(
        label,
        name,
        version,
        {keys[number]: _note_type(keys[number], types[number]) for number in keys},
        tuple(_note(each, keys) for each in found.notes),
        media=found.media,
        read_files=read_files,
    )


def _title_of(decks: Mapping[str, str], label: str) -> tuple[str, str]:
    """Name and version as a description tells them, else those in the name of the file."""
    path = PurePath(label)
    titles = [_TITLE.match(description) for description in decks.values()]
    for title in (*titles, _FILE.fullmatch(path.name)):
        if title:
            return title["name"], title["version"]
    return path.stem, ""


def _keys(types: Mapping[int, FoundType]) -> Mapping[int, str]:
    """A key for each note type, in order of their ids.

    The first with the fields of one of ankipress's note types has its key; others have their name.
    """
    keys: dict[int, str] = {}
    for number, note_type in sorted(types.items()):
        key = key_of(note_type.fields) or note_type.name
        if key in keys.values():
            key = f"{note_type.name} {number}"
        keys[number] = key
    return keys


def _note(found: FoundNote, keys: Mapping[int, str]) -> PackedNote:
    return PackedNote(
        found.guid,
        found.note_id,
        found.mod,
        keys[found.note_type.id],
        found.deck,
        found.fields,
        found.tags,
        found.ords,
    )


def _note_type(key: str, found: FoundType) -> NoteType:
    ids = found.field_ids or [0] * len(found.fields)
    fields = tuple(Field(name, id) for name, id in zip(found.fields, ids, strict=True))
    templates = tuple(
        Template(each.name, each.id, each.front, each.back) for each in found.templates
    )
    return NoteType(
        key,
        found.id,
        found.name,
        fields,
        templates,
        found.css,
        found.cloze,
        found.mod,
    )
