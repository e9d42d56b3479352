"""What one version of a deck is to a learner, wherever it was read: a package, a revision, or the
files as they are now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import PurePath

from ankipress.build.pipeline import Compiled
from ankipress.identity.drift import Drift
from ankipress.model import (
    Field,
    Lock,
    MediaFile,
    Note,
    NoteType,
    PackedNote,
    State,
    Template,
    UnresolvedMatch,
)
from ankipress.notetypes.builtin import key_of
from ankipress.package.contents import read_contents
from ankipress.package.reading import FoundType
from ankipress.package.splitting import top_deck

_TITLE = re.compile(
    r"\*\*(?P<name>[^*\n]+) (?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.]+)?)\*\*"
)
_FILE = re.compile(r"(?P<name>.+)-(?P<version>[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.]+)?)\.apkg")


@dataclass(frozen=True, slots=True)
class Written:
    """Where a note is written: path and line in the project, its kind, and its explicit id, None
    where it has none.
    """

    path: str
    line: int
    kind: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A card that may be one of several notes of before: where it stands, and the guids and
    questions of these.
    """

    path: str
    line: int
    question: str
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a deck: all that Anki gets of it, and what is known of its sources.

    `label` is what its reader called it. `version` is empty where a package does not tell.
    `note_types` are by key, and each note names its key. What follows them is known where it was
    compiled, not of a package: `lock` is the one that a build would write, `published` the one that
    was committed, where learners have what it remembers. `drift` tells of notes that are not what
    that lock remembers, though nobody wrote anything else.
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

    def beside(self, old: Edition) -> Edition:
        """What of it goes into the package that follows an old one, where each top-level deck has a
        package of its own.
        """
        tops, guids = {top_deck(name) for name in old.decks}, old.by_guid.keys()
        notes = tuple(
            note for note in self.notes if note.guid in guids or top_deck(note.deck) in tops
        )
        return replace(self, name=old.name, notes=notes)

    @property
    def by_guid(self) -> Mapping[str, PackedNote]:
        """Its notes by guid; of two with one guid the first, as Anki does it."""
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
        """The guids of notes that were published and are not in it, as far as its lock knows."""
        records = self.lock.records if self.lock else ()
        return frozenset(each.guid for each in records if each.state is State.RETIRED)


def compiled_edition(compiled: Compiled, label: str, published: Lock | None = None) -> Edition:
    """The edition that a build would give.

    `published` is the lock that was committed with the sources: what it remembers of a note has
    been packed before, and its mod is the one that learners have, whatever this toolchain would
    make of the note today.
    """
    package = compiled.package
    mods = {each.guid: each.mod for each in published.records if each.digest} if published else {}
    notes = tuple(replace(note, mod=mods.get(note.guid, note.mod)) for note in package.notes)
    stamps = published.note_types if published else {}
    types = {
        each.key: replace(each, mod=stamps[each.key].mod if each.key in stamps else each.mod)
        for each in package.note_types
    }
    return Edition(
        label,
        package.name,
        package.version,
        types,
        notes,
        _contents(package.media),
        {note.guid: _written(note) for note in compiled.notes},
        compiled.stamped.lock,
        tuple(map(_unclear, compiled.open)),
        published,
        compiled.stamped.drift,
    )


def _written(note: Note) -> Written:
    entry = note.entry
    return Written(entry.path, entry.location.line, entry.kind, entry.attributes.id)


def _unclear(case: UnresolvedMatch) -> Unclear:
    entry = case.note.entry
    candidates = tuple((each.guid, each.question) for each in case.candidates)
    return Unclear(entry.path, entry.location.line, case.note.question, candidates)


def _contents(files: Iterable[MediaFile]) -> Mapping[str, bytes]:
    return {each.name: each.content for each in files}


def package_edition(content: bytes, label: str) -> Edition:
    """The edition in an .apkg. Raises `PackageError`."""
    found = read_contents(content)
    titles = (title for text in found.decks.values() if (title := _TITLE.match(text)))
    title = next(titles, None) or _FILE.fullmatch(PurePath(label).name)
    keys = _keys({note.note_type.id: note.note_type for note in found.notes})
    types = {key: _note_type(key, each) for key, each in keys.values()}
    notes = tuple(
        PackedNote(
            each.guid,
            each.note_id,
            each.mod,
            keys[each.note_type.id][0],
            each.deck,
            each.fields,
            each.tags,
            each.ords,
        )
        for each in found.notes
    )
    name, version = (title["name"], title["version"]) if title else (PurePath(label).stem, "")
    return Edition(label, name, version, types, notes, found.media)


def _keys(types: Mapping[int, FoundType]) -> Mapping[int, tuple[str, FoundType]]:
    """A key for each note type: that of ankipress for the first with its fields, else its name and
    id.
    """
    keys: dict[int, tuple[str, FoundType]] = {}
    taken: set[str] = set()
    for number, each in sorted(types.items()):
        key = key_of(each.fields) or each.name
        key = f"{each.name} {number}" if key in taken else key
        taken.add(key)
        keys[number] = key, each
    return keys


def _note_type(key: str, found: FoundType) -> NoteType:
    ids = found.field_ids or (0,) * len(found.fields)
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
        found.texts[0] if found.texts else "",
        found.cloze,
        found.mod,
    )
