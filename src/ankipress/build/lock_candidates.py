"""Which of the locks that were left behind hold the notes of a project's cards."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ankipress.build.cards import Resources
from ankipress.build.pipeline import identify
from ankipress.identity.assign import assign
from ankipress.identity.joining import moved
from ankipress.model import Lock
from ankipress.project.location import UnreadableSettingsError, UsageError, relative
from ankipress.project.nearby_locks import NearbyLock
from ankipress.project.reading import read_workspace
from ankipress.project.workspace import Workspace

# Of the cards of a lock, the share that must be here for the others to count as deleted.
_CLEAR = 2 / 3
# Of these, the share whose question is the same: cards of another chapter may be alike.
_SAME = 1 / 2
# Of the cards of a lock or of those here, whichever are fewer, the share that is worth a question.
_WORTH_ASKING = 1 / 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lock that was left behind, with its notes in the files of this project.

    `known` are the guids of the notes that cards here are, or may be, and `entries` the numbers of
    these cards. `same` are the guids of those whose question is the same. The files of one that
    `is_free` are gone.
    """

    found: NearbyLock
    lock: Lock
    known: frozenset[str]
    same: frozenset[str]
    entries: frozenset[int]
    is_free: bool

    @property
    def active(self) -> int:
        """How many cards it has."""
        return len(self.lock.active)

    @property
    def is_clear(self) -> bool:
        """Whether its files are gone, and most of its cards are here."""
        active = [each.guid for each in self.lock.active]
        here = self.known.intersection(active)
        same = self.same.intersection(here)
        if not self.is_free or not here or len(here) < _CLEAR * len(active):
            return False
        return len(same) >= _SAME * len(here)

    def overlaps(
        self,
        other: Candidate,
    ) -> bool:
        """Whether both know the same cards, more than a few that stand in two files."""
        shared = len(self.entries & other.entries)
        fewer = min(len(self.entries), len(other.entries))
        return shared > 0 and shared >= _WORTH_ASKING * fewer

    def part(self) -> Lock:
        """What it knows of the cards here."""
        records = [each for each in self.lock.records if each.guid in self.known]
        return replace(self.lock, records=tuple(records))

    def rest(self) -> Lock | None:
        """What stays in it without that part, None for nothing."""
        lock = self.found.lock
        records = [each for each in lock.records if each.guid not in self.known]
        if not records:
            return None
        return replace(lock, records=tuple(records))


class Search:
    """Compares locks with the cards of a project."""

    def __init__(
        self,
        workspace: Workspace,
        resources: Resources,
    ) -> None:
        self._root = Path(os.path.realpath(workspace.root))
        self._workspace = workspace
        self._resources = resources
        self._files = {os.path.realpath(self._root / path) for path in workspace.sources}
        self.identified = identify(workspace.project, resources)

    def candidates(self, found: Sequence[NearbyLock]) -> list[Candidate]:
        """The locks that know enough of the cards here to be those of this project.

        A note counts only where no file has its card any more.
        """
        held: set[str] = set()
        for each in found:
            if not each.is_orphan:
                held |= each.guids
        cards = len(self.identified.assignment.notes)
        candidates = []
        for each in found:
            candidate = self.compare(each)
            if candidate.known:
                lost = self._lost(each, held)
                candidate = replace(candidate, known=candidate.known & lost)
            fewer = min(candidate.active, cards)
            known = len(candidate.known)
            if known and known >= _WORTH_ASKING * fewer:
                candidates.append(candidate)
        return candidates

    def compare(self, found: NearbyLock) -> Candidate:
        """What a lock knows of the cards here."""
        lock = placed(found, self._workspace)
        entries = self.identified.parsed.entries
        texts = [card.texts for card in self.identified.cards]
        settings = self._workspace.project.settings
        assignment = assign(entries, lock, settings, texts)
        known: set[str] = set()
        same: set[str] = set()
        numbers: set[int] = set()
        for number, note in enumerate(assignment.notes):
            record = note.record
            if record is None:
                continue
            numbers.add(number)
            known.add(record.guid)
            if record.question == note.question:
                same.add(record.guid)
        for match in assignment.unresolved:
            known.update(each.guid for each in match.candidates)
        return Candidate(
            found=found,
            lock=lock,
            known=frozenset(known),
            same=frozenset(same),
            entries=frozenset(numbers),
            is_free=found.is_orphan,
        )

    def _lost(
        self,
        found: NearbyLock,
        held: Collection[str],
    ) -> frozenset[str]:
        """The guids of notes of a lock whose cards no other file has."""
        if found.is_orphan:
            return found.guids.difference(held)  # another build has taken over what is held
        files = [file for file in found.files if os.path.lexists(file)]
        if any(os.path.realpath(file) in self._files for file in files):
            return found.guids
        return self._left_by(files, found)

    def _left_by(
        self,
        files: Sequence[Path],
        found: NearbyLock,
    ) -> frozenset[str]:
        """The guids of notes of a lock that are not in its own files any more."""
        try:
            project = read_workspace(files).project
        except (UsageError, UnreadableSettingsError):
            return frozenset()
        identified = identify(replace(project, lock=found.lock), self._resources)
        return frozenset(record.guid for record in identified.assignment.left)


def placed(
    found: NearbyLock,
    workspace: Workspace,
) -> Lock:
    """A lock with paths as this project has them.

    A file alone whose lock knew one file alone is that file.
    """
    root = Path(os.path.realpath(workspace.root))
    paths: dict[str, str] = {}
    if found.is_orphan and len(workspace.sources) == len(found.files) == 1:
        [path] = workspace.sources
        old = relative(found.files[0], found.path.parent)
        paths[old] = path

    def path_of(path: str) -> str:
        return paths.get(path) or relative(found.path.parent / path, root)

    return moved(found.lock, path_of)
