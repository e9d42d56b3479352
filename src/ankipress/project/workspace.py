"""A project as it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import FileReading, Lock, Package
from ankipress.project.deck import Project
from ankipress.project.door import LARGEST_LOCK, read_file
from ankipress.project.file_digests import ChangedMeanwhileError, FileDigests
from ankipress.project.inputs import Inputs
from ankipress.project.location import SETTINGS, shown_path
from ankipress.project.trust import Want

if TYPE_CHECKING:
    from ankipress.project.notebooks import Notebook

PROJECT_LOCK = "ankipress.lock"
"""The lock of a project with settings, or of a folder."""


@dataclass(frozen=True, slots=True)
class LockChoice:
    """What a user has said of the locks that were left behind: which ones to go on with, or to go
    on with none.
    """

    wanted: tuple[Path, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Adoption:
    """What a project took from locks that were left behind, by path: what stays in each, None where
    nothing does and it can go.
    """

    rests: Mapping[Path, Lock | None]


@dataclass(slots=True)
class Workspace:
    """A project as it was read, with its files and problems.

    `texts` are the texts of all files by path. `inputs` records everything that was read. `sources`
    are the paths of all sources, including those that cannot be read. `arguments` are the PATHS of
    the command line that mean this project. `only` is the end of a package's name if some sources
    are not packed. `extension_wants` are the extensions that the settings name and that a user must
    allow: the settings of `project` have only those that are allowed. `adoption` is what was taken
    from other locks, None until that was looked at. `asked_reading` is how a user says that files
    without settings are to be read, and `found_reading` what was found in them and is kept from now
    on. `notebooks` are the notebooks among the sources: places in their sources are places in their
    Markdown, and `texts` has their JSON.
    """

    root: Path
    project: Project
    lock_path: Path
    output: Path
    texts: dict[str, str]
    inputs: Inputs
    digests: FileDigests
    diagnostics: list[Diagnostic]
    sources: frozenset[str]
    arguments: tuple[str, ...] = ()
    settings_path: Path | None = None
    only: str = ""
    extension_wants: tuple[Want, ...] = ()
    lock_choice: LockChoice = LockChoice()
    adoption: Adoption | None = None
    asked_reading: FileReading | None = None
    found_reading: FileReading | None = None
    notebooks: Mapping[str, Notebook] = field(default_factory=dict)

    @property
    def has_settings(self) -> bool:
        """Whether it is a project or a folder, and not some files of their own."""
        return self.lock_path.name == PROJECT_LOCK

    @property
    def has_no_lock(self) -> bool:
        """Whether there is no file of a lock."""
        return self.inputs.files.get(str(self.lock_path)) == ""

    @property
    def lock_text(self) -> str:
        """The text of the lock, empty where there is none."""
        return self.texts.get(self.lock_path.name, "")

    @property
    def tombstones_path(self) -> Path:
        """The file of the tombstones, beside the lock."""
        return self.lock_path.with_suffix(".retired")

    def package_name(self, package: Package) -> str:
        """The name of the file of a package."""
        return f"{package.name}-{package.version}{self.only}.apkg"

    def folders_written(self, output: Path | None = None) -> Sequence[Path]:
        """The folders that nothing is written out of by a link, except where a user named the
        folder for the `output`.
        """
        if output is not None:
            return (self.root,)
        return (self.root, self.output.parent)

    @property
    def as_read(self) -> Mapping[Path, str]:
        """The digests of the texts that were read, empty for settings or a lock that are missing.

        Before the results of a command are written, the files must still have these digests.
        """
        names = [*self.texts, self.lock_path.name, SETTINGS]
        paths = {str(self.root / name) for name in names}
        digests = self.inputs.files
        return {Path(path): digests[path] for path in digests if path in paths}

    def wrote(self, contents: Mapping[Path, bytes]) -> None:
        """Record that files were written, so that they do not count as changed."""
        for path, content in contents.items():
            digest = sha256(content).hexdigest()
            self.inputs.found(path, digest)

    def read_again(self, path: Path) -> bytes:
        """The bytes of a file that was read before.

        Raises OSError, and ChangedMeanwhileError if it has changed.
        """
        content = read_file(path, self.root, LARGEST_LOCK)
        if sha256(content).hexdigest() != self.inputs.files[str(path)]:
            raise ChangedMeanwhileError(path)
        return content

    def located(self, location: Location) -> Location:
        """The place of a source as its author sees it: of a notebook, that in its JSON."""
        if location.path not in self.notebooks:
            return location
        return self.notebooks[location.path].located(location)

    def as_written(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics as authors see them: those of a notebook with cell and line."""
        if not self.notebooks:
            return list(diagnostics)
        return [self._as_written(each) for each in diagnostics]

    def _as_written(self, diagnostic: Diagnostic) -> Diagnostic:
        message = diagnostic.message
        for path, notebook in self.notebooks.items():
            if f"{path}:" in message:  # it names another card by its place
                message = notebook.with_lines(message, path)
        shown = replace(diagnostic, message=message)
        if shown.location.path in self.notebooks:
            return self.notebooks[shown.location.path].diagnostic(shown)
        return shown

    def display(self, path: str) -> str:
        """A path of the project as seen from the current folder."""
        return shown_path(self.root / path)
