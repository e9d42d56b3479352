"""Reads the texts of a project: sources, settings, note types, lock and tombstones."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ankipress.diagnostics import Diagnostic, Location
from ankipress.identity.lock import read_lock
from ankipress.identity.tombstones import read_tombstones
from ankipress.model import Lock, Source, Tombstone
from ankipress.notetypes.custom_types import FOLDER
from ankipress.project.door import (
    LARGEST_LOCK,
    LARGEST_TEXT,
    LeadsOutError,
    help_with,
    leads_out,
    read_file,
)
from ankipress.project.inputs import Inputs
from ankipress.project.location import read_settings, relative
from ankipress.project.other_formats import not_text
from ankipress.project.source_patterns import sources_of
from ankipress.syntax.decoding import decode

if TYPE_CHECKING:
    # Few projects have any.
    from ankipress.project.notebooks import Notebook

_NOTEBOOK = ".ipynb"


def is_of_note_type(path: str) -> bool:
    """Whether a file in the folder of a note type is read, by its name."""
    name = PurePosixPath(path).name
    return name in {"notetype.toml", "style.css"} or name.endswith((".front.html", ".back.html"))


class TextReader:
    """Reads the texts of a project. `inputs` records what was read, `problems` what was wrong, and
    `notebooks` the notebooks by path, whose Markdown is their source.
    """

    def __init__(self, root: Path, inputs: Inputs) -> None:
        self._root = root
        self.inputs = inputs
        self.problems: list[Diagnostic] = []
        self.notebooks: dict[str, Notebook] = {}

    def sources(self, patterns: Sequence[str]) -> list[Path]:
        """The files that some patterns mean, sorted by path."""
        found = sources_of(self._root, patterns)
        paths = [relative(path, self._root) for path in found]
        self.inputs.matched(patterns, paths)
        return found

    def source(self, file: Path) -> Source | None:
        """A source, or a file of a note type; None where it cannot be read."""
        path = relative(file, self._root)
        shown = path.encode("utf-8", "backslashreplace").decode()
        if shown != path:
            self._report("cannot-read", shown, "the name of this file is not UTF-8", "rename it")
            return None
        try:
            content = read_file(file, self._root, LARGEST_TEXT)
        except LeadsOutError:
            message = "this link leads out of the project"
            self._report("cannot-read", path, message, "copy the file into the project")
        except OSError as error:
            message = f"this file cannot be read: {error.strerror}"
            self._report("cannot-read", path, message, help_with(error))
        else:
            return self._text(self._root / path, content, path)
        return None

    def note_types(self) -> dict[str, str]:
        """The texts of the project's own note types by path."""
        texts = {}
        for file in self.sources([f"{FOLDER}/*/*"]):
            if is_of_note_type(file.as_posix()) or leads_out(file, self._root):
                source = self.source(file)
                if source:
                    texts[source.path] = source.text
        return texts

    def settings(self, file: Path) -> Source | None:
        """The file of the settings, None where it is no text. Raises UnreadableSettingsError."""
        content = read_settings(file)
        digest = sha256(content).hexdigest()
        self.inputs.found(file, digest)
        source, problems = decode(content, file.name)
        if source is None:
            self.problems += problems
        return source

    def lock(self, path: Path) -> tuple[Lock, str]:
        """The lock in a file, healed, and its text; an empty lock where there is no file."""
        source = self._optional(path, "lock")
        if source is None:
            return Lock(), ""
        lock, problems = read_lock(source.text, path.name)
        self.problems += problems
        if lock.uid is None and not problems:
            # A build would give every reworded card a new guid, as if the deck had never been
            # published.
            help = (
                "restore it from git;"
                " or delete it, and let `ankipress recover` rebuild it from a package"
            )
            self._report("bad-lock", path.name, "the lock is empty", help)
        return lock, source.text

    def tombstones(self, path: Path) -> tuple[tuple[Tombstone, ...], str]:
        """The tombstones in a file, and its text; none where there is no file."""
        source = self._optional(path, "tombstones")
        if source is None:
            return (), ""
        tombstones, problems = read_tombstones(source.text, path.name)
        self.problems += problems
        return tombstones, source.text

    def _optional(self, path: Path, what: str) -> Source | None:
        """A file that ankipress writes, None where it is not there or cannot be read."""
        try:
            content = read_file(path, self._root, LARGEST_LOCK)
            return self._decoded(path, content, path.name)
        except FileNotFoundError:
            self.inputs.found(path, "")
        except OSError as error:
            message = f"the {what} cannot be read: {error.strerror}"
            self._report("bad-lock", path.name, message, help_with(error))
        return None

    def _text(
        self,
        path: Path,
        content: bytes,
        name: str,
    ) -> Source | None:
        """A source, None where its bytes are no text."""
        if problem := not_text(content, name):
            digest = sha256(content).hexdigest()
            self.inputs.found(path, digest)
            self.problems.append(problem)
            return None
        if name.lower().endswith(_NOTEBOOK):
            return self._notebook(path, content, name)
        return self._decoded(path, content, name)

    def _notebook(
        self,
        path: Path,
        content: bytes,
        name: str,
    ) -> Source | None:
        """The Markdown of a notebook, None where it cannot be read."""
        from ankipress.project.notebook_reading import read_notebook  # noqa: PLC0415 - rare

        digest = sha256(content).hexdigest()
        self.inputs.found(path, digest)
        json, problems = decode(content, name)
        if json is None:
            self.problems += problems
            return None
        found = read_notebook(json.text, name)
        if isinstance(found, Diagnostic):
            self.problems.append(found)
            return None
        self.notebooks[name] = found
        source, problems = decode(found.text.encode(), name)
        self.problems += problems
        return source

    def _decoded(
        self,
        path: Path,
        content: bytes,
        name: str,
    ) -> Source | None:
        digest = sha256(content).hexdigest()
        self.inputs.found(path, digest)
        source, problems = decode(content, name)
        self.problems += problems
        return source

    def _report(
        self,
        code: str,
        path: str,
        message: str,
        help: str,
    ) -> None:
        self.problems.append(Diagnostic(code, Location(path), message, help))
