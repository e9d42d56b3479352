"""Cards with errors of their own that were never packed: an ordinary build leaves them out.

Who tries ankipress on notes of years has a picture missing in one of them, and wants the other
cards. The errors become warnings, and the build counts the cards. A card that learners have is
never left out, and what gates a release (`check`, `build --locked`, `release`) stops at each error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ankipress.build.pipeline import Compiled
from ankipress.diagnostics import Diagnostic, Location, Severity, has_errors
from ankipress.model import Note, State

ERRORS_OF_ONE_CARD = frozenset(
    {
        "bad-choices",
        "bad-media",
        "bad-svg",
        "control-character",
        "empty-question",
        "media-outside",
        "media-too-large",
        "missing-media",
    }
)
"""What may be wrong with a card that was not written for ankipress, and hides nothing of another.

A word in braces that means nothing was written for ankipress, and still stops the build.
"""

ERRORS_OF_ONE_FILE = frozenset({"bad-deck", "bad-front-matter", "unclosed-fence"})
"""What may be wrong with a file that was not written for ankipress, and loses no card of it."""

Problems = Callable[[Compiled], list[Diagnostic]]
"""All problems of a project, given its compiled deck."""


def without_broken_cards(
    compiled: Compiled,
    problems_of: Problems,
    compile_without: Callable[[frozenset[Location]], Compiled],
    severity: Mapping[str, str],
) -> tuple[Compiled, list[Diagnostic]]:
    """The deck without the cards whose errors stop it, and its problems; the deck as it is where an
    error is none of a card that was never packed, or where no card would be left.
    """
    problems = problems_of(compiled)
    errors = [each for each in problems if each.severity is Severity.ERROR]
    if any(each.code in severity for each in errors):
        return compiled, problems
    lines = _Lines(compiled)
    of_cards = [each for each in errors if not lines.is_harmless(each)]
    broken = _broken(lines, of_cards)
    # Where a note is retired, its card may be what is on no card now.
    is_unclear = len(of_cards) < len(errors) and bool(compiled.stamped.retired)
    if broken is None or is_unclear:
        return compiled, problems
    rest = compiled
    if broken:
        rest = compile_without(broken)
    told = set(errors)
    others = [each for each in problems_of(rest) if each not in told]
    if has_errors(others) or not rest.package.notes:
        return compiled, problems
    harmless = [replace(each, level=Severity.WARNING) for each in errors if each not in of_cards]
    return rest, [*others, *harmless, *map(_warning, of_cards)]


def _broken(lines: _Lines, errors: Iterable[Diagnostic]) -> frozenset[Location] | None:
    """The places of the cards that have the errors; None if some error is not of such a card."""
    broken: set[Location] = set()
    for error in errors:
        notes = lines.notes_at(error.location)
        is_of_a_card = error.code in ERRORS_OF_ONE_CARD and bool(notes)
        if not is_of_a_card or any(map(_is_in_deck, notes)):
            return None
        broken.update(each.entry.location for each in notes)
    return frozenset(broken)


def _is_in_deck(note: Note) -> bool:
    record = note.record
    return record is not None and bool(record.digest) and record.state is State.ACTIVE


class _Lines:
    """What the lines of a project's files belong to."""

    def __init__(self, compiled: Compiled) -> None:
        self._documents = {each.path: each for each in compiled.documents}
        self._notes: dict[str, list[Note]] = {}
        for note in compiled.notes:
            self._notes.setdefault(note.entry.path, []).append(note)

    def notes_at(self, place: Location) -> list[Note]:
        """The note of a row that a place is in, or all notes of the section."""
        notes = self._notes.get(place.path, [])
        rows = [each for each in notes if each.entry.location.line == place.line]
        span = self._section_at(place)
        return rows or [each for each in notes if each.entry.location.line in span]

    def _section_at(self, place: Location) -> range:
        """The lines of the section that a place is in, from 1."""
        document = self._documents.get(place.path)
        if document is not None:
            for section in document.sections:
                span = range(section.line + 1, section.end + 1)
                if place.line in span:
                    return span
        return range(0)

    def is_harmless(self, error: Diagnostic) -> bool:
        """Whether an error takes nothing from learners: of a text between cards, or of a file no
        card of which was packed.
        """
        if error.code not in ERRORS_OF_ONE_FILE:
            return self.is_on_no_card(error)
        if error.code == "unclosed-fence" and self._has_heading_below(error.location):
            return False
        return not any(map(_is_in_deck, self._notes.get(error.location.path, [])))

    def _has_heading_below(self, place: Location) -> bool:
        """Whether what never ends may hold other cards."""
        document = self._documents[place.path]
        return any(line.startswith("#") for line in document.lines[place.line :])

    def is_on_no_card(self, error: Diagnostic) -> bool:
        """Whether an error is of a text between cards, which is in no package."""
        if error.code == "higher-question":
            return True
        document = self._documents.get(error.location.path)
        if error.code != "control-character" or document is None:
            return False
        number = error.location.line - 1
        if number < document.first_line or self._section_at(error.location):
            return False
        return not any(each.start <= number < each.end for each in document.headings)


def _warning(error: Diagnostic) -> Diagnostic:
    message = f"{error.message}, so this card is left out"
    return replace(error, message=message, level=Severity.WARNING)
