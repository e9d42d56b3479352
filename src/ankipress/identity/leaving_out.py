"""Cards that are not ready to be packed: which of them are notes of the deck, and which are left
out.

A card whose answer was deleted keeps its note, so that its author can be told. A card that was
never packed takes no part in matching, so it can be taken for no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ankipress.identity.assign import assign
from ankipress.model import Assignment, Entry, Lock, Record, State, Texts, note_type_of
from ankipress.project.settings import Settings


@dataclass(frozen=True, slots=True)
class Kept:
    """The numbers of the entries that are not left out, in order, and what they were assigned."""

    numbers: tuple[int, ...]
    assignment: Assignment


def assign_kept(
    entries: Sequence[Entry],
    texts: Sequence[Texts],
    unfinished: set[int],
    lock: Lock,
    settings: Settings,
) -> Kept:
    """Every entry with an identity, without the unfinished ones that are no note of the deck."""
    chooser = _Chooser(entries, texts, lock, settings)
    if not unfinished:
        return chooser.kept(range(len(entries)))
    finished = set(range(len(entries))) - unfinished
    kept = chooser.kept(finished | chooser.written_as_before(finished, unfinished))
    reworded = chooser.reworded(unfinished.difference(kept.numbers), kept)
    if reworded:
        kept = chooser.kept({*kept.numbers, *reworded})
    new = _new(kept, unfinished)
    if new:
        kept = chooser.kept(set(kept.numbers) - new)
    return kept


class _Chooser:
    """Assigns some of the entries of a project."""

    def __init__(
        self,
        entries: Sequence[Entry],
        texts: Sequence[Texts],
        lock: Lock,
        settings: Settings,
    ) -> None:
        self.entries = entries
        self.texts = texts
        self.lock = lock
        self.settings = settings

    def kept(self, numbers: Iterable[int], lock: Lock | None = None) -> Kept:
        """The entries with some numbers, assigned by the lock of the project or by another."""
        chosen = tuple(sorted(numbers))
        entries = [self.entries[number] for number in chosen]
        texts = [self.texts[number] for number in chosen]
        return Kept(chosen, assign(entries, lock or self.lock, self.settings, texts))

    def written_as_before(self, finished: Iterable[int], unfinished: Iterable[int]) -> set[int]:
        """The unfinished entries with the id of a note, or with a question that fewer of the others
        have than notes.
        """
        records = self.lock.active
        ids = {each.id for each in records if each.id is not None}
        free = Counter(map(_question_of, records))
        free.subtract(map(self._question, finished))
        return {
            number
            for number in unfinished
            if self.entries[number].attributes.id in ids or free[self._question(number)] > 0
        }

    def _question(self, number: int) -> tuple[str, str]:
        return self.texts[number].question, note_type_of(self.entries[number].kind)

    def reworded(self, unfinished: set[int], kept: Kept) -> set[int]:
        """The unfinished entries that may be notes which no entry claims."""
        gone = tuple(filter(_is_in_deck, kept.assignment.left))
        if not gone or not unfinished:
            return set()
        found = self.kept(unfinished, replace(self.lock, records=gone))
        return set(found.numbers) - _new(found, unfinished)


def _new(kept: Kept, unfinished: set[int]) -> set[int]:
    """The unfinished entries that are no note of the deck, and of which nobody has to be asked.

    Of two with the question of one note, each may be it.
    """
    asked = {each.note.guid for each in kept.assignment.unresolved}
    gone = {_question_of(each) for each in filter(_is_in_deck, kept.assignment.left)}
    new = set()
    for number, note in zip(kept.numbers, kept.assignment.notes, strict=True):
        may_be_known = note.guid in asked or (note.question, note.note_type) in gone
        if number in unfinished and not may_be_known and not _is_in_deck(note.record):
            new.add(number)
    return new


def _question_of(record: Record) -> tuple[str, str]:
    return record.question, note_type_of(record.kind)


def _is_in_deck(record: Record | None) -> bool:
    """Whether learners have the note, and get it with the next package."""
    return record is not None and bool(record.digest) and record.state is State.ACTIVE
