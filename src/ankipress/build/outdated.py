"""What the lock of a project would have to say and does not."""

from __future__ import annotations

from collections.abc import Iterable

from ankipress.project.workspace import Workspace
from ankipress.diagnostics import Diagnostic, Location
from ankipress.identity.lock import write_lock
from ankipress.model import Record, State
from ankipress.build.pipeline import Compiled


def outdated(workspace: Workspace, result: Compiled) -> Iterable[Diagnostic]:
    """What the lock would have to say of a compiled project and does not, as errors."""
    if write_lock(result.stamped.lock) == workspace.lock_text:
        return
    help = "run `ankipress build` without --locked, and commit the lock"
    before = {record.guid: record for record in workspace.project.lock.records}
    places = {note.guid: note.entry.location for note in result.notes}
    lock = Location(workspace.lock_path.name)
    differs = False
    for record in result.stamped.lock.records:
        known = before.get(record.guid)
        if known == record:
            continue
        differs = True
        message = f'the note {record.guid} "{record.question[:60]}" {_difference(known, record)}'
        yield Diagnostic("lock-outdated", places.get(record.guid, lock), message, help)
    if not differs:
        yield Diagnostic("lock-outdated", lock, "the lock is not as ankipress writes it", help)


def _difference(known: Record | None, record: Record) -> str:
    """What the lock would have to say of a note and does not."""
    if known is None:
        return "is not in the lock"
    if known.state is not record.state:
        return (
            "is gone from the cards, and active in the lock"
            if known.state is State.ACTIVE
            else "is back, and retired in the lock"
        )
    if known.digest != record.digest:
        return "has changed since the lock was written"
    return (
        f"has another id than in the lock: {record.id}"
        if known.id != record.id
        else "stands elsewhere than the lock says"
    )
