"""The problems of a build, grouped by the note that they stand in."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location, Severity, has_errors
from ankipress.model import Note

# Errors in what all cards depend on: with them any card may be gone.
_BREAKS_ALL = frozenset({"bad-extension", "bad-lock", "bad-settings", "cannot-read", "no-sources"})


@dataclass(frozen=True, slots=True)
class Problems:
    """Problems by the guid of their note, and those `elsewhere`.

    `broken` are the files with an error.
    """

    by_note: Mapping[str, tuple[Diagnostic, ...]]
    elsewhere: tuple[Diagnostic, ...]
    broken: frozenset[str]
    is_all_broken: bool

    def in_note(self, guid: str) -> tuple[Diagnostic, ...]:
        """The problems of a note."""
        return self.by_note.get(guid, ())

    def has_error(self, guid: str) -> bool:
        """Whether there is an error in a note."""
        return has_errors(self.in_note(guid))

    def may_hide(self, path: str) -> bool:
        """Whether an error may be why cards of a file are gone."""
        return self.is_all_broken or path in self.broken


def group_problems(notes: Iterable[Note], diagnostics: Collection[Diagnostic]) -> Problems:
    """Give each problem to the last note that begins before it in its file."""
    starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for note in notes:
        starts[note.entry.path].append((note.entry.location.line, note.guid))
    for found in starts.values():
        found.sort()
    by_note: dict[str, tuple[Diagnostic, ...]] = defaultdict(tuple)
    for each in diagnostics:
        by_note[_note_at(each.location, starts[each.location.path])] += (each,)
    errors = [each for each in diagnostics if each.severity is Severity.ERROR]
    return Problems(
        elsewhere=by_note.pop("", ()),
        by_note=by_note,
        broken=frozenset(each.location.path for each in errors),
        is_all_broken=any(each.code in _BREAKS_ALL for each in errors),
    )


def _note_at(location: Location, starts: Sequence[tuple[int, str]]) -> str:
    """The guid of the note at a place, empty above all notes."""
    # Notes of one line, such as rows of a table, share it: the last one takes the problem.
    position = bisect_right(starts, location.line, key=lambda start: start[0])
    if position == 0:
        return ""
    return starts[position - 1][1]
