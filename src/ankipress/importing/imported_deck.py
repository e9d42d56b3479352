"""A deck as it comes from elsewhere: what every reader of a source gives.

All is as it was there: a field is its HTML, a note type has every key that Anki keeps of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ankipress.model import MediaContent


@dataclass(frozen=True, slots=True)
class ImportedTemplate:
    """A card template. `settings` are all other keys that Anki's JSON (schema 11) has for it, such
    as `id`, `bqfmt` or `did`, but for `ord`.
    """

    name: str
    front: str
    back: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedField:
    """A field of a note type. `settings` are all other keys that Anki's JSON has for it, such as
    `id` or `font`, but for `ord`.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportedType:
    """A note type. `mod` is the second of its last change. `settings` are all keys that Anki's JSON
    has for it beside those that are here, such as `sortf` or `latexPre`.

    `id` is None where the source does not tell which one learners have.
    """

    id: int | None
    name: str
    mod: int
    cloze: bool
    fields: tuple[ImportedField, ...]
    templates: tuple[ImportedTemplate, ...]
    css: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields, in order."""
        return tuple(each.name for each in self.fields)


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note: fields in the order of its note type, `note_type` its place in those of the deck.

    `guid` is empty where the source has none; `note_id` and `mod` are None there. `ords` are those
    of its cards, from 0, and None where the source does not tell. `deck` is that of its first card,
    empty for a note without cards. A note `is_draft` if learners have it and Anki cannot tell it
    from another one: its card is written, and packed only once its author says so.
    """

    guid: str
    note_id: int | None
    mod: int | None
    note_type: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    deck: str
    ords: tuple[int, ...] | None = None
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class ImportedDeck:
    """All of a source, notes in the order in which a learner meets them.

    `media` are the files by the names that Anki has for them; `missing` are those that the source
    names and does not hold. `descriptions` are those of decks, by name. `updates_learners` is false
    where each learner has note types with ids of their own, so that no package can update their
    notes. `left` says what a package cannot carry, each as a phrase such as `3 suspended cards`.
    `warnings` are lines on what was wrong with the source and what became of it. `is_table` tells
    that it was a table, whose columns a user may name.
    """

    name: str
    note_types: tuple[ImportedType, ...]
    notes: tuple[ImportedNote, ...]
    media: Mapping[str, MediaContent] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)
    updates_learners: bool = True
    left: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_table: bool = False
