"""Which retired notes a release drops from the lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ankipress.model import Record, State
from ankipress.project.versions import version_key


def long_retired(
    records: Iterable[Record],
    versions: Collection[str],
    kept: Collection[str],
    releases: int,
) -> frozenset[str]:
    """The guids of the notes that as many releases have come after as are asked for; with 0 none.

    `versions` are those of the releases, the one that is being made too. The notes of `kept`, such
    as those whose tombstones are packed, stay in the lock.
    """
    if not releases:
        return frozenset()
    newest_first = sorted(
        set(versions),
        key=version_key,
        reverse=True,
    )
    if len(newest_first) < releases:
        return frozenset()
    oldest = version_key(newest_first[releases - 1])
    forgotten = []
    for record in records:
        if record.state is State.ACTIVE or record.guid in kept:
            continue
        if version_key(record.changed) < oldest:
            forgotten.append(record.guid)
    return frozenset(forgotten)
