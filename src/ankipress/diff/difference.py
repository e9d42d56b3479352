"""Two editions → their difference: what changed, what Anki will do, and the step in version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ankipress.diff.changes import (
    Change,
    DeckRename,
    NoteChange,
    TypeChange,
    deck_renames,
    note_changes,
    type_changes,
)
from ankipress.diff.collection import Collection, Imported, ImportOutcome, import_edition
from ankipress.diff.edition import Edition
from ankipress.diff.version_steps import Bump, is_too_small
from ankipress.model import PackedNote


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two editions.

    `forecast` is what Anki does for a learner who has the old edition. `reasons` say why the step
    in version is as large as it is.
    """

    old: Edition
    new: Edition
    changes: tuple[NoteChange, ...]
    note_types: tuple[TypeChange, ...]
    renames: tuple[DeckRename, ...]
    new_decks: tuple[str, ...]
    forecast: Imported
    bump: Bump
    reasons: tuple[str, ...]

    def counts(self) -> Counter[ImportOutcome]:
        """How many notes have each outcome."""
        return Counter(self.forecast.outcomes.values())

    @property
    def has_too_small_version(self) -> bool:
        """Whether the new version is known to be too small a step after the old one."""
        old = self.old.version
        new = self.new.version
        return bool(old and new and is_too_small(new, old, self.bump))

    def with_change(self, change: Change) -> Sequence[NoteChange]:
        """The notes that differ in one way."""
        return [each for each in self.changes if change in each.what]

    def retired_by_update(self) -> int:
        """How many notes are retired by an update that says so, which is a tombstone."""
        outcomes = self.forecast.outcomes
        retired = self.with_change(Change.RETIRED)
        return sum(outcomes.get(each.guid) is ImportOutcome.UPDATED for each in retired)

    def added_decks(self) -> list[str]:
        """The new decks that are no renamed ones."""
        renamed = {each.new.casefold() for each in self.renames}
        return [name for name in self.new_decks if name.casefold() not in renamed]

    def before(self, change: NoteChange) -> PackedNote | None:
        """The note before the change; of a card that changed its kind, the note that it was."""
        if change.old or not change.counterpart:
            return change.old
        return self.old.by_guid.get(change.counterpart)


def compare(old: Edition, new: Edition) -> Difference:
    """What differs, and what Anki does for a learner who imports the new edition over the old."""
    old = _as_imported(old, new)
    collection = import_edition(Collection(), old).collection
    forecast = import_edition(collection, new)
    changes = tuple(note_changes(old, new))
    types = tuple(type_changes(old, new))
    known = {name.casefold() for name in old.decks}
    new_decks = tuple(name for name in new.decks if name.casefold() not in known)
    reasons = list(_reasons(changes, types, new_decks, forecast))
    bump = max((each for each, _ in reasons), default=Bump.NONE)
    return Difference(
        old,
        new,
        changes,
        types,
        tuple(deck_renames(old, new)),
        new_decks,
        forecast,
        bump,
        tuple(text for each, text in reasons if each is bump),
    )


def _as_imported(old: Edition, new: Edition) -> Edition:
    """The old edition, with the HTML of the new one in notes that came from it by an import and are
    as they came: that looks the same, and Anki compares their times alone.
    """
    if new.lock is None:
        return old
    imported = {each.guid: each.imported for each in new.lock.records if each.imported}
    if not imported:
        return old
    written = new.by_guid
    notes = []
    for each in old.notes:
        now = written.get(each.guid)
        if now is not None and each.mod == now.mod == imported.get(each.guid):
            notes.append(replace(each, fields=now.fields, tags=now.tags))
        else:
            notes.append(each)
    return replace(old, notes=tuple(notes))


def _reasons(
    changes: Sequence[NoteChange],
    types: Sequence[TypeChange],
    new_decks: Sequence[str],
    forecast: Imported,
) -> Iterator[tuple[Bump, str]]:
    """Everything that a learner notices, with the step in version that it needs."""
    outcomes = Counter(forecast.outcomes.values())
    ways = Counter(way for each in changes for way in each.what)
    type_ways = Counter(way for each in types for way in each.what)
    schemas = sum("schema" in each.what or "id" in each.what for each in types)
    found = (
        (Bump.MAJOR, ways[Change.RETIRED], "{} retired: Anki keeps {them}"),
        (
            Bump.MAJOR,
            schemas,
            "{} note type{s} with another id or schema: Anki updates no note of {them}",
        ),
        (Bump.MAJOR, outcomes[ImportOutcome.BLOCKED], "{} blocked: Anki skips {them}"),
        (
            Bump.MAJOR,
            outcomes[ImportOutcome.OUTDATED],
            "{} changed without a newer mod: Anki leaves {them} as {they} were",
        ),
        (
            Bump.MAJOR,
            ways[Change.MOVED],
            "{} in another deck: Anki leaves {them} where {they} were",
        ),
        (
            Bump.MAJOR,
            len(forecast.empty_cards),
            "{} card{s} without a front: Anki keeps {them}, empty",
        ),
        (Bump.MINOR, ways[Change.NEW] + ways[Change.RETURNED], "{} new"),
        (Bump.MINOR, len(forecast.new_cards), "{} new card{s} of notes that were there"),
        (Bump.MINOR, len(new_decks), "{} new deck{s}"),
        (Bump.PATCH, outcomes[ImportOutcome.UPDATED], "{} updated, reviews kept"),
        (Bump.PATCH, type_ways["texts"], "{} note type{s} with other templates or styles"),
    )
    for bump, number, text in found:
        if number == 1:
            yield bump, text.format(number, s="", them="it", they="it")
        elif number:
            yield bump, text.format(number, s="s", them="them", they="they")
