"""What packages are pushed into: a running Anki, or a collection while Anki is closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ankipress.diff.edition import Edition
from ankipress.live.anki_contents import AnkiContents

ImportLog = Mapping[str, Collection[str]]
"""The guids of notes by each of the words that Anki has for what it did with them."""


class PushTarget(Protocol):
    """An Anki that takes packages. Each of its functions may raise LiveError, and OSError for files
    beside it. Reviews stay, whatever is done but `delete`.
    """

    @property
    def label(self) -> str:
        """How messages name it."""

    @property
    def to_do(self) -> str:
        """What the user has to do there before the last import is done; empty for nothing."""

    def contents(self, edition: Edition) -> AnkiContents:
        """What it holds, as far as an edition is concerned."""

    def files_there(self, names: Collection[str]) -> Collection[str]:
        """Those of some names of media that it has files for."""

    def back_up(self, decks: Sequence[str]) -> str:
        """Back it up as far as these decks are concerned, and say where the backup is; empty where
        nothing is there yet.
        """

    def import_package(self, path: Path) -> ImportLog | None:
        """Import a package with options that keep reviews, and give what Anki says of it; None
        where it says nothing.
        """

    def remarks(self) -> Sequence[str]:
        """What the user has to know after an import, a line each."""

    def add_tags(self, tags: Mapping[str, Sequence[str]]) -> None:
        """Give some notes tags that they had before, by guid."""

    def suspend(self, guids: Iterable[str]) -> None:
        """Suspend the cards of some notes."""

    def delete(self, guids: Iterable[str]) -> None:
        """Delete some notes, with their cards and reviews."""

    def close(self) -> None:
        """Let it go."""


def guids_by_tags(tags: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """The guids of the notes that get the same tags, by these tags with spaces between: Anki adds
    them to all of these notes in one step.
    """
    guids: dict[str, list[str]] = {}
    for guid, names in tags.items():
        guids.setdefault(" ".join(names), []).append(guid)
    return guids
