"""What media needs of the files of a project, and what those files are called in Anki."""

from __future__ import annotations

import enum
import posixpath
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # A build in which nothing changed looks for files, and needs no other type.
    from ankipress.model import MediaContent

LARGEST = 100 * 1024 * 1024
"""Bytes; AnkiWeb syncs no larger file."""


class Refusal(enum.Enum):
    """Why a file is not read."""

    MISSING = enum.auto()
    OUTSIDE = enum.auto()
    TOO_LARGE = enum.auto()
    UNREADABLE = enum.auto()
    CHANGING = enum.auto()


class MediaFolder(Protocol):
    """The files of a project, as far as media needs them. Paths are relative to the project, with
    `/`.
    """

    def find(self, path: str) -> MediaContent | Refusal:
        """The content of a file inside the project, links followed, or why there is none.

        Upper and lower case count. Composed and decomposed letters are the same, since systems
        store either.
        """

    def has(self, path: str) -> bool:
        """Whether there is a file or folder inside the project that is spelled so."""

    def inside(self, path: str) -> str | None:
        """A path as one inside the project; None where it leads out.

        It may lead out of the project and back: `../deck/a.png` is `a.png` where the project is the
        folder `deck`.
        """

    def names(self) -> Sequence[str]:
        """The files of the project that could be media, sorted. A wrong reference may mean one."""


def ending(path: str) -> str:
    """The text after the last dot of a path, in lower case."""
    _, extension = posixpath.splitext(path)
    return extension.removeprefix(".").lower()


def media_name(path: str, content: MediaContent) -> str:
    """The name under which Anki stores a file: readable, safe on every system, and different for
    different content.
    """
    stem, dotted = posixpath.splitext(posixpath.basename(path))
    return f"{readable(stem) or 'media'}-{content.digest[:16]}{dotted.lower()}"


def static_name(path: str, content: MediaContent, unnamed: str = "media") -> str:
    """The name under which Anki stores a file that no field names.

    Anki imports such a file only if its name begins with `_`, and never replaces one that is there.
    So the name changes with the content. `unnamed` stands for a name that has no plain letter.
    """
    stem, dotted = posixpath.splitext(posixpath.basename(path))
    return f"_ankipress-{readable(stem) or unnamed}-{content.digest[:16]}{dotted.lower()}"


def readable(text: str) -> str:
    """A text as a part of a file's name: at most 40 of `a-z0-9-`, perhaps none."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = decomposed.encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:40].strip("-")
