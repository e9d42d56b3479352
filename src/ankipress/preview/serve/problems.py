"""Every problem beside the note that it stands in."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location, Severity
from ankipress.model import Note

# Errors of what all cards depend on: with them any card may be gone.
_OF_ALL = frozenset({"bad-extension", "bad-lock", "bad-settings", "cannot-read", "no-sources"})


@dataclass(frozen=True, slots=True)
class Problems:
    """Problems by the guid of the note that begins last before them, and those `elsewhere`.
    `broken` are files with an error.
    """

    by_note: Mapping[str, tuple[Diagnostic, ...]]
    elsewhere: tuple[Diagnostic, ...]
    broken: frozenset[str]
    is_all_broken: bool

    @classmethod
    def beside(cls, notes: Iterable[Note], diagnostics: Sequence[Diagnostic]) -> Problems:
        """The problems of a build beside its notes."""
        starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for note in notes:
            starts[note.entry.path].append((note.entry.location.line, note.guid))
        for found in starts.values():
            found.sort()
        by_note: dict[str, list[Diagnostic]] = defaultdict(list)
        elsewhere: list[Diagnostic] = []
        for each in diagnostics:
            guid = _note_at(each.location, starts.get(each.location.path, ()))
            (by_note[guid] if guid else elsewhere).append(each)
        errors = [each for each in diagnostics if each.severity is Severity.ERROR]
        return cls(
            {guid: tuple(found) for guid, found in by_note.items()},
            tuple(elsewhere),
            frozenset(each.location.path for each in errors),
            any(each.code in _OF_ALL for each in errors),
        )

    def of(self, guid: str) -> tuple[Diagnostic, ...]:
        """The problems of a note."""
        return self.by_note.get(guid, ())

    def has_error(self, guid: str) -> bool:
        """Whether there is an error in a note."""
        return any(each.severity is Severity.ERROR for each in self.of(guid))

    def may_hide(self, path: str) -> bool:
        """Whether cards of a file may be gone because something is wrong, and not because their
        author took them out.
        """
        return self.is_all_broken or path in self.broken


def _note_at(place: Location, starts: Sequence[tuple[int, str]]) -> str | None:
    position = bisect_right(starts, (place.line, "\U0010ffff"))
    return starts[position - 1][1] if position else None
