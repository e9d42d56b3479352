"""References to pictures, sound and video → files of the package.

A file's content is part of its name. Anki replaces a picture of the same name only where the note changes too, so the name
must change with the content and stand in the field.
"""

from __future__ import annotations

import enum
import html
import posixpath
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol
from urllib.parse import unquote

from rapidfuzz import process

from recto.diagnostics import Diagnostic, Location
from recto.model import Entry, MediaFile, RenderedNote

LARGEST = 100 * 1024 * 1024
"""Bytes; AnkiWeb syncs no larger file."""
ENDINGS = frozenset(
    "png jpg jpeg gif svg webp avif bmp ico tif tiff mp3 ogg oga opus wav flac m4a aac spx mp4 webm mpg mpeg mov mkv"
    " ogv avi 3gp".split()
)
# Canonical HTML: attributes are double-quoted, and only these elements have a `src`.
_ELEMENT = re.compile(r'<(?:img|audio|video|source)(?: [^>"]*(?:"[^"]*"[^>"]*)*)?>')
_SRC = re.compile(r'( src=")([^"]*)(")')


class Refusal(enum.Enum):
    """Why a file is not read."""

    MISSING = enum.auto()
    OUTSIDE = enum.auto()
    TOO_LARGE = enum.auto()
    UNREADABLE = enum.auto()


class MediaFolder(Protocol):
    """The files of a project, as far as media needs them. Paths are relative to the project, with `/`."""

    def read(self, path: str) -> bytes | Refusal:
        """The content of a file inside the project, links followed, or why there is none."""

    def names(self) -> Sequence[str]:
        """The files of the project that could be media, sorted: what a wrong reference may have meant."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every note with the names of its media as Anki will store them, the files, and the problems."""

    notes: tuple[RenderedNote, ...]
    files: tuple[MediaFile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def resolve_media(notes: Sequence[RenderedNote], folder: MediaFolder) -> Resolved:
    """Every reference replaced by the name that its file will have in Anki. Files are sorted by that name."""
    resolver = _Resolver(folder)
    resolved = tuple(resolver.note(each) for each in notes)
    files = tuple(MediaFile(name, content) for name, content in sorted(resolver.files.items()))
    return Resolved(resolved, files, tuple(resolver.problems))


class _Resolver:
    def __init__(self, folder: MediaFolder) -> None:
        self.folder = folder
        self.files: dict[str, bytes] = {}
        self.problems: list[Diagnostic] = []
        self._known: dict[str, str | Refusal] = {}

    def note(self, rendered: RenderedNote) -> RenderedNote:
        """A note with its references replaced; the same note where it has none."""
        entry = rendered.note.entry
        changed: Mapping[str, str] = {
            name: _ELEMENT.sub(lambda found: self._element(found[0], entry), value)
            for name, value in rendered.fields.items()
            if _ELEMENT.search(value)
        }
        return replace(rendered, fields={**rendered.fields, **changed}) if changed else rendered

    def _element(self, element: str, entry: Entry) -> str:
        found = _SRC.search(element)
        if found is None:
            if element.startswith("<img"):
                self._report("media-outside", entry, "", "this picture has no address that a card may use")
            return element
        reference = html.unescape(found[2])
        name = self._name(reference, entry)
        return element if name is None else f"{element[: found.start(2)]}{name}{element[found.end(2) :]}"

    def _name(self, reference: str, entry: Entry) -> str | None:
        """The name in Anki of what a reference means, or None where it is a problem or far away."""
        if re.match(r"[a-z][a-z0-9+.-]+:|//", reference, re.IGNORECASE):
            self._report("remote-media", entry, reference, f'"{reference}" lies on the network')
            return None
        refusal = Refusal.MISSING
        # GitHub takes a percent-encoded reference and a plain one for the same file.
        written = re.split(r"[?#]", reference, maxsplit=1)[0]
        decoded = unquote(written)
        forms = (unicodedata.normalize(form, decoded) for form in ("NFC", "NFD"))
        for spelling in dict.fromkeys((written, decoded, *forms)):
            path = _path(spelling, entry.path)
            outcome = Refusal.OUTSIDE if path is None else self._file(path)
            if isinstance(outcome, str):
                return outcome
            refusal = outcome
            if refusal is not Refusal.MISSING:
                break
        self._refuse(refusal, reference, entry)
        return None

    def _file(self, path: str) -> str | Refusal:
        """The name in Anki of a file of the project, which is read once."""
        if path not in self._known:
            content = self.folder.read(path)
            if isinstance(content, Refusal):
                self._known[path] = content
            else:
                name = media_name(path, content)
                self.files[name] = content
                self._known[path] = name
        return self._known[path]

    def _refuse(self, refusal: Refusal, reference: str, entry: Entry) -> None:
        if refusal is Refusal.OUTSIDE:
            message = f'"{reference}" lies outside the project, or is no picture, sound or video'
            self._report("media-outside", entry, reference, message)
        elif refusal is Refusal.TOO_LARGE:
            message = f'"{reference}" has more than {LARGEST // 2**20} MiB, which Anki does not sync'
            self._report("media-too-large", entry, reference, message)
        elif refusal is Refusal.UNREADABLE:
            self._report("cannot-read", entry, reference, f'"{reference}" cannot be read')
        else:
            near = self._nearest(reference, entry)
            message = f'there is no file "{reference}"' + (f'; did you mean "{near}"?' if near else "")
            self._report("missing-media", entry, reference, message)

    def _nearest(self, reference: str, entry: Entry) -> str | None:
        folder = posixpath.dirname(entry.path) or "."
        names = [posixpath.relpath(name, folder) for name in self.folder.names()]
        best = process.extractOne(unquote(reference), names, score_cutoff=60)
        return str(best[0]) if best else None

    def _report(self, code: str, entry: Entry, reference: str, message: str) -> None:
        self.problems.append(Diagnostic(code, _place(entry, reference), message, _WAYS_OUT[code]))


_WAYS_OUT = {
    "media-outside": "copy the file into the project, for example into media/, and refer to it there",
    "media-too-large": "make it smaller",
    "cannot-read": "check that it is a file and that you may read it",
    "missing-media": "references are relative to the file they stand in",
    "remote-media": "learners see it only online, and its host sees them: copy it into media/",
}


def _path(reference: str, source: str) -> str | None:
    """The path in the project that a reference in a source means, or None where it can be none."""
    if "\\" in reference or "\0" in reference or re.match(r"[A-Za-z]:", reference):
        return None
    # As on GitHub, a leading slash means the top of the project.
    base = "" if reference.startswith("/") else posixpath.dirname(source)
    path = posixpath.normpath(posixpath.join(base, reference.lstrip("/")))
    ending = posixpath.splitext(path)[1][1:].lower()
    return None if path.startswith("..") or ending not in ENDINGS else path


def media_name(path: str, content: bytes) -> str:
    """The name under which Anki stores a file: readable, safe on every system, and another one for other content."""
    stem, ending = posixpath.splitext(posixpath.basename(path))
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "media"
    return f"{readable}-{sha256(content).hexdigest()[:16]}{ending.lower()}"


def _place(entry: Entry, reference: str) -> Location:
    """Where a reference stands in the text of an entry; its heading where it is not found as written."""
    for part in entry.parts.values() if reference else ():
        position = part.text.find(reference)
        if position >= 0:
            line_start = part.text.rfind("\n", 0, position) + 1
            line = part.line + part.text.count("\n", 0, position)
            return Location(entry.path, line, position - line_start + 1, len(reference))
    return entry.location
