"""Reads the style sheets and templates of note types, and gives their files the names of Anki."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from ankipress.diagnostics import Diagnostic, Location
from ankipress.media.css_addresses import CssAddress, Import, rewrite_css
from ankipress.media.media_folder import MediaFolder, Refusal, ending, static_name
from ankipress.media.media_reading import PackableFile, find_checked, read_media
from ankipress.media.near_names import NearNames, inside_project
from ankipress.media.own_names import MEDIA, is_own, name_in_folder
from ankipress.media.references import is_far
from ankipress.media.refusals import HELP, Unpackable, explain_refusal, removal_message
from ankipress.media.template_addresses import rewrite_template
from ankipress.model import MediaContent, MediaFile
from ankipress.syntax.decoding import decode
from ankipress.syntax.media_endings import ENDINGS
from ankipress.syntax.spans import line_and_column

_PACKED = ENDINGS | frozenset("woff2 woff ttf otf js".split())
_LONGEST = 1_000_000  # characters of a text with all that it imports
_CHARSET = re.compile(r'\A@charset\s+"[^"]*";\s*', re.IGNORECASE)
_NOT_IN_TEMPLATE = re.compile(r"</style|\{\{", re.IGNORECASE)
_NO_FILES = ("#", "about:", "blob:", "data:", "javascript:")
_CODE = "note-type-media"


class Referrer(NamedTuple):
    """A style sheet or a template that names files."""

    path: str
    text: str

    def place(self, address: CssAddress) -> Location:
        """Where an address stands: its part on the first line."""
        line, column = line_and_column(self.text, address.start)
        width = len(self.text[address.start : address.end].split("\n")[0])
        return Location(self.path, line + 1, column + 1, max(1, width))


class NoteTypeReader:
    """Reads each file once, and collects files and problems. `key` is the current note type.

    `adopted` are the note types that learners have from elsewhere. A name that means no file there
    is none of their author's making.
    """

    def __init__(
        self,
        folder: MediaFolder,
        adopted: Container[str],
        learners: Mapping[str, str],
    ) -> None:
        self.key = ""
        self.files: dict[str, dict[str, MediaFile]] = {}
        self.problems: list[Diagnostic] = []
        self.paths: set[str] = set()
        self._folder = folder
        self._adopted = adopted
        self._learners = learners
        self._names = NearNames(folder)
        self._open: list[str] = []
        # Style sheets as they are inserted, by note type and path.
        self._sheets: dict[tuple[str, str], str | Unpackable] = {}

    def rewritten(self, source: Referrer) -> str:
        """A template or a style sheet with the names that its files will have in Anki."""
        if source.path.endswith(".html"):
            return rewrite_template(
                source.text,
                lambda address: self._rename(address, source),
                lambda found: self._insert_into_template(found, source),
            )
        if source.path.endswith(".css"):
            return rewrite_css(
                source.text,
                lambda address: self._rename(address, source),
                lambda found: self._insert(found, source),
            )
        return source.text

    def _rename(self, address: CssAddress, source: Referrer) -> str | None:
        """The name in Anki of the file at an address, None where there is none."""
        path = self._find(address, source)
        if path is None or self._keep(path):
            return None
        if ending(path) not in _PACKED:
            self._report(address, source, "is no picture, sound, video, font or script")
            return None
        file = self._read(path)
        if isinstance(file, Unpackable):
            self._refuse(file, address, source)
            return None
        if file.removed:
            message = removal_message(address.text, file.removed)
            place = source.place(address)
            self._add("unsafe-svg", place, message)
        name = static_name(path, file.content)
        self.files.setdefault(self.key, {})[name] = MediaFile(name, file.content)
        _, mark, fragment = address.text.partition("#")
        return f"{name}{mark}{fragment}"

    def keep_hidden(self) -> None:
        """Pack the files whose names begin with `_`: scripts of an adopted note type may ask for
        them in ways that no template shows.
        """
        for name in self._learners:
            if name.startswith("_"):
                self._keep(f"{MEDIA}/{name}")

    def _keep(self, path: str) -> bool:
        """Pack a file under the name that learners have it under, if it is that file, and no
        drawing that acts.
        """
        if self.key not in self._adopted:
            return False
        content: MediaContent | Refusal | Unpackable = self._folder.find(path)
        if ending(path) == "svg":
            drawing = self._read(path)
            content = drawing.content if isinstance(drawing, PackableFile) else drawing
        if isinstance(content, Refusal | Unpackable) or not is_own(path, content, self._learners):
            return False
        self.paths.add(path)
        name = name_in_folder(path)
        self.files.setdefault(self.key, {})[name] = MediaFile(name, content)
        return True

    def _find_adopted(self, address: CssAddress) -> str | None:
        """The path of the file that an adopted note type means by a name, None where there is
        none.
        """
        written = re.split(r"[?#]", address.text, maxsplit=1)[0]
        for name in dict.fromkeys((written, unquote(written))):
            path = f"{MEDIA}/{name}"
            if name and "/" not in name and self._folder.has(path):
                return path
        return None

    def _read(self, path: str) -> PackableFile | Unpackable:
        self.paths.add(path)
        return read_media(path, self._folder)

    def _find(self, address: CssAddress, source: Referrer) -> str | None:
        """The path of the file at an address that means a file; what means none is reported."""
        if self.key in self._adopted:
            return self._find_adopted(address)
        return self._find_written(address, source)

    def _find_written(self, address: CssAddress, source: Referrer) -> str | None:
        """The path of the file at an address in a note type of an author's own."""
        text = address.text
        if not text or text.lower().startswith(_NO_FILES):
            return None
        if "{{" in text:
            help = "let the field hold the whole picture or sound, and write `{{Field}}` alone"
            self._report(address, source, "is made from a field, so no file can be packed", help)
            return None
        if is_far(text):
            self._report(address, source, "lies on the network")
            return None
        written = re.split(r"[?#]", text, maxsplit=1)[0]
        paths = [
            inside_project(each, source.path, self._folder)
            for each in dict.fromkeys((written, unquote(written)))
        ]
        known = [path for path in paths if path is not None]
        if not known:
            refusal = explain_refusal(Refusal.OUTSIDE)
            self._refuse(refusal, address, source)
            return None
        for path in known:
            if self._folder.find(path) is not Refusal.MISSING:
                return path
        missing = self._names.explain_missing(text, source.path)
        place = source.place(address)
        self._add("missing-media", place, missing.message, fix=missing.fix)
        return None

    def _insert(self, found: Import, source: Referrer) -> str | None:
        """The style sheet that another one imports, with its own files and imports."""
        if re.search(r"\b(?:layer|supports)\b", found.condition, re.IGNORECASE):
            reason = f'is imported with "{found.condition}", and only conditions of media can stay'
            self._report(found.address, source, reason, "write its rules into the style sheet")
            return None
        css = self._sheet(found.address, source)
        if css is None or not found.condition:
            return css
        return f"@media {found.condition} {{\n{css}\n}}"

    def _insert_into_template(self, found: Import, source: Referrer) -> str | None:
        css = self._insert(found, source)
        if css is not None and _NOT_IN_TEMPLATE.search(css):
            help = "take `{{` and `</style` out of it"
            self._report(found.address, source, "cannot stand in a template", help)
            return None
        return css

    def _sheet(self, address: CssAddress, source: Referrer) -> str | None:
        path = self._find(address, source)
        if path is None or self._keep(path):
            return None
        if ending(path) != "css":
            self._report(address, source, "is no style sheet: its name ends in another way")
            return None
        if path in self._open or path == source.path:
            self._report(address, source, "imports itself", "import each style sheet once")
            return None
        key = self.key, path
        if key not in self._sheets:
            self._sheets[key] = self._rewritten_sheet(path)
        css = self._sheets[key]
        if isinstance(css, Unpackable):
            self._refuse(css, address, source)
            return None
        return css

    def _rewritten_sheet(self, path: str) -> str | Unpackable:
        """A style sheet with its files and imports."""
        imported = self._read_sheet(path)
        if isinstance(imported, Unpackable):
            return imported
        self._open.append(path)
        css = self.rewritten(Referrer(path, imported))
        self._open.pop()
        if len(css) > _LONGEST:
            help = "import each style sheet once"
            return Unpackable(_CODE, "is too long with all that it imports", help)
        return _CHARSET.sub("", css).strip()

    def _read_sheet(self, path: str) -> str | Unpackable:
        self.paths.add(path)
        content = find_checked(path, self._folder)
        if isinstance(content, Unpackable):
            return content
        try:
            with content.open() as file:
                data = file.read()
        except OSError:
            return explain_refusal(Refusal.CHANGING)
        source, problems = decode(data, path)
        self.problems += problems
        if source is None:
            return Unpackable(_CODE, "cannot be read as text", "save it as UTF-8")
        return source.text

    def _refuse(self, refusal: Unpackable, address: CssAddress, source: Referrer) -> None:
        message = f'"{address.text}" {refusal.reason}'
        place = source.place(address)
        self._add(refusal.code, place, message, help=refusal.help)

    def _report(
        self,
        address: CssAddress,
        source: Referrer,
        reason: str,
        help: str = "",
    ) -> None:
        help = help or "copy the file into the folder of the note type, and name it there"
        place = source.place(address)
        self._add(_CODE, place, f'"{address.text}" {reason}', help=help)

    def _add(
        self,
        code: str,
        place: Location,
        message: str,
        *,
        help: str | None = None,
        fix: str | None = None,
    ) -> None:
        self.problems.append(Diagnostic(code, place, message, help or HELP[code], fix))
