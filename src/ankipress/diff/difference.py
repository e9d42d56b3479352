"""Two editions → their difference: what changed, what Anki will do, and how large a step in version
that is.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diff.changes import (
    Change,
    DeckRename,
    NoteChange,
    TypeChange,
    deck_renames,
    note_changes,
    type_changes,
)
from ankipress.diff.collection import Collection, Imported, Outcome, import_edition
from ankipress.diff.edition import Edition


class Bump(enum.IntEnum):
    """How large a step in version a difference is, as learners feel it."""

    NONE = 0  # nothing that a learner could notice
    PATCH = 1  # cards that are there changed, and keep their reviews
    MINOR = 2  # cards or decks are new
    # Cards are retired, a note type has another schema, or Anki will not update something by
    # itself.
    MAJOR = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two editions. `reasons` say why the step in version is as
    large as it is.
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

    def counts(self) -> Mapping[Outcome, int]:
        """How many notes have each outcome."""
        return Counter(self.forecast.outcomes.values())

    def with_change(self, change: Change) -> Sequence[NoteChange]:
        """The notes that differ in one way."""
        return [each for each in self.changes if change in each.what]


def compare(old: Edition, new: Edition) -> Difference:
    """What differs, and what Anki does for a learner who has imported the old edition and imports
    the new one over it.
    """
    has = import_edition(Collection(), old).collection
    forecast = import_edition(has, new)
    changes = tuple(note_changes(old, new))
    types = tuple(type_changes(old, new))
    before = {name.casefold() for name in old.decks}
    decks = tuple(name for name in new.decks if name.casefold() not in before)
    reasons = tuple(_reasons(changes, types, decks, forecast))
    largest = max((bump for bump, _ in reasons), default=Bump.NONE)
    texts = tuple(text for bump, text in reasons if bump is largest)
    return Difference(
        old, new, changes, types, tuple(deck_renames(old, new)), decks, forecast, largest, texts
    )


def _reasons(
    changes: Sequence[NoteChange],
    types: Sequence[TypeChange],
    decks: Sequence[str],
    forecast: Imported,
) -> Iterator[tuple[Bump, str]]:
    """Everything that a learner notices, and the step in version that it asks for."""
    outcomes = Counter(forecast.outcomes.values())
    retired = sum(Change.RETIRED in each.what for each in changes)
    moved = sum(Change.MOVED in each.what for each in changes)
    is_new = sum(bool({Change.NEW, Change.RETURNED} & set(each.what)) for each in changes)
    schemas = sum(bool({"schema", "id"} & set(each.what)) for each in types)
    found = (
        (Bump.MAJOR, retired, "{} retired: Anki keeps {them}"),
        (
            Bump.MAJOR,
            schemas,
            "{} note type{s} with another id or schema: Anki updates no note of {them}",
        ),
        (Bump.MAJOR, outcomes[Outcome.BLOCKED], "{} blocked: Anki skips {them}"),
        (
            Bump.MAJOR,
            outcomes[Outcome.OUTDATED],
            "{} changed without a newer mod: Anki leaves {them} as {they} were",
        ),
        (Bump.MAJOR, moved, "{} in another deck: Anki leaves {them} where {they} were"),
        (
            Bump.MAJOR,
            len(forecast.empty_cards),
            "{} card{s} without a front: Anki keeps {them}, empty",
        ),
        (Bump.MINOR, is_new, "{} new"),
        (Bump.MINOR, len(forecast.new_cards), "{} new card{s} of notes that were there"),
        (Bump.MINOR, len(decks), "{} new deck{s}"),
        (Bump.PATCH, outcomes[Outcome.UPDATED], "{} updated, reviews kept"),
        (
            Bump.PATCH,
            sum("texts" in each.what for each in types),
            "{} note type{s} with other templates or styles",
        ),
    )
    for bump, number, text in found:
        if number:
            them, they = ("it", "it") if number == 1 else ("them", "they")
            yield bump, text.format(number, s="s" * (number > 1), them=them, they=they)
