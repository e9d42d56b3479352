"""Which notes a running Anki has as they are shown: what the preview asks, and what it is told.

The preview knows no Anki itself: it is given a board.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ankipress.build.compilation import CompiledProject  # imports every stage


_LONGEST = 1_000  # characters
_MOST_LINES = 200


class NoteState(enum.Enum):
    """How a note in Anki compares with the one that is shown."""

    SAME = "same"  # there as shown
    DIFFERS = "differs"  # edited here since Anki got it
    EDITED = "edited"  # edited there, perhaps here too
    ABSENT = "absent"  # not there


class AnkiRefusalError(Exception):
    """Anki does not answer, or refuses; `help` says what to do, and `lines` what else there is to
    know, such as the notes that it is about. What is too long for a page is cut short.
    """

    def __init__(self, message: str, help: str, lines: Sequence[str] = ()) -> None:
        super().__init__(message[:_LONGEST])
        self.help = help[:_LONGEST]
        self.lines = tuple(line[:_LONGEST] for line in lines[:_MOST_LINES])


class AnkiReading(Protocol):
    """What an Anki had when it was read."""

    @property
    def label(self) -> str:
        """Its name in messages, such as `Anki`."""
        ...

    def states(self, found: CompiledProject) -> Mapping[str, NoteState]:
        """The state of each note of a project by its guid. It asks Anki nothing."""
        ...


class SendingPlan(Protocol):
    """What would happen if a project were sent to Anki."""

    @property
    def lines(self) -> Sequence[str]:
        """What would happen, a line for each thing; none where nothing would."""
        ...

    def send(self) -> Sequence[str]:
        """Do it, and tell in lines what happened. Raises AnkiRefusalError."""
        ...


class AnkiBoard(Protocol):
    """A running Anki, as far as the preview needs it. Each method may take seconds."""

    def read(self, found: CompiledProject) -> AnkiReading:
        """Ask Anki for what it has of a project. Raises AnkiRefusalError."""
        ...

    def plan(self, found: CompiledProject) -> SendingPlan:
        """What sending a project would do. Raises AnkiRefusalError where edits there would be
        lost, or nothing can be sent.
        """
        ...


@dataclass(frozen=True, slots=True)
class AskedAnki:
    """What was asked of Anki last. `reading` is what it had when it answered last, at `time`,
    None where it never did; `refusal` and `help` say why it does not answer now.
    """

    reading: AnkiReading | None = None
    time: int = 0
    refusal: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """How the notes that are shown compare with those that Anki had at a time, by their guids."""

    asked: AskedAnki
    states: Mapping[str, NoteState] = field(default_factory=dict)
