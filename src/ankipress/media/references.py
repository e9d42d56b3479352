"""What a reference in a source means: a file and its name in Anki, or a problem and its place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.media_folder import ENDINGS, LARGEST, MediaFolder, Refusal, ending, media_name
from ankipress.media.svg import SvgError, clean_svg
from ankipress.model import Content, Entry, LoadedContent, Part

_FAR = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""\b(?:file|data|blob|ftp|javascript|about|chrome|content|smb):[^\s"'<>)]*""", re.IGNORECASE
)
# What stands right before an address: in Markdown, in its definitions, and in HTML.
_ADDRESSED = re.compile(
    r"""(?:\]\(\s*<?|\]:\s*<?|\b(?:src|srcset|href|poster)\s*=\s*["']?\s*)\Z""", re.IGNORECASE
)
_MOST_REMOVED = 3  # things that one message names
_MOST_SUGGESTED = 200  # of missing files get a suggestion: each one is compared with every name


@dataclass(frozen=True, slots=True)
class _PackedFile:
    """A file as it is packed, and what was removed from it."""

    name: str
    content: Content
    removed: tuple[str, ...] = ()


class References:
    """Looks up references, reads each file once, and collects files and problems."""

    def __init__(self, folder: MediaFolder) -> None:
        self._folder = folder
        self._known: dict[str, _PackedFile | Refusal | SvgError] = {}
        self._by_case: dict[str, list[str]] | None = None
        self._missing = 0
        self._places: dict[tuple[Location, str, str], Iterator[Location]] = {}
        self.problems: list[Diagnostic] = []
        self.files: dict[str, Content] = {}
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
        refusal: Refusal | SvgError = Refusal.MISSING
        # GitHub takes a percent-encoded reference and a plain one for the same file.
        written = re.split(r"[?#]", reference, maxsplit=1)[0]
        for spelling in dict.fromkeys((written, unquote(written))):
            refusal = Refusal.OUTSIDE
            path = _path(spelling, entry.path)
            if path is not None:
                file = self._file(path)
                if isinstance(file, _PackedFile):
                    self._report_removed(file, reference, entry)
                    return file.name
                refusal = file
            if refusal is not Refusal.MISSING:
                break
        self._refuse(refusal, reference, entry)
        return None

    def _file(self, path: str) -> _PackedFile | Refusal | SvgError:
        if path not in self._known:
            file = self._read(path)
            self._known[path] = file
            if isinstance(file, _PackedFile):
                self.files[file.name] = file.content
        return self._known[path]

    def _read(self, path: str) -> _PackedFile | Refusal | SvgError:
        content = self._folder.find(path)
        if isinstance(content, Refusal):
            return content
        if ending(path) != "svg":
            return _PackedFile(media_name(path, content), content)
        try:
            with content.open() as file:
                svg = clean_svg(file.read())
        except SvgError as error:
            return error
        except OSError:
            return Refusal.CHANGING
        cleaned = LoadedContent(svg.content)
        return _PackedFile(media_name(path, cleaned), cleaned, svg.removed)

    def _report_removed(self, file: _PackedFile, reference: str, entry: Entry) -> None:
        if not file.removed:
            return
        shown = ", ".join(file.removed[:_MOST_REMOVED])
        more = len(file.removed) - _MOST_REMOVED
        if more > 0:
            shown += f" and {more} more"
        message = (
            f'"{reference}" holds what a picture on a card may not do,'
            f" and is packed without {shown}"
        )
        self.report("unsafe-svg", entry, reference, message)

    def _refuse(self, refusal: Refusal | SvgError, reference: str, entry: Entry) -> None:
        if isinstance(refusal, SvgError):
            self.report("bad-svg", entry, reference, f'"{reference}" cannot be packed: {refusal}')
        elif refusal is Refusal.MISSING:
            self._report_missing(reference, entry)
        else:
            code, message = _REFUSALS[refusal]
            self.report(code, entry, reference, f'"{reference}" {message}')

    def _report_missing(self, reference: str, entry: Entry) -> None:
        message = f'there is no file "{reference}"'
        same = self._same_but_for_case(_path(unquote(reference), entry.path) or "")
        if len(same) == 1:
            right = _written(same[0], reference, entry)
            message += f': upper and lower case count, it is "{right}"'
            self.report("missing-media", entry, reference, message, fix=right)
            return
        self._missing += 1
        if self._missing <= _MOST_SUGGESTED:
            near = self._nearest(reference, entry)
            if near:
                message += f'; did you mean "{near}"?'
        self.report("missing-media", entry, reference, message)

    def _same_but_for_case(self, path: str) -> list[str]:
        """The files whose paths differ from this one in upper and lower case at most."""
        if self._by_case is None:
            self._by_case = {}
            for name in self._folder.names():
                self._by_case.setdefault(name.casefold(), []).append(name)
        return self._by_case.get(path.casefold(), [])

    def _nearest(self, reference: str, entry: Entry) -> str | None:
        """The reference that was most likely meant by one to a missing file."""
        from rapidfuzz import process  # noqa: PLC0415 - seldom needed

        paths = {_written(path, reference, entry): path for path in self._folder.names()}
        best = process.extractOne(unquote(reference), list(paths), score_cutoff=60)
        if best:
            return str(best[0])
        # A file of the same name may lie in another folder.
        name = posixpath.basename(unquote(reference)).casefold()
        for written, path in paths.items():
            if posixpath.basename(path).casefold() == name:
                return written
        return None

    def is_there(self, reference: str, entry: Entry) -> bool:
        """Whether a link means a file of the project, of whatever sort."""
        written = re.split(r"[?#]", reference, maxsplit=1)[0]
        for spelling in (written, unquote(written)):
            path = _inside_project(spelling, entry.path)
            if path is not None and self._folder.has(path):
                return True
        return False

    def called(self, name: str, entry: Entry) -> str | None:
        """A reference to the file with this name or path, None unless there is exactly one."""
        end = f"/{name.lstrip('/')}"
        paths = [path for path in self._folder.names() if f"/{path}".endswith(end)]
        if len(paths) != 1:
            return None
        return _written(paths[0], "", entry)

    def report(
        self, code: str, entry: Entry, reference: str, message: str, *, fix: str | None = None
    ) -> None:
        """Report a problem where a reference stands, or at the heading if it is not found as
        written.
        """
        place = self._next_place(code, entry, reference)
        if place is None:
            place, fix = entry.location, None
        self.problems.append(Diagnostic(code, place, message, _HELP[code], fix))

    def _next_place(self, code: str, entry: Entry, reference: str) -> Location | None:
        """The same reference may stand in a card several times: each has a place of its own."""
        key = entry.location, code, reference
        if key not in self._places:
            self._places[key] = cycle(places_of(entry, reference))
        return next(self._places[key], None)

    def report_nameless(self, entry: Entry, element: str) -> None:
        """Report an element that has no address, or whose address the sanitizer removed."""
        matches = [_ADDRESS.search(part.text) for part in entry.parts.values()]
        addresses = [match[0] for match in matches if match]
        written = ""
        message = f"this {element} has no address that a card may use"
        if addresses:
            written = addresses[0]
            message = f'"{written}" is no address that a card may use'
        self.report("media-outside", entry, written, message)


