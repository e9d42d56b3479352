"""Files that learners have under the very names that they have in the project.

They came with a deck from elsewhere, and the lock has their SHA-256. One that is unchanged keeps
its name, so that fields name it as ever; another one gets a name that changes with its content.
"""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ankipress.model import MediaContent, MediaFile

NO_NAMES: Mapping[str, str] = MappingProxyType({})
"""Those of a project that did not come from elsewhere."""
ABSENT = ""
"""In place of a digest: the deck that was imported named this file, and did not hold it."""
MEDIA = "media"
"""The folder of a project in which an import puts the files of a deck."""


def name_in_folder(path: str) -> str:
    """The name of a file as Anki spells it."""
    return unicodedata.normalize("NFC", posixpath.basename(path))


def is_own(path: str, content: MediaContent, learners: Mapping[str, str]) -> bool:
    """Whether learners have this content under this name, or had none when the deck was imported.
    `learners` are their files: digests by name.
    """
    return learners.get(name_in_folder(path)) in {content.digest, ABSENT}


def with_found(learners: Mapping[str, str], files: Iterable[MediaFile]) -> Mapping[str, str]:
    """The files of learners with the digests of those that were absent, and are packed now."""
    found = {each.name: each.content.digest for each in files if learners.get(each.name) == ABSENT}
    return {**learners, **found}
