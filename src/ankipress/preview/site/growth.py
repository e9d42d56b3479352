"""How a deck grew, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ankipress.model import Lock, Record, State
from ankipress.project.lock_history import Snapshot
from ankipress.project.versions import version_key


@dataclass(frozen=True, slots=True)
class Step:
    """A version: how many notes it has, and how many it brought, changed and took out (`gone`)."""

    version: str
    day: str
    notes: int
    new: int
    changed: int
    gone: int


def growth(history: Sequence[Snapshot], lock: Lock) -> tuple[Step, ...]:
    """A step for each version, oldest first, from the locks that git remembers and the last one.

    `history` is in the order of time. One lock alone tells what came when, and not what was taken
    out meanwhile.
    """
    snapshots = {_version(each.lock): each for each in history if each.lock.records}
    if lock.records:
        version = _version(lock)
        known = snapshots.get(version, Snapshot("", lock))
        snapshots[version] = Snapshot(known.day, lock)
    if len(snapshots) < 2:
        return _growth_of_one(_active(lock))
    steps: list[Step] = []
    notes = 0
    for version in sorted(snapshots, key=version_key):
        active = _active(snapshots[version].lock)
        new, changed = _counts(active, version)
        gone = max(0, notes + new - len(active))
        notes = len(active)
        steps.append(Step(version, snapshots[version].day, notes, new, changed, gone))
    return tuple(steps)


def _growth_of_one(active: Sequence[Record]) -> tuple[Step, ...]:
    steps: list[Step] = []
    notes = 0
    for version in sorted(_versions(active), key=version_key):
        new, changed = _counts(active, version)
        notes += new
        steps.append(Step(version, "", notes, new, changed, 0))
    return tuple(steps)


def _counts(active: Sequence[Record], version: str) -> tuple[int, int]:
    """How many notes a version brought and changed."""
    new = sum(record.since == version for record in active)
    changed = sum(record.changed == version != record.since for record in active)
    return new, changed


def _active(lock: Lock) -> list[Record]:
    return [record for record in lock.records if record.state is State.ACTIVE]


def _version(lock: Lock) -> str:
    """The version of the deck that a lock was last updated for."""
    return max(_versions(lock.records), key=version_key, default="")


def _versions(records: Sequence[Record]) -> set[str]:
    return {version for record in records for version in (record.since, record.changed)}
