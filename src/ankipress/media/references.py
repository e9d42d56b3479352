"""What a reference in a source means: a file and its name in Anki, or a problem and its place."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.media_folder import MediaFolder, Refusal, ending, media_name
from ankipress.media.media_reading import PackableFile, read_media
from ankipress.media.near_names import NearNames, inside_project, written_reference
from ankipress.media.reference_places import ReferencePlaces
from ankipress.media.refusals import HELP, Unpackable, explain_refusal, removal_message
from ankipress.model import Entry, MediaContent
from ankipress.syntax.dialect import OBSIDIAN
from ankipress.syntax.media_endings import ENDINGS

_FAR = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)


class References:
    """Looks up references, reads each file once, and collects files and problems."""

    def __init__(self, folder: MediaFolder) -> None:
        self._folder = folder
        self._known: dict[str, PackableFile | Unpackable] = {}
        self._names = NearNames(folder)
        self._places = ReferencePlaces()
        self._by_name: dict[str, list[str]] | None = None
        self.problems: list[Diagnostic] = []
        self.files: dict[str, MediaContent] = {}
        """The content of every file that was referred to, by its name in Anki."""

    @property
    def paths(self) -> frozenset[str]:
        """The paths in the project that references mean."""
        return frozenset(self._known)

    def name(self, reference: str, entry: Entry) -> str | None:
        """The name in Anki of the file that a reference means, None where it means none."""
        if is_far(reference):
            self.report("remote-media", entry, reference, f'"{reference}" lies on the network')
            return None
        refusal = explain_refusal(Refusal.MISSING)
        # GitHub takes a percent-encoded reference and a plain one for the same file.
        written = re.split(r"[?#]", reference, maxsplit=1)[0]
        for spelling in dict.fromkeys((written, unquote(written))):
            refusal = explain_refusal(Refusal.OUTSIDE)
            path = _path(spelling, entry.path, self._folder)
            if path is not None:
                file = self._file(path)
                if isinstance(file, PackableFile):
                    return self._packed(file, path, reference, entry)
                refusal = file
            if refusal.code != "missing-media":
                break
        if refusal.code == "missing-media" and entry.dialect == OBSIDIAN:
            path = self._in_vault(unquote(written))
            if path is not None:
                file = self._file(path)
                if isinstance(file, PackableFile):
                    return self._packed(file, path, reference, entry)
                refusal = file
        self._refuse(refusal, reference, entry)
        return None

    def _in_vault(self, name: str) -> str | None:
        """The file that Obsidian takes for a name or the end of a path, wherever it lies: the one
        with the shortest path, in upper or lower case.
        """
        if self._by_name is None:
            self._by_name = {}
            for path in self._folder.names():
                base = posixpath.basename(path).casefold()
                self._by_name.setdefault(base, []).append(path)
        end = f"/{name.lstrip('/')}".casefold()
        named = self._by_name.get(posixpath.basename(end), ())
        paths = [path for path in named if f"/{path}".casefold().endswith(end)]
        return min(paths, key=_length, default=None)

    def _file(self, path: str) -> PackableFile | Unpackable:
        if path not in self._known:
            self._known[path] = read_media(path, self._folder)
        return self._known[path]

    def _packed(
        self,
        file: PackableFile,
        path: str,
        reference: str,
        entry: Entry,
    ) -> str:
        """The name in Anki of a file, which is packed."""
        if file.removed:
            message = removal_message(reference, file.removed)
            self.report("unsafe-svg", entry, reference, message)
        name = media_name(path, file.content)
        self.files[name] = file.content
        return name

    def _refuse(
        self,
        refusal: Unpackable,
        reference: str,
        entry: Entry,
    ) -> None:
        if refusal.code == "missing-media":
            self._report_missing(reference, entry)
            return
        message = f'"{reference}" {refusal.reason}'
        problem = Diagnostic(refusal.code, entry.location, message, refusal.help)
        self._add(problem, entry, reference)

    def _report_missing(self, reference: str, entry: Entry) -> None:
        missing = self._names.explain_missing(reference, entry.path)
        self.report("missing-media", entry, reference, missing.message, fix=missing.fix)

    def is_there(self, reference: str, entry: Entry) -> bool:
        """Whether a reference means a file of the project, whatever is wrong with it."""
        for spelling in (reference, unquote(reference)):
            path = inside_project(spelling, entry.path, self._folder)
            if path is not None and self._folder.has(path):
                return True
        return False

    def called(self, name: str, entry: Entry) -> str | None:
        """A reference to the file with this name or path, None unless there is exactly one."""
        end = f"/{name.lstrip('/')}"
        paths = [path for path in self._folder.names() if f"/{path}".endswith(end)]
        if len(paths) != 1:
            return None
        return written_reference(paths[0], "", entry.path)

    def wiki_links(self, entry: Entry) -> list[str]:
        """The texts `![[…]]` of an entry that another program would take for pictures."""
        return [each.url for each in self._places.of(entry) if each.use == "wiki"]

    def report(
        self,
        code: str,
        entry: Entry,
        reference: str,
        message: str,
        *,
        fix: str | None = None,
    ) -> None:
        """Report a problem where a reference stands, or at the heading if it is not found as
        written.
        """
        problem = Diagnostic(code, entry.location, message, HELP[code], fix)
        self._add(problem, entry, reference)

    def report_embedded_note(self, entry: Entry, written: str) -> None:
        """Report `![[note]]` in Obsidian's dialect, where it would show a whole note."""
        message = f'"{written}" shows a note in Obsidian, and on a card as it is written'
        help = "write what the note says, or a link, `[[note]]`"
        problem = Diagnostic("wiki-link", entry.location, message, help)
        self._add(problem, entry, written)

    def place(
        self,
        code: str,
        entry: Entry,
        reference: str,
    ) -> Location:
        """Where a reference stands, or the heading if it is nowhere."""
        found = self._places.next(code, entry, reference)
        if found:
            return found.location
        return entry.location

    def _add(
        self,
        problem: Diagnostic,
        entry: Entry,
        reference: str,
    ) -> None:
        """Add a problem where its reference stands. It is fixed only where that stands as it is."""
        place = self._places.next(problem.code, entry, reference)
        if place is None or not place.is_as_written or place.url != reference:
            problem = replace(problem, fix=None)
        if place is not None:
            problem = replace(problem, location=place.location)
        self.problems.append(problem)

    def report_nameless(self, entry: Entry, element: str) -> None:
        """Report an element that has no address, or whose address the sanitizer removed."""
        place = self._places.next_nameless(entry, element)
        location = entry.location
        message = f"this {element} has no address that a card may use"
        if place is not None:
            location = place.location
        if place is not None and place.url:
            message = f'"{place.url}" is no address that a card may use'
        problem = Diagnostic("media-outside", location, message, HELP["media-outside"])
        self.problems.append(problem)


def _length(path: str) -> tuple[int, int]:
    return path.count("/"), len(path)


def is_far(reference: str) -> bool:
    """Whether an address leads to the network, or anywhere but to a file of the project."""
    return _FAR.match(reference) is not None


def _path(
    reference: str,
    source: str,
    files: MediaFolder,
) -> str | None:
    """The path in the project of the media file that a reference means, None if it means none."""
    path = inside_project(reference, source, files)
    if path and ending(path) in ENDINGS:
        return path
    return None
