"""The versions in which the notes of a project were packed, found in its packages and in git.

A lock remembers of each version its digest and its time, and the memo of the user what a build has
replaced in the lock. The version itself is in a package that
was kept, or comes out again when the revision is compiled whose lock has that digest.
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from pathlib import Path

from ankipress.build.memo import open_memo
from ankipress.diff.edition import Edition
from ankipress.diff.editions import (
    EditionError,
    edition_of,
    package_at,
)
from ankipress.diff.package_files import built_packages
from ankipress.identity.stamping import own_tags, packed_digest
from ankipress.model import (
    Lock,
    PackedNote,
    Record,
)
from ankipress.project.lock_history import Snapshot, lock_history
from ankipress.project.programs import programs_fingerprint
from ankipress.project.workspace import Workspace

VersionKey = tuple[str, str]
"""A guid, and the digest of what was packed of that note."""

MOST_COMPILED = 5  # revisions
_MOST_READ = 20  # packages


@dataclass(frozen=True, slots=True)
class LockedVersion:
    """What a lock says of a note as it was packed once."""

    digest: str
    mod: int
    deck: str


@dataclass(frozen=True, slots=True)
class PackedVersion:
    """A note as it was packed once: its fields by name, and its tags."""

    fields: Mapping[str, str]
    tags: tuple[str, ...]


def _no_report(_: str) -> None:
    pass


@dataclass
class PackedVersions:
    """Finds versions of the notes of a project, in its packages and in git, and remembers what was
    found. `named` is a package that a user names besides them; EditionError is raised where that
    cannot be read. No more than `most_compiled` revisions are compiled at once. `report` is told
    which these were, and which other package cannot be read.
    """

    workspace: Workspace
    named: Path | None = None
    report: Callable[[str], None] = _no_report
    most_compiled: int = MOST_COMPILED
    _locked: dict[str, Sequence[LockedVersion]] = field(default_factory=dict, init=False)
    _in_packages: dict[VersionKey, PackedVersion] = field(default_factory=dict, init=False)

    def locked(self, guids: Collection[str]) -> Mapping[str, Sequence[LockedVersion]]:
        """What the packages say of some notes, and the locks of all commits and all builds here, by
        guid: each digest in each deck once, the oldest first.
        """
        missing = frozenset(guids) - self._locked.keys()
        if missing:
            found: dict[str, dict[tuple[str, str], LockedVersion]] = {}
            for guid, version in self._versions_of(missing):
                known = found.setdefault(guid, {})
                known.setdefault((version.digest, version.deck), version)
            for guid in missing:
                versions = found.get(guid, {}).values()
                self._locked[guid] = sorted(versions, key=lambda each: each.mod)
        return {guid: self._locked[guid] for guid in guids}

    def _versions_of(self, guids: frozenset[str]) -> Iterator[tuple[str, LockedVersion]]:
        """The versions of some notes with their guids, those in packages first."""
        for edition in self._package_editions():
            for key, note in _versions(edition, guids, self.workspace.project.lock):
                self._in_packages.setdefault(key, _version(edition, note))
                yield note.guid, LockedVersion(key[1], note.mod, note.deck)
        for record in self._records_of(guids):
            if record.guid in guids:
                yield record.guid, LockedVersion(record.digest, record.mod, record.deck)

    def _records_of(self, guids: frozenset[str]) -> Iterator[Record]:
        """What the locks that are or were say of some notes, and perhaps of others."""
        for snapshot in lock_history(self.workspace.lock_path, guids):
            yield from snapshot.lock.packed
        with open_memo(self.workspace.root, programs_fingerprint()) as memo:
            yield from memo.records(guids)
        yield from self.workspace.project.lock.packed

    def packed(self, wanted: Collection[VersionKey]) -> Mapping[VersionKey, PackedVersion]:
        """The versions among those wanted that can be found.

        Where other tools render a revision in another way today, that is the best there is.
        """
        found = {key: self._in_packages[key] for key in wanted if key in self._in_packages}
        similar: dict[VersionKey, PackedVersion] = {}
        for snapshot, keys in self._revisions(set(wanted) - found.keys()):
            revision = self._compiled(snapshot)
            if revision is None:
                continue
            guids = {guid for guid, _ in keys}
            for key, note in _versions(revision, guids, snapshot.lock):
                if key in keys:
                    found[key] = _version(revision, note)
            for key in keys:
                note_now = revision.by_guid.get(key[0])
                if note_now is not None:
                    similar[key] = _version(revision, note_now)
        return similar | found

    def _package_editions(self) -> Iterator[Edition]:
        if self.named is not None:
            yield package_at(self.named)
        for path in built_packages(self.workspace.output)[-_MOST_READ:]:
            try:
                yield package_at(path)
            except EditionError as error:
                self.report(str(error))

    def _revisions(
        self, missing: Collection[VersionKey]
    ) -> Sequence[tuple[Snapshot, Collection[VersionKey]]]:
        """The first revision with each missing version, the newest of them first."""
        if not missing or not self.most_compiled:
            return ()
        waiting = set(missing)
        needed: list[tuple[Snapshot, Collection[VersionKey]]] = []
        guids = frozenset(guid for guid, _ in missing)
        for snapshot in lock_history(self.workspace.lock_path, guids):
            digests = {(each.guid, each.digest) for each in snapshot.lock.packed}
            keys = waiting & digests
            if keys:
                needed.append((snapshot, keys))
                waiting -= keys
        return needed[::-1][: self.most_compiled]

    def _compiled(self, snapshot: Snapshot) -> Edition | None:
        try:
            edition = edition_of(snapshot.commit, self.workspace, published=True)
        except EditionError as error:
            self.report(str(error))
            return None
        self.report(f"the deck was compiled as it was on {snapshot.day}")
        return edition


def _versions(
    edition: Edition,
    guids: Collection[str],
    lock: Lock,
) -> Iterator[tuple[VersionKey, PackedNote]]:
    """Some notes of an edition, with their digests. `lock` says which note types it has."""
    keys = {stamp.id: key for key, stamp in lock.note_types.items()}
    for guid in guids:
        note = edition.by_guid.get(guid)
        if note is not None:
            note_type = keys.get(edition.type_of(note).id, note.note_type)
            yield (guid, packed_digest(note_type, note.fields, own_tags(note.tags))), note


def _version(edition: Edition, note: PackedNote) -> PackedVersion:
    return PackedVersion(edition.values(note), own_tags(note.tags))
