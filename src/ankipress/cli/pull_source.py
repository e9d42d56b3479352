"""What `ankipress pull` is told to pull from → what that Anki holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ankipress.build.compilation import CompiledProject
from ankipress.cli.anki_connection import running_anki
from ankipress.cli.progress import waiting
from ankipress.importing.readers.deck_parts import part_of
from ankipress.importing.readers.source_error import SourceError
from ankipress.importing.readers.sources import SourceOptions, read_source
from ankipress.live.anki_contents import AnkiContents, LiveError
from ankipress.live.running.anki_connect import NoAnkiError
from ankipress.live.running.connected_contents import project_scope, read_running_anki
from ankipress.model import MediaContent
from ankipress.project.anki_folders import collection_at
from ankipress.project.location import shown_path

RUNNING = "anki"
# All notes of an Anki: the collection of a profile, or a backup of it.
_WHOLE = frozenset({".anki2", ".anki21", ".colpkg"})
_HELP = (
    "start Anki with the add-on AnkiConnect (2055492159), or close Anki and name the profile, as"
    ' in `ankipress pull "User 1"`, or give an export, as in `ankipress pull corrections.apkg`'
)


def contents_of(
    word: str,
    deck: str | None,
    found: CompiledProject,
) -> AnkiContents:
    """The notes of the running Anki, or of a file. Raises LiveError, SourceError and OSError."""
    if word == RUNNING and not Path(word).exists():
        return _running(deck, found)
    path = collection_at(word) or Path(word)
    label = shown_path(path)
    with waiting(f"Reading {label}", is_long=True):
        imported = read_source(path, SourceOptions(deck))
    read = partial(_media, imported.media)
    if imported.is_table:
        raise SourceError(f"{label} is a table, whose notes have no guids", _HELP)
    is_whole = deck is None and path.suffix.lower() in _WHOLE
    return AnkiContents(label, imported, read, is_whole)


def _media(media: Mapping[str, MediaContent], names: Sequence[str]) -> Mapping[str, MediaContent]:
    return {name: media[name] for name in names if name in media}


def _running(deck: str | None, found: CompiledProject) -> AnkiContents:
    try:
        anki = running_anki()
    except NoAnkiError as error:
        raise LiveError(error.code, str(error), _HELP) from error
    with waiting("Reading the notes in Anki", is_long=True):
        contents = read_running_anki(anki, project_scope(found.compiled))
    if deck is None:
        return contents
    part = part_of(contents.deck, deck, contents.label)
    return replace(contents, deck=part, is_whole=False)
