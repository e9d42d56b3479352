"""How a deck grew, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ankipress.model import Lock, Record
from ankipress.project.lock_history import Snapshot
from ankipress.project.versions import version_key


@dataclass(frozen=True, slots=True)
class GrowthStep:
    """A version: how many notes it has, and how many it brought, changed and took out (`gone`)."""

    version: str
    day: str
    notes: int
    new: int
    changed: int
    gone: int


def growth(history: Sequence[Snapshot], lock: Lock) -> tuple[GrowthStep, ...]:
    """A step for each version, oldest first, from the locks that git remembers and the last one.

    `history` is in the order of time. One lock alone tells what came when, and not what was taken
    out meanwhile.
    """
    days: dict[str, str] = {}
    notes: dict[str, Sequence[Record]] = {}
    for each in (*history, Snapshot("", lock)):
        if each.lock.records:
            version = max(_versions(each.lock.records), key=version_key)
            days[version] = each.day or days.get(version, "")
            notes[version] = each.lock.active
    # Without a history, the records tell in which version each note came.
    if len(notes) < 2:
        days = {}
        notes = _notes_by_version(lock.active)
    steps = []
    before = 0
    for version in sorted(notes, key=version_key):
        records = notes[version]
        new = sum(record.since == version for record in records)
        changed = sum(record.changed == version != record.since for record in records)
        # A note that came and went between two versions was never seen.
        gone = max(0, before + new - len(records))
        before = len(records)
        step = GrowthStep(
            version,
            days.get(version, ""),
            notes=before,
            new=new,
            changed=changed,
            gone=gone,
        )
        steps.append(step)
    return tuple(steps)


def _notes_by_version(active: Sequence[Record]) -> dict[str, Sequence[Record]]:
    """The notes that each version had, if none was taken out."""
    found: dict[str, Sequence[Record]] = {}
    for version in _versions(active):
        key = version_key(version)
        found[version] = [record for record in active if version_key(record.since) <= key]
    return found


def _versions(records: Sequence[Record]) -> set[str]:
    return {version for record in records for version in (record.since, record.changed)}
