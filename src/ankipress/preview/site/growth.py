"""How a deck grew, version by version: out of the locks that git remembers, or of the last one
alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ankipress.model import Lock, Record, State


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lock as it stood on a day, such as `2026-01-31`; no day where none is known."""

    day: str
    lock: Lock


@dataclass(frozen=True, slots=True)
class Step:
    """A version: the notes that it has, and how many of them it brought and changed; `gone` were
    taken out.
    """

    version: str
    day: str
    notes: int
    new: int
    changed: int
    gone: int


def growth(history: Sequence[Snapshot], lock: Lock) -> tuple[Step, ...]:
    """A step for each version, oldest first. `history` is in the order of time, and may be empty."""
    last = {_version(each.lock): each for each in history if each.lock.records}
    if lock.records:
        known = last.get(_version(lock))
        last[_version(lock)] = Snapshot(known.day if known else "", lock)
    if len(last) < 2:
        # One lock alone knows what came when, and not what was taken out meanwhile.
        return _of_one_lock(lock)
    steps: list[Step] = []
    for version in sorted(last, key=version_key):
        active = _active(last[version].lock)
        new = sum(record.since == version for record in active)
        changed = sum(record.changed == version != record.since for record in active)
        before = steps[-1].notes if steps else 0
        steps.append(
            Step(
                version,
                last[version].day,
                len(active),
                new,
                changed,
                max(0, before + new - len(active)),
            )
        )
    return tuple(steps)


def _of_one_lock(lock: Lock) -> tuple[Step, ...]:
    active = _active(lock)
    versions = sorted(
        {each for record in active for each in (record.since, record.changed)}, key=version_key
    )
    steps: list[Step] = []
    for version in versions:
        new = sum(record.since == version for record in active)
        changed = sum(record.changed == version != record.since for record in active)
        steps.append(Step(version, "", (steps[-1].notes if steps else 0) + new, new, changed, 0))
    return tuple(steps)


def _active(lock: Lock) -> list[Record]:
    return [record for record in lock.records if record.state is State.ACTIVE]


def _version(lock: Lock) -> str:
    """The version of the deck that a lock was last stamped for."""
    versions = {each for record in lock.records for each in (record.since, record.changed)}
    return max(versions, key=version_key, default="")


def version_key(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Sorts versions as semantic versioning does, a pre-release before its release."""
    numbers, _, rest = version.partition("-")
    return tuple(map(int, re.findall(r"\d+", numbers))), not rest, rest
