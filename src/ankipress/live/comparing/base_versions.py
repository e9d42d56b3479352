"""How a note was packed before it was edited: the base of a comparison of three versions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import (
    Collection,
    Mapping,
    Sequence,
)
from typing import Protocol

from ankipress.diff.packed_versions import (
    LockedVersion,
    PackedVersion,
    VersionKey,
)

_WORD = re.compile(r"\w+|[^\w\s]")


class VersionSource(Protocol):
    """Knows the versions in which notes were packed. It is asked only for notes that differ."""

    def locked(self, guids: Collection[str]) -> Mapping[str, Sequence[LockedVersion]]:
        """What locks say of notes, by guid, the oldest version first."""

    def packed(self, wanted: Collection[VersionKey]) -> Mapping[VersionKey, PackedVersion]:
        """The versions among those wanted that can be found."""


class NoVersions:
    """Knows none: as where a project is in no repository and was never built."""

    def locked(self, guids: Collection[str]) -> Mapping[str, Sequence[LockedVersion]]:
        """No version of any note."""
        return {}

    def packed(self, wanted: Collection[VersionKey]) -> Mapping[VersionKey, PackedVersion]:
        """None of them."""
        return {}


def candidates(versions: Sequence[LockedVersion], mod: int | None) -> Sequence[LockedVersion]:
    """The versions that a note may come from which changed last at a second `mod`, None where
    nobody knows.

    A note has at least the time of the version that it comes from. Older versions of Anki put the
    time of the import in its place, which is later.
    """
    if mod is None:
        return versions
    exact = [each for each in versions if each.mod == mod]
    if exact:
        return exact
    earlier = [each for each in versions if each.mod < mod]
    return earlier or versions


def likeliest(versions: Sequence[PackedVersion], there: Mapping[str, str]) -> PackedVersion:
    """The version, of some from the oldest to the newest, that has most words in common with what
    is in Anki; of two that are as near the newer one.
    """
    words_there = _words(there)
    best = versions[-1]
    least = None
    for each in reversed(versions):
        words = _words(each.fields)
        distance = (words - words_there).total() + (words_there - words).total()
        if least is None or distance < least:
            best, least = each, distance
    return best


def _words(fields: Mapping[str, str]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for name, value in fields.items():
        found.update((name, word) for word in _WORD.findall(value))
    return found
