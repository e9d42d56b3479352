"""What one version of a deck is to a learner: read from a package, a revision, or the files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import PurePath

from ankipress.build.pipeline import Compiled
from ankipress.identity.drift import Drift
from ankipress.model import Field, Lock, Note, NoteType, OpenCase, PackedNote, State, Template
from ankipress.notetypes.builtin import key_of
from ankipress.package.contents import read_contents
from ankipress.package.reading import FoundNote, FoundType
from ankipress.package.splitting import top_deck

_NUMBER = r"(?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.]+)?)"
_TITLE = re.compile(rf"\*\*(?P<name>[^*\n]+) {_NUMBER}\*\*")
_FILE = re.compile(rf"(?P<name>.+)-{_NUMBER}\.apkg")


@dataclass(frozen=True, slots=True)
class Written:
    """Where a note is written: path and line in the project, its kind, and its explicit id."""

    path: str
    line: int
    kind: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A note that an unclear card may be."""

    guid: str
    question: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A card that may be one of several notes of the lock: where it is, and these notes."""

    path: str
    line: int
    question: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a deck: all that Anki gets of it, and what is known of its sources.

    `label` is how the user named it. `version` is empty where a package does not tell. `note_types`
    are by key, and each note names its key.

    The other fields are known where it was compiled, and not of a package: `lock` is the one that a
    build would write, `published` the one that was committed, if learners have what that remembers.
    `drift` names the notes that differ from that lock because of the tools.
    """

    label: str
    name: str
    version: str
    note_types: Mapping[str, NoteType]
    notes: tuple[PackedNote, ...]
    media: Mapping[str, bytes] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    lock: Lock | None = None
    unclear: tuple[Unclear, ...] = ()
    published: Lock | None = None
    drift: Drift = field(default_factory=Drift)

    def restricted_to(self, old: Edition) -> Edition:
        """The part that replaces an old package, where each top-level deck has its own package."""
        tops = {top_deck(name) for name in old.decks}
        guids = old.by_guid.keys()
        notes = tuple(
            note for note in self.notes if note.guid in guids or top_deck(note.deck) in tops
        )
        return replace(self, name=old.name, notes=notes)

    @property
    def version_or_label(self) -> str:
        """How messages name it."""
        return self.version or self.label

    @property
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

    @property
    def media_digests(self) -> Mapping[str, str]:
        """The SHA-256 of each file, by name."""
        return {name: sha256(content).hexdigest() for name, content in self.media.items()}

    @property
    def retired(self) -> frozenset[str]:
        """The guids of published notes that it lacks, as far as its lock knows them."""
        if self.lock is None:
            return frozenset()
        return frozenset(each.guid for each in self.lock.records if each.state is State.RETIRED)

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
    Notes and note types that it remembers keep its mods, whatever a build would give them today.
    """
    package = compiled.package
    notes, note_types = package.notes, package.note_types
    if published:
        mods = {each.guid: each.mod for each in published.records if each.digest}
        stamps = published.note_types
        notes = [replace(each, mod=mods.get(each.guid, each.mod)) for each in notes]
        note_types = tuple(
            replace(each, mod=stamps[each.key].mod) if each.key in stamps else each
            for each in note_types
        )
    return Edition(
        label,
        package.name,
        package.version,
        {each.key: each for each in note_types},
        tuple(notes),
        media={each.name: each.content for each in package.media},
        written={note.guid: _written(note) for note in compiled.notes},
        lock=compiled.stamped.lock,
        unclear=tuple(_unclear(case) for case in compiled.open),
        published=published,
        drift=compiled.stamped.drift,
    )


def _written(note: Note) -> Written:
    entry = note.entry
    return Written(entry.path, entry.location.line, entry.kind, entry.attributes.id)


def _unclear(case: OpenCase) -> Unclear:
    entry = case.note.entry
    candidates = tuple(Candidate(each.guid, each.question) for each in case.candidates)
    return Unclear(entry.path, entry.location.line, case.note.question, candidates)


def package_edition(content: bytes, label: str) -> Edition:
    """The edition in an .apkg. Raises `PackageError`."""
    found = read_contents(content)
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
    css = "".join(found.texts[:1])
    return NoteType(key, found.id, found.name, fields, templates, css, found.cloze, found.mod)