_REFUSALS = {
    Refusal.OUTSIDE: (
        "media-outside",
        "lies outside the project, or is no picture, sound or video",
    ),
    Refusal.TOO_LARGE: (
        "media-too-large",
        f"has more than {LARGEST // 2**20} MiB, which Anki does not sync",
    ),
    Refusal.UNREADABLE: ("cannot-read", "cannot be read"),
    Refusal.CHANGING: ("cannot-read", "changed while it was read"),
}
_HELP = {
    "bad-svg": "save it anew as plain SVG, in UTF-8",
    "cannot-read": "check that it is a file, that you may read it, and that nothing writes to it",
    "local-link": "link to its address on the web, or leave the link out",
    "media-outside": (
        "copy the file into the project, for example into media/, and refer to it there"
    ),
    "media-too-large": "make it smaller",
    "missing-media": "references are relative to the file they stand in",
    "remote-media": "learners see it only online, and its host sees them: copy it into media/",
    "unsafe-svg": "save it without scripts and without references to other files",
    "wiki-link": "write ![what it shows](path/of/the/file)",
}


def is_far(reference: str) -> bool:
    """Whether an address leads to the network, or anywhere but to a file of the project."""
    return _FAR.match(reference) is not None


def places_of(entry: Entry, reference: str) -> tuple[Location, ...]:
    """Where a reference stands in the text of an entry as the address of something.

    If it is nowhere an address, any other place will do.
    """
    anywhere: list[Location] = []
    addresses: list[Location] = []
    if not reference:
        return ()
    for part in entry.parts.values():
        for start in _starts(part.text, reference):
            place = _location(entry, part, start, len(reference))
            anywhere.append(place)
            if _ADDRESSED.search(part.text[max(0, start - 40) : start]):
                addresses.append(place)
    return tuple(addresses or anywhere)


def _location(entry: Entry, part: Part, start: int, width: int) -> Location:
    line = part.line + part.text.count("\n", 0, start)
    column = start - part.text.rfind("\n", 0, start)
    return Location(entry.path, line, column, width)


def _starts(text: str, reference: str) -> Iterator[int]:
    """Where a reference stands by itself, not as the end or the beginning of a longer one."""
    start = text.find(reference)
    while start >= 0:
        end = start + len(reference)
        before = text[start - 1 : start]
        after = text[end : end + 1]
        goes_on_before = before.isalnum() or before in {"/", ".", "%", "-", "_"}
        goes_on_after = after.isalnum() or after in {"/", "_"}
        if not goes_on_before and not goes_on_after:
            yield start
        start = text.find(reference, start + 1)


def _path(reference: str, source: str) -> str | None:
    """The path in the project of the media file that a reference means, None if it means none."""
    path = _inside_project(reference, source)
    if path and ending(path) in ENDINGS:
        return path
    return None


def _inside_project(reference: str, source: str) -> str | None:
    if "\\" in reference or "\0" in reference or re.match(r"[A-Za-z]:", reference):
        return None
    folder = posixpath.dirname(source)
    if reference.startswith("/"):
        folder = ""  # as on GitHub, a leading slash means the top of the project
    path = posixpath.normpath(posixpath.join(folder, reference.lstrip("/")))
    if path.startswith(".."):
        return None
    return path


def _written(path: str, reference: str, entry: Entry) -> str:
    """How a reference to a path of the project is written in the place of another reference."""
    text = posixpath.relpath(path, posixpath.dirname(entry.path) or ".")
    if reference.startswith("/"):
        text = f"/{path}"
    return re.sub(r"[ %?#()<>\"]", lambda found: f"%{ord(found[0]):02X}", text)
