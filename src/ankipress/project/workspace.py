"""A project as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """A project as it was read, with its files and problems.

    `texts` are the texts of all files by path. `inputs` records everything that was read. `sources`
    are the paths of all sources, including those that cannot be read. `arguments` are the PATHS of
    the command line that mean this project. `only` is the end of a package's name if some sources
    are not packed.
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
        """The digests of the texts that were read.

        Before the results of a command are written, the files must still have these digests.
        """
        names = [*self.texts, self.lock_path.name]
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
        content = path.read_bytes()
        if sha256(content).hexdigest() != self.inputs.files[str(path)]:
            raise ChangedMeanwhileError(path)
        return content

    def display(self, path: str) -> str:
        """A path of the project as seen from the current folder."""
        return shown_path(self.root / path)
