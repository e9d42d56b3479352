"""A compiled deck → the files of its CrowdAnki folders, one for each top-level deck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ankipress.build.cards import NoMemory
from ankipress.build.pipeline import Compiled, collection_template
from ankipress.model import MediaFile, Package
from ankipress.package.crowdanki_export import KnownDeck, make_deck_json, read_known
from ankipress.package.splitting import split
from ankipress.project.atomic import Writer, digest
from ankipress.project.door import LARGEST_TEXT, is_named_inside, read_file
from ankipress.project.media_files import copy_content
from ankipress.project.workspace import Workspace


class NotCrowdAnkiError(Exception):
    """A `deck.json` that is not one of CrowdAnki's."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(reason)
        self.path = path


@dataclass(slots=True)
class CrowdAnkiFiles:
    """The contents of the files, media first, the digests of those that were there and read, and
    the number of notes by folder.
    """

    contents: dict[Path, bytes | Writer] = field(default_factory=dict)
    as_read: dict[Path, str] = field(default_factory=dict)
    notes: dict[Path, int] = field(default_factory=dict)


def crowdanki_files(
    workspace: Workspace,
    compiled: Compiled,
    folder: Path,
) -> CrowdAnkiFiles:
    """The files for a folder, or for one in it for each top-level deck if there are several.

    Decks, presets and note types keep their uuids in a `deck.json` that is there. Raises OSError
    and NotCrowdAnkiError where it cannot be read.
    """
    files = CrowdAnkiFiles()
    parts = [each.package for each in split(compiled.package)]
    parts = [each for each in parts if any(note.ords for note in each.notes)]
    for part in parts:
        own_folder = folder
        if len(parts) > 1:
            own_folder = folder / part.name
        _add(files, own_folder, part, workspace, str(compiled.stamped.lock.uid))
    return files


def media_contents(folder: Path, media: Iterable[MediaFile]) -> Mapping[Path, Writer]:
    """What is written into a folder for some media files."""
    return {folder / each.name: partial(copy_content, each.content) for each in media}


def _add(
    files: CrowdAnkiFiles,
    folder: Path,
    package: Package,
    workspace: Workspace,
    uid: str,
) -> None:
    """Add the files of a folder."""
    path = folder / "deck.json"
    content = _content(path, workspace.root)
    known = _known(path, content)
    models = collection_template(package, NoMemory()).note_types
    text = make_deck_json(package, models, uid, known)
    # It names the others, so it comes after them.
    files.contents |= media_contents(folder / "media", package.media)
    files.contents[path] = text.encode()
    files.as_read[path] = digest(content)
    files.notes[folder] = sum(bool(note.ords) for note in package.notes)


def _content(path: Path, root: Path) -> bytes | None:
    """What is in a file, None where it is not there."""
    if not is_named_inside(path, root):
        root = path.parent  # the user's own word
    try:
        return read_file(path, root, LARGEST_TEXT)
    except FileNotFoundError:
        return None


def _known(path: Path, content: bytes | None) -> KnownDeck | None:
    if content is None:
        return None
    try:
        return read_known(content)
    except ValueError as error:
        raise NotCrowdAnkiError(path, str(error)) from None
