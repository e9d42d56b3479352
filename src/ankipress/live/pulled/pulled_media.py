"""The files that fields of Anki show and the project does not have yet: where each of them goes."""

from __future__ import annotations

import html
import posixpath
from collections.abc import (
    Collection,
    Iterable,
    Mapping,
)
from dataclasses import dataclass, field
from itertools import count

from ankipress.build.pipeline import Compiled
from ankipress.identity.lock import is_media_name
from ankipress.importing.readers.named_media import media_in_html
from ankipress.live.anki_contents import ReadMedia
from ankipress.media.media_folder import (
    LARGEST,
    MediaFolder,
    Refusal,
    media_name,
)
from ankipress.media.own_names import MEDIA
from ankipress.model import MediaContent
from ankipress.project.deck import Project


@dataclass(frozen=True, slots=True)
class PulledMedia:
    """The files that come from Anki, by their names in the folder `media/`.

    `names` are those of files that are called otherwise here, by the names that Anki has for them.
    `refused` says of other files why they cannot come, each as a clause.
    """

    files: Mapping[str, MediaContent] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    def refusal_of(self, fields: Iterable[str]) -> str:
        """Why some fields cannot be shown here, empty where they can."""
        reasons = [self.refused[name] for name in media_in_html(fields) if name in self.refused]
        return "; ".join(reasons)

    def renamed(self, text: str) -> str:
        """A field with its files called as they are here."""
        for there, here in self.names.items():
            for name in {there, html.escape(there)}:
                text = text.replace(f'"{name}"', f'"{html.escape(here)}"')
                text = text.replace(f"[sound:{name}]", f"[sound:{here}]")
        return text


def pulled_media(
    fields: Iterable[str],
    read: ReadMedia,
    project: Project,
    compiled: Compiled,
) -> PulledMedia:
    """Read the files that some fields show and no card of the project does. May raise OSError, and
    LiveError.
    """
    packed = {each.name for each in compiled.package.media}
    shown = media_in_html(html for note in compiled.package.notes for html in note.fields)
    known = packed.union(shown)
    wanted = [name for name in media_in_html(fields) if name not in known]
    found: Mapping[str, MediaContent] = {}
    if wanted:
        found = read(wanted)
    files: dict[str, MediaContent] = {}
    names: dict[str, str] = {}
    refused: dict[str, str] = {}
    names_here = _FreeNames(project.media, packed, wanted)
    for name in wanted:
        reason = _refusal(name, found.get(name))
        if reason:
            refused[name] = reason
            continue
        content = found[name]
        here = names_here.place(name, content)
        if here != name:
            names[name] = here
        if here not in packed:
            files[here] = content
    return PulledMedia(files, names, refused)


def _refusal(name: str, content: MediaContent | None) -> str:
    """Why a file cannot come, empty where it can."""
    if not is_media_name(name):
        return f"it shows the file {name}, a name that no project can hold"
    if content is None:
        return f"it shows the file {name}, which is not in Anki"
    if content.size > LARGEST:
        return f"it shows the file {name}, which is larger than 100 MiB"
    return ""


class _FreeNames:
    """Gives each file a name of its own. Names that differ in case are one to some systems."""

    def __init__(
        self,
        ours: MediaFolder,
        packed: Collection[str],
        wanted: Iterable[str],
    ) -> None:
        self._ours = ours
        self._packed = packed
        self._wanted = frozenset(map(str.casefold, wanted))
        self._taken = {path.removeprefix(f"{MEDIA}/").casefold() for path in ours.names()}

    def place(
        self,
        name: str,
        content: MediaContent,
    ) -> str:
        """The name by which fields show a file here: its own where that is free, that of the same
        file where the project packs it, or else one with a number.
        """
        stem, ending = posixpath.splitext(name)
        numbered = (f"{stem}-{number}{ending}" for number in count(2))
        for tried in (name, *_first(numbered)):
            found = self._ours.find(f"{MEDIA}/{tried}")
            if not isinstance(found, Refusal) and found.digest == content.digest:
                built = media_name(tried, content)
                return built if built in self._packed else tried
            if found is Refusal.MISSING and self._is_free(tried, name):
                self._taken.add(tried.casefold())
                return tried
        return media_name(name, content)

    def _is_free(
        self,
        tried: str,
        name: str,
    ) -> bool:
        """Whether no other file has a name, or comes under it."""
        key = tried.casefold()
        if key in self._taken or self._ours.has(f"{MEDIA}/{tried}"):
            return False
        return tried == name or key not in self._wanted


def _first(names: Iterable[str]) -> list[str]:
    """As many names as are tried."""
    return [name for _, name in zip(range(100), names, strict=False)]
