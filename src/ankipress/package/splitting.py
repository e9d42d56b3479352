"""One package for the project, or one for each top-level deck."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ankipress.identity.ids import content_digest
from ankipress.model import Package, PackedNote
from ankipress.project.settings import is_name

_WORD = re.compile(r"[\w.-]+")


class DeckPackage(NamedTuple):
    """A top-level deck and its package."""

    deck: str
    package: Package


def split(package: Package) -> tuple[DeckPackage, ...]:
    """A package for each top-level deck, in the order of the decks.

    Each has the note types and media that it needs. A shared note type has the same id, name and
    mod everywhere. As in Anki, names that differ in case are one deck.
    """
    groups: dict[str, list[PackedNote]] = defaultdict(list)
    for note in package.notes:
        groups[top_deck(note.deck).casefold()].append(note)
    decks = {}
    for key in sorted(groups):
        first = groups[key][0]
        decks[key] = top_deck(first.deck)
    stems = _stems(package.name, decks)
    packages = []
    for key, deck in decks.items():
        part = _part(package, stems[key], groups[key])
        packages.append(DeckPackage(deck, part))
    return tuple(packages)


def top_deck(deck: str) -> str:
    """The deck above all others that a deck stands in."""
    return deck.partition("::")[0]


def _part(package: Package, name: str, notes: Sequence[PackedNote]) -> Package:
    used = {note.note_type for note in notes}
    types = tuple(each for each in package.note_types if each.key in used)
    words: set[str] = set()
    for note in notes:
        for field in note.fields:
            words.update(_WORD.findall(field))
    for note_type in types:
        for text in note_type.texts:
            words.update(_WORD.findall(text))
    media = tuple(each for each in package.media if _may_be_used(each.name, words))
    return replace(package, name=name, notes=tuple(notes), note_types=types, media=media)


def _may_be_used(name: str, words: set[str]) -> bool:
    """Whether texts with these words may refer to a file of this name."""
    # Only another tool gives a file a name of several words, and its scripts may ask for one that
    # begins with `_`. One file too many does no harm.
    is_foreign = name.startswith("_") and not name.startswith("_ankipress-")
    return name in words or is_foreign or not _WORD.fullmatch(name)


def _stems(project: str, decks: Mapping[str, str]) -> dict[str, str]:
    """The names of the packages by deck.

    A name depends on the other decks only where two decks would have the same one.
    """
    stems = {key: _stem(project, deck) for key, deck in decks.items()}
    counts = Counter(stem.casefold() for stem in stems.values())
    for key, stem in stems.items():
        if counts[stem.casefold()] > 1:
            stems[key] = _with_digest(stem, key)
    return stems


def _stem(project: str, deck: str) -> str:
    words = re.sub(r"[^\w.-]+", "-", deck).strip("-._")
    stem = f"{project}-{words}"[:80].rstrip("-._")
    if words and is_name(stem):
        return stem
    return _with_digest(project, deck)


def _with_digest(name: str, deck: str) -> str:
    return f"{name[:75]}-{content_digest(deck)[:4]}"
