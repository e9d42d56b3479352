"""The tags of a note in three versions. Anki takes tags that differ in case for one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Tags that Anki, other tools and ankipress itself put on notes of learners.
_OF_TOOLS = re.compile(
    r"leech|marked|missing-media|(?:ankihub|ankicollab)_.*|(?:changed|retired)::.*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TagEdits:
    """Tags that were added and taken off in Anki and that the card must still be given, or lose.
    `is_here` tells that the tags were edited here.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    is_here: bool = False

    @property
    def is_there(self) -> bool:
        """Whether something changes here."""
        return bool(self.added or self.removed)


def shared_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags of a note that are its author's, without those that tools use for themselves."""
    return tuple(each for each in tags if not _OF_TOOLS.fullmatch(each))


def same_tags(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two notes have the same tags of an author's."""
    return _by_name(one).keys() == _by_name(other).keys()


def merge_tags(
    base: Sequence[str],
    here: Sequence[str],
    there: Sequence[str],
) -> TagEdits:
    """Merge tags: whatever either side added or took off is so."""
    before = _by_name(base)
    now = _by_name(here)
    edited = _by_name(there)
    added = [edited[name] for name in edited if name not in before and name not in now]
    removed = [now[name] for name in now if name in before and name not in edited]
    return TagEdits(tuple(added), tuple(removed), is_here=before.keys() != now.keys())


def _by_name(tags: Iterable[str]) -> dict[str, str]:
    """Tags by what Anki knows them by."""
    return {_name(each): each for each in shared_tags(tags)}


def _name(tag: str) -> str:
    return unicodedata.normalize("NFC", tag).casefold()
