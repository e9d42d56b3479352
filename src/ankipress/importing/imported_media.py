"""The media of an imported deck, as the files of the project that it becomes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from ankipress.identity.lock import is_media_name
from ankipress.importing.imported_deck import ImportedDeck
from ankipress.media.media_folder import LARGEST, Refusal
from ankipress.media.own_names import ABSENT, MEDIA, name_in_folder
from ankipress.model import MediaContent


class ImportedMedia:
    """Files in the folder `media/`, by their names, before they are written there."""

    def __init__(self, files: Mapping[str, MediaContent]) -> None:
        self._files = files

    def find(self, path: str) -> MediaContent | Refusal:
        """The content of a file."""
        folder, _, name = path.partition("/")
        content = self._files.get(name)
        if folder != MEDIA or content is None:
            return Refusal.MISSING
        if content.size > LARGEST:
            return Refusal.TOO_LARGE
        return content

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return path == MEDIA or path.removeprefix(f"{MEDIA}/") in self._files

    def inside(self, path: str) -> str | None:
        """A path as one inside the project; None where it leads out."""
        normal = posixpath.normpath(path)
        if normal.startswith("../"):
            return None
        return normal

    def names(self) -> Sequence[str]:
        """All files, sorted."""
        return sorted(f"{MEDIA}/{name}" for name in self._files)


def media_of_learners(deck: ImportedDeck) -> dict[str, str]:
    """What a lock says of the media of a deck: digests by name. Those that the deck does not hold
    are absent, by their names alone where fields have them in folders, which Anki does not know.
    """
    media = {name: each.digest for name, each in deck.media.items()}
    for name in map(name_in_folder, deck.missing):
        if is_media_name(name):
            media.setdefault(name, ABSENT)
    return media


def media_by_path(media: Mapping[str, MediaContent]) -> Iterator[tuple[str, MediaContent]]:
    """Files of media, given by their names, by their paths in a project."""
    for name, content in sorted(media.items()):
        yield f"{MEDIA}/{name}", content
