"""Where Anki keeps the collections of a user."""

from __future__ import annotations

import os
from pathlib import Path

_COLLECTION = "collection.anki2"


def collection_at(word: str) -> Path | None:
    """The collection that a path means, that of a file or of its folder, or else the name of a
    profile. None where there is none.
    """
    path = Path(word)
    for each in (path, path / _COLLECTION):
        if each.is_file():
            return each
    if path.exists() or path.name != word:
        return None
    profile = _base_folder() / word / _COLLECTION
    if profile.is_file():
        return profile
    return None


def _base_folder() -> Path:
    """The folder in which Anki has a folder for each profile."""
    if base := os.environ.get("ANKI_BASE"):
        return Path(base)
    from platformdirs import user_data_path  # noqa: PLC0415 - takes a while

    return user_data_path("Anki2", appauthor=False, roaming=True)
