"""What a pull is asked for, and what it has found out before it writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ankipress.live.anki_contents import AnkiContents
from ankipress.live.note_differences import AnkiDifferences
from ankipress.live.pulled.pulled_files import PulledProject
from ankipress.live.pulled.taken_notes import Taken


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What was asked for on the command line."""

    source: str
    project: Path | None
    deck: str | None
    always: str | None
    base: Path | None
    is_dry: bool = False
    agrees: bool = False
    branch: str | None = None
    commits_each: bool = False


@dataclass(frozen=True, slots=True)
class PullOutcome:
    """What an Anki holds, what differs from the project, what is taken of it, and what becomes of
    that.
    """

    contents: AnkiContents
    differences: AnkiDifferences
    taken: Taken
    pulled: PulledProject

    @property
    def is_left(self) -> bool:
        """Whether something was edited in Anki that is not taken."""
        return bool(self.pulled.unwritten or self.taken.left)
