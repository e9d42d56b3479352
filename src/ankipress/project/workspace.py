"""A project as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ankipress.diagnostics import Diagnostic
from ankipress.model import Package
from ankipress.project.deck import Project
from ankipress.project.file_digests import ChangedMeanwhileError, FileDigests
from ankipress.project.inputs import Inputs
from ankipress.project.location import shown_path


@dataclass(slots=True)
class Workspace:
    """A project as read: where it is, what is in it, what could not be read, and the text of every
    file by its path.

    `inputs` is the record of all that was read. `sources` are the paths of all sources, also of
    those that cannot be read. `arguments` are the PATHS that mean this project where the command
    was started. `only` is what the name of a package of some sources ends in.
    """

    root: Path
    project: Project
    lock_path: Path
    output: Path
    texts: dict[str, str]
    inputs: Inputs = field(default_factory=Inputs)
    digests: FileDigests = field(default_factory=lambda: FileDigests({}))
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: frozenset[str] = frozenset()
    arguments: tuple[str, ...] = ()
    settings_path: Path | None = None
    only: str = ""

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

    @property
    def as_read(self) -> Mapping[Path, str]:
        """The digests of the texts that were read, which nobody may have changed when something is
        written that was made of them.
        """
        texts = {str(self.root / path) for path in (*self.texts, self.lock_path.name)}
        files = self.inputs.files.items()
        return {Path(path): digest for path, digest in files if path in texts}

    def wrote(self, contents: Mapping[Path, bytes]) -> None:
        """Take note of files that were written: they are as they were meant to be."""
        for path, content in contents.items():
            self.inputs.found(path, sha256(content).hexdigest())

    def read_again(self, path: Path) -> bytes:
        """The bytes of a file that was read. Raises OSError, where it is another one now a
        ChangedMeanwhileError.
        """
        content = path.read_bytes()
        if sha256(content).hexdigest() != self.inputs.files[str(path)]:
            raise ChangedMeanwhileError(path)
        return content

    def display(self, path: str) -> str:
        """A path of the project as seen from where the command was started."""
        return shown_path(self.root / path) if path else shown_path(self.root)
