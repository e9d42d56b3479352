"""What an Anki holds at one moment: a running one, a collection, or a package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ankipress.importing.imported_deck import ImportedDeck
from ankipress.model import MediaContent

ReadMedia = Callable[[Sequence[str]], Mapping[str, MediaContent]]
"""Gives the files with some names, as far as there are such. May raise OSError, and LiveError of a
running Anki.
"""


@dataclass(frozen=True, slots=True)
class AnkiContents:
    """The notes of an Anki that may concern a project.

    `label` names it in messages, such as `Anki` or `export.apkg`. `is_whole` tells that a note of
    the project that is not among them is not there at all; a package may hold a part. A note whose
    cards are in a filtered deck has the deck that they come from.
    """

    label: str
    deck: ImportedDeck
    read_media: ReadMedia
    is_whole: bool


class LiveError(Exception):
    """Anki cannot be asked, or refuses; `code` and `help` are those of its diagnostic."""

    def __init__(self, code: str, message: str, help: str) -> None:
        super().__init__(message)
        self.code = code
        self.help = help
