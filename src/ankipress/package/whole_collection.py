"""All of a package or of a profile's collection, for who takes the deck over from there.

Notes that no Anki could show are left out, and it is said which: here nobody else has the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Set as AbstractSet
from typing import BinaryIO, NamedTuple

from ankipress.package.left_behind import LeftBehind
from ankipress.package.package_reading import (
    SQLITE,
    BadNoteError,
    FoundNote,
    PackageContents,
    StoredCollection,
    open_collection,
)
from ankipress.package.unpacking import (
    LARGEST_COLLECTION,
    FoundFile,
    PackageError,
    opened_package,
)


class WholeCollection(NamedTuple):
    """What a source holds, what there is of its learner, and which notes or cards of notes were
    left out, with the reason.
    """

    contents: PackageContents
    left: LeftBehind
    bad_notes: tuple[str, ...]


def read_whole(file: BinaryIO, deck: str | None = None) -> WholeCollection:
    """A package, or the database of a collection, or of these what is in a deck and below it.

    There are no notes where no deck has that name. Raises PackageError.
    """
    database, media = _read(file)
    with open_collection(database) as connection:
        stored = StoredCollection(connection, len(database))
        if deck is not None:
            stored.choose(_below(deck, stored))
        notes: list[FoundNote] = []
        bad: list[str] = []
        for row in stored.rows():
            known = stored.with_known_cards(row)
            if known != row:
                bad.append(f"the note {row[0]} has cards that its note type has not: without them")
            try:
                notes.append(stored.note(known))
            except BadNoteError as error:
                bad.append(f"{error}: it is left out")
        contents = PackageContents(tuple(notes), stored.descriptions, media)
        return WholeCollection(contents, stored.left_behind(), tuple(bad))


def is_below(deck: str, name: str) -> bool:
    """Whether a deck is the one of a name, or below it. Case does not count, as in Anki."""
    one, other = _key(deck), _key(name)
    return one == other or one.startswith(f"{other}::")


def _below(name: str, stored: StoredCollection) -> AbstractSet[int]:
    return {id for id, deck in stored.decks.items() if is_below(deck.name, name)}


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _read(file: BinaryIO) -> tuple[bytes, dict[str, FoundFile]]:
    start = file.read(len(SQLITE))
    file.seek(0)
    if start == SQLITE:
        database = file.read(LARGEST_COLLECTION + 1)
        if len(database) > LARGEST_COLLECTION:
            raise PackageError("its database is too large")
        return database, {}
    with opened_package(file) as package:
        media = dict(package.media())
        return package.collection(), media
