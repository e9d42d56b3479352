"""The files of tombstones: what retired notes show, kept in a folder of the project when their
cards went.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ankipress.media.media_folder import MediaFolder, Refusal
from ankipress.model import MediaFile, Tombstone

KEPT_FOLDER = "retired"


def kept_path(name: str) -> str:
    """Where the file of a tombstone is kept, by the name that Anki knows it by."""
    return f"{KEPT_FOLDER}/{name}"


def kept_media(
    files: Sequence[MediaFile], tombstones: Iterable[Tombstone], folder: MediaFolder
) -> tuple[MediaFile, ...]:
    """The files of the cards, and those of tombstones that are kept, sorted by name.

    One that is not there is left out: whoever has the card has its pictures, but for those who
    skipped a version.
    """
    found = {each.name: each for each in files}
    for name in sorted({name for each in tombstones for name in each.media} - found.keys()):
        content = folder.find(kept_path(name))
        if not isinstance(content, Refusal):
            found[name] = MediaFile(name, content)
    return tuple(found[name] for name in sorted(found))
