"""What a reference in a source means: a file and its name in Anki, or a problem and its place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.media_folder import MediaFolder, Refusal, ending, media_name
from ankipress.media.media_reading import PackableFile, read_media
from ankipress.media.near_names import NearNames, inside_project, written_reference
from ankipress.media.own_names import ABSENT, MEDIA, is_own, name_in_folder
from ankipress.media.reference_places import ReferencePlaces
from ankipress.media.refusals import HELP, Unpackable, explain_refusal, removal_message
from ankipress.model import Entry, MediaContent
from ankipress.syntax.dialect import OBSIDIAN
from ankipress.syntax.media_endings import ENDINGS

_FAR = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)


class References:
    """Looks up references, reads each file once, and collects files and problems.

    `learners` are the digests of the files that learners have under their own names.
    """

    def __init__(self, folder: MediaFolder, learners: Mapping[str, str]) -> None:
        self._folder = folder
        self._learners = learners
        self._known: dict[str, PackableFile | Unpackable] = {}
        self._names = NearNames(folder)
        self._places = ReferencePlaces()
        self._by_name: dict[str, list[str]] | None = None
        self.problems: list[Diagnostic] = []
        self.files: dict[str, MediaContent] = {}
        """The content of every file that was referred to, by its name in Anki."""
        self.absent: set[str] = set()
        """The names of files that were never here, and that learners may have."""
        self.unreadable: set[str] = set()
        """The names of files that learners have, and that cannot be read."""

    @property
    def paths(self) -> frozenset[str]:
        """The paths in the project that references mean."""
        return frozenset(self._known)

    def name(self, reference: str, entry: Entry) -> str | None:
        """The name in Anki of the file that a reference means, None where it means none."""
        if is_far(reference):
            self.report("remote-media", entry, reference, f'"{reference}" lies on the network')
            return None
        outside = explain_refusal(Refusal.OUTSIDE)
        refusal = outside
        # GitHub takes a percent-encoded reference and a plain one for the same file.
        written = re.split(r"[?#]", reference, maxsplit=1)[0]
        for spelling in dict.fromkeys((written, unquote(written))):
            path = self._path(spelling, entry.path)
            if path is None:
                refusal = outside
                continue
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
        if name := self._name_of_learners(unquote(written), refusal):
            return name
        self._refuse(refusal, reference, entry)
        return None

    def _name_of_learners(self, reference: str, refusal: Unpackable) -> str | None:
        """The name in Anki of a file that learners have, and that no package can bring: it is not
        here, or it cannot be read.
        """
        name = name_in_folder(reference)
        if refusal.code == "bad-svg":
            path = f"{MEDIA}/{name}"
            content = self._folder.find(path)
            if not isinstance(content, Refusal) and is_own(path, content, self._learners):
                self.unreadable.add(name)
                return name
        if refusal.code == "missing-media":
            return self._absent_name(reference)
        return None

    def _absent_name(self, reference: str) -> str | None:
        """The name in Anki of a file that an imported deck named and did not hold. One in a folder
        stays in it: Anki has no folders, so it shows no such file.
        """
        name = name_in_folder(reference)
        known = self._learners.get(name)
        in_media = reference.rpartition(f"{MEDIA}/")[2]
        is_in_folder = "/" in in_media
        if known is None or (known != ABSENT and not is_in_folder):
            return None
        self.absent.add(name)
        if is_in_folder:
            return in_media
        return name

    def name_of_file(self, name: str, entry: Entry) -> str | None:
        """The name in Anki of the file that Anki calls so, wherever it lies in the project: the one
        with the shortest path. None where there is none.
        """
        if is_far(name):
            return None
        for spelling in dict.fromkeys((name, unquote(name))):
            named = self._called(spelling)
            paths = [path for path in named if posixpath.basename(path) == spelling]
            path = min(paths, key=_length, default=None)
            if path is None and "/" in spelling and self._absent_name(spelling):
                return name
            if path is None and spelling in self._learners:
                path = f"{MEDIA}/{spelling}"  # it ends as no picture and no sound
            if path is None or not self._is_media(path):
                continue
            file = self._file(path)
            if isinstance(file, PackableFile):
                return self._packed(file, path, name, entry)
            if of_learners := self._name_of_learners(spelling, file):
                return of_learners
            self._refuse(file, name, entry)
            return None
        self._report_missing(name, entry)
        return None

    def _in_vault(self, name: str) -> str | None:
        """The file that Obsidian takes for a name or the end of a path, wherever it lies: the one
        with the shortest path, in upper or lower case.
        """
        end = f"/{name.lstrip('/')}".casefold()
        named = self._called(posixpath.basename(end))
        paths = [path for path in named if f"/{path}".casefold().endswith(end)]
        return min(paths, key=_length, default=None)

    def _called(self, name: str) -> Sequence[str]:
        """The files with a name, in upper or lower case."""
        if self._by_name is None:
            self._by_name = {}
            for path in self._folder.names():
                base = posixpath.basename(path).casefold()
                self._by_name.setdefault(base, []).append(path)
        return self._by_name.get(name.casefold(), ())

    def _file(self, path: str) -> PackableFile | Unpackable:
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> PackableFile | Unpackable:
        """A file as it is packed. One that learners have is right for them, if it cannot act."""
        if name_in_folder(path) in self._learners and ending(path) != "svg":
            content = self._folder.find(path)
            if not isinstance(content, Refusal) and is_own(path, content, self._learners):
                return PackableFile(content)
        return read_media(path, self._folder)

    def _path(self, reference: str, source: str) -> str | None:
        """The path in the project of the file that a reference means, None if it means none."""
        path = inside_project(reference, source, self._folder)
        if path and self._is_media(path):
            return path
        return None

    def _is_media(self, path: str) -> bool:
        """Whether a card can show or play a file. The names of what learners have end anyhow."""
        return ending(path) in ENDINGS or name_in_folder(path) in self._learners

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
        if is_own(path, file.content, self._learners):
            name = name_in_folder(path)
        else:
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
        """Whether a reference means a file of the project, whatever is wrong with it, or one that
        learners may have.
        """
        for spelling in (reference, unquote(reference)):
            path = inside_project(spelling, entry.path, self._folder)
            if path is not None and self._folder.has(path):
                return True
            if self._learners.get(name_in_folder(spelling)) == ABSENT:
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
        """Report an element that has no address, or whose address the sanitizer removed. On a card
        that learners have from elsewhere it stays as they have it.
        """
        if entry.is_adopted:
            return
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
