"""One package for the project, or one for each top-level deck."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.identity.ids import content_digest
from ankipress.model import MediaFile, Package, PackedNote
from ankipress.project.settings import is_name

_WORD = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A package of one top-level deck."""

    deck: str
    package: Package


def split(package: Package) -> tuple[Part, ...]:
    """A package for each top-level deck, in the order of the decks, each with the note types and
    media that it needs.

    Note types are shared: with the same id, name and mod in each. Anki takes names of decks that
    differ in case for one deck.
    """
    groups: dict[str, list[PackedNote]] = {}
    names: dict[str, str] = {}
    for note in package.notes:
        top = top_deck(note.deck)
        names.setdefault(top.casefold(), top)
        groups.setdefault(top.casefold(), []).append(note)
    stems = _stems(package.name, names)
    return tuple(
        Part(names[key], _part(package, stems[key], notes)) for key, notes in sorted(groups.items())
    )


def top_deck(deck: str) -> str:
    """The deck above all others that a deck stands in."""
    return deck.partition("::")[0]


def _part(package: Package, name: str, notes: Sequence[PackedNote]) -> Package:
    used = {note.note_type for note in notes}
    types = tuple(each for each in package.note_types if each.key in used)
    shown = {word for note in notes for field in note.fields for word in _WORD.findall(field)}
    shown |= {word for each in types for word in _WORD.findall(each.css)}
    media = tuple(each for each in package.media if _is_shown(each, shown))
    return replace(package, name=name, notes=tuple(notes), note_types=types, media=media)


def _is_shown(file: MediaFile, words: set[str]) -> bool:
    # A file may have a name of several words only where another tool named it; to pack one too many
    # loses nothing.
    return file.name in words or not _WORD.fullmatch(file.name)


def _stems(project: str, decks: Mapping[str, str]) -> dict[str, str]:
    """The names of the packages. A deck keeps its own whatever others come: only those that would
    share one get a mark.
    """
    stems = {key: _stem(project, deck) for key, deck in decks.items()}
    counts = Counter(stem.casefold() for stem in stems.values())
    return {
        key: stem if counts[stem.casefold()] == 1 else f"{stem[:75]}-{content_digest(key)[:4]}"
        for key, stem in stems.items()
    }


def _stem(project: str, deck: str) -> str:
    words = re.sub(r"[^\w.-]+", "-", deck).strip("-._")
    stem = f"{project}-{words}"[:80].rstrip("-._")
    return stem if words and is_name(stem) else f"{project[:75]}-{content_digest(deck)[:4]}"
