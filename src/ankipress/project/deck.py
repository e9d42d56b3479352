"""The input of a build. No stage reads anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ankipress.diagnostics import Location
from ankipress.media.media_folder import MediaFolder
from ankipress.model import FileReading, Lock, Source, Tombstone
from ankipress.project.settings import Settings

_SETTINGS = Location("ankipress.toml")


@dataclass(frozen=True, slots=True)
class Project:
    """The input of a build. `selected` are the sources whose cards are packed, None for all.

    `theme_place`, `fonts_place` and `kind_place` are where the settings name the theme, the fonts
    and the kind of cards.
    `note_type_files` are the texts in `notetypes/`, by path. `base` is the lock of what learners
    have, None for the project's own. `reading` is how files without settings are read, None for the
    usual way. `tools` are the versions, by name, of what renders cards.
    """

    settings: Settings
    sources: Sequence[Source]
    lock: Lock
    media: MediaFolder
    selected: frozenset[str] | None = None
    theme_place: Location = _SETTINGS
    fonts_place: Location = _SETTINGS
    kind_place: Location = _SETTINGS
    note_type_files: Mapping[str, str] = field(default_factory=dict)
    base: Lock | None = None
    tombstones: tuple[Tombstone, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    reading: FileReading | None = None
