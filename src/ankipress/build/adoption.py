"""A project that has no lock yet may go on with one that was left behind.

A file without settings was renamed, moved, split, or became part of a project. What is clear is
done and said, what is not is asked, and no note is ever in two locks.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from ankipress.build.cards import ALONE, Resources
from ankipress.build.lock_candidates import Candidate, Search, placed
from ankipress.diagnostics import Diagnostic, Location, counted
from ankipress.identity.ids import make_uid
from ankipress.identity.joining import join_locks
from ankipress.identity.lock import write_lock
from ankipress.model import Lock
from ankipress.project.atomic import write_files
from ankipress.project.door import delete_file
from ankipress.project.location import UsageError, shown_path
from ankipress.project.nearby_locks import NearbyLock, lock_beside, nearby_locks, read_nearby
from ankipress.project.places import command_line
from ankipress.project.workspace import PROJECT_LOCK, Adoption, Workspace


def adopt(
    workspace: Workspace,
    resources: Resources = ALONE,
) -> None:
    """Let a project go on with the locks that its files have left behind, in memory.

    What was adopted, and what must be asked, is added to the diagnostics. Raises UsageError where
    the user named a lock that cannot be taken.
    """
    if workspace.adoption is not None:
        return
    workspace.adoption = Adoption({})
    adopter = _Adopter(workspace, resources)
    if workspace.has_no_lock:
        adopter.look_around()
    elif workspace.lock_choice.wanted:
        name = shown_path(workspace.lock_path)
        raise UsageError(f"there is {name} already: --take-lock is for files that have no lock")
    elif workspace.project.lock.records:
        adopter.join_new_files()


def leave_rest(workspace: Workspace) -> None:
    """Take what was adopted out of the locks that it was in, once it is in that of the project.

    Raises OSError.
    """
    if workspace.adoption is None:
        return
    for path, rest in workspace.adoption.rests.items():
        if rest is None:
            delete_file(path, path.parent)
        else:
            content = write_lock(rest).encode()
            write_files({path: content}, inside=[path.parent])


class _Adopter:
    def __init__(
        self,
        workspace: Workspace,
        resources: Resources,
    ) -> None:
        self._workspace = workspace
        self._resources = resources
        self._root = Path(os.path.realpath(workspace.root))
        self._own_path = self._root / workspace.lock_path.name

    def join_new_files(self) -> None:
        """Let files that joined a project bring their locks."""
        lock = self._workspace.project.lock
        if self._workspace.lock_path.name != PROJECT_LOCK:
            return
        known = {record.path for record in lock.records}
        owned: list[NearbyLock] = []
        for path in sorted(self._workspace.sources - known):
            owned += filter(self._owns, lock_beside(self._root / path))
        if owned:
            taken = {each.path: placed(each, self._workspace) for each in owned}
            self._take(taken, dict.fromkeys(taken), before=[lock])

    def look_around(self) -> None:
        """Look for the lock of the files, which may have another name or place."""
        found = [each for each in nearby_locks(self._root) if each.path != self._own_path]
        named = list(self._wanted())
        if not found and not named:
            return
        search = Search(self._workspace, self._resources)
        owned = list(filter(self._owns, found))
        wanted = [search.compare(each) for each in named if each not in owned]
        clear, unclear = self._judged(found, [*owned, *named], wanted, search)
        for each in unclear:
            self._ask(each)
        if unclear:
            return
        taken = {each.path: placed(each, self._workspace) for each in owned}
        taken |= {each.found.path: each.lock for each in clear}
        rests: dict[Path, Lock | None]
        rests = dict.fromkeys(taken)
        for each in wanted:
            path = each.found.path
            taken[path], rests[path] = self._wanted_part(each)
        if taken:
            self._take(taken, rests)
        else:
            assignment = search.identified.assignment
            self._choose_uid(found, assignment.uid)

    def _judged(
        self,
        found: Sequence[NearbyLock],
        settled: Sequence[NearbyLock],
        wanted: Sequence[Candidate],
        search: Search,
    ) -> tuple[list[Candidate], list[Candidate]]:
        """The locks that are clear, and those to ask about, of which nobody has said anything."""
        if self._workspace.lock_choice.is_new:
            return [], []
        others = [each for each in found if each not in settled]
        candidates = search.candidates(others)
        open_ones = [one for one in candidates if not any(map(one.overlaps, wanted))]
        return _clear_ones(open_ones)

    def _wanted(self) -> Iterator[NearbyLock]:
        """The locks that the user has named."""
        for path in self._workspace.lock_choice.wanted:
            found = read_nearby(path)
            if not found:
                raise UsageError(f"{shown_path(path)} is no lock that can be read, or an empty one")
            yield from found

    def _wanted_part(self, candidate: Candidate) -> tuple[Lock, Lock | None]:
        """What is taken of a lock that the user has named, and what stays there: all where most of
        it is here, or else what it knows of these cards.
        """
        if not candidate.known:
            raise UsageError(f"{shown_path(candidate.found.path)} knows none of these cards")
        if candidate.is_clear:
            return candidate.lock, None
        part = candidate.part()
        if self._workspace.lock_path.name != PROJECT_LOCK:
            # New cards of both files must not get the same guids.
            part = replace(part, uid=_next_uid(part.uid or "", {part.uid}))
        return part, candidate.rest()

    def _owns(self, found: NearbyLock) -> bool:
        """Whether all files of a lock are sources here."""
        sources = set()
        for path in self._workspace.sources:
            sources.add(os.path.realpath(self._root / path))
        files = map(os.path.realpath, found.files)
        return sources.issuperset(files)

    def _take(
        self,
        locks: Mapping[Path, Lock],
        rests: Mapping[Path, Lock | None],
        before: Sequence[Lock] = (),
    ) -> None:
        """Go on with some locks, and say so."""
        workspace = self._workspace
        project = workspace.project
        joined = join_locks([*before, *locks.values()], project.settings.uid)
        workspace.project = replace(project, lock=joined.lock)
        workspace.adoption = Adoption(rests)
        for path, lock in locks.items():
            cards = counted(len(lock.active), "card")
            message = f"this goes on with {shown_path(path)}, which knows {cards}"
            if joined.twice:
                twice = counted(joined.twice, "card")
                message += f"; {twice} had the guid of a card in another file, and are new"
            help = "commit this lock, and that the other one is gone"
            if rests[path] is not None:
                help = "commit both locks: the other one keeps the cards that are not here"
            self._say("adopted-lock", message, help)

    def _ask(self, candidate: Candidate) -> None:
        workspace = self._workspace
        name = shown_path(candidate.found.path)
        cards = counted(len(candidate.known), "card")
        message = f"learners may have {cards} of this already: {name} knows them"
        if not candidate.is_free:
            message += f", the lock of {shown_path(candidate.found.files[0])}"
        take = command_line("build", "--take-lock", name, workspace=workspace)
        new = command_line("build", "--new-lock", workspace=workspace)
        help = (
            "say whether these are the same cards:"
            f"\n    {take}   # they are: learners keep their reviews"
            f"\n    {new}   # they are not: learners get new cards"
        )
        self._say("unclear-lock", message, help)

    def _say(
        self,
        code: str,
        message: str,
        help: str,
    ) -> None:
        location = Location(self._workspace.lock_path.name)
        problem = Diagnostic(code, location, message, help)
        self._workspace.diagnostics.append(problem)

    def _choose_uid(self, found: Sequence[NearbyLock], uid: str) -> None:
        """Give files without settings a uid that no other lock nearby has.

        Two files of one name and title would else give their cards the same guids.
        """
        project = self._workspace.project
        taken = {each.lock.uid for each in found}
        if self._workspace.lock_path.name != PROJECT_LOCK and uid in taken:
            lock = replace(project.lock, uid=_next_uid(uid, taken))
            self._workspace.project = replace(project, lock=lock)


def _next_uid(
    uid: str,
    taken: Collection[str | None],
) -> str:
    """The first uid made of another one that is not taken."""
    number = 2
    while True:
        made = make_uid(uid, str(number))
        if made not in taken:
            return made
        number += 1


def _clear_ones(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates that are clear, and the others. Of two that know the same cards none is."""
    clear = [each for each in candidates if each.is_clear]
    for one, other in combinations(clear, 2):
        if one.overlaps(other):
            return [], list(candidates)
    return clear, [each for each in candidates if each not in clear]
