"""The files of tombstones: pictures and sounds of retired notes, in a folder of the project."""

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
    """The files of the cards and of tombstones, sorted by name.

    A file of a tombstone that is missing is left out: learners who have the card have its files.
    """
    by_name = {each.name: each for each in files}
    names = {name for each in tombstones for name in each.media}
    for name in sorted(names - by_name.keys()):
        content = folder.find(kept_path(name))
        if not isinstance(content, Refusal):
            by_name[name] = MediaFile(name, content)
    return tuple(by_name[name] for name in sorted(by_name))
