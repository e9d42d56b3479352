"""A project as it was read."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from ankipress.build.pipeline import Project
from ankipress.diagnostics import Diagnostic
from ankipress.model import Package
from ankipress.project.atomic import ChangedMeanwhileError, digest
from ankipress.project.containment import leads_out
from ankipress.project.location import memory_in, shown_path
from ankipress.project.media_files import DiskMedia


@dataclass(slots=True)
class Workspace:
    """A project as read: where it is, what is in it, what could not be read, and the text of every
    file by its path.
    """

    root: Path
    project: Project
    lock_path: Path
    output: Path
    texts: MutableMapping[str, str]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: frozenset[str] = frozenset()  # the paths of all sources, those that cannot be read too
    as_read: dict[Path, str] = field(
        default_factory=dict
    )  # digests of what nobody may have changed when something is written
    arguments: tuple[
        str, ...
    ] = ()  # the PATHS that mean this project where the command was started
    settings_path: Path | None = None  # the file of the settings, None where there is none
    only: str = ""  # what the name of a package of some sources ends in

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

    def files_read(self) -> list[Path]:
        """Every file that was read and may change the package, whether it could be read or not; the
        lock is one of them.
        """
        media = self.project.media
        seen = media.digests if isinstance(media, DiskMedia) else ()
        beside = (self.lock_path.name, self.tombstones_path.name)
        return sorted({self.root / path for path in (*self.texts, *beside, *seen)})

    @property
    def digests(self) -> Mapping[Path, str]:
        """Those of all files that could be read, as they were then."""
        media = self.project.media
        seen = media.digests.items() if isinstance(media, DiskMedia) else ()
        return {
            **self.as_read,
            **{self.root / path: each for path, each in seen if each is not None},
        }

    @property
    def memory(self) -> Path | None:
        """The folder of what is remembered from one build to the next; None where a link leads from
        there out of the project.
        """
        folder = memory_in(self.output)
        return None if leads_out(folder, self.root) else folder

    def read_again(self, path: Path) -> bytes:
        """The bytes of a file that was read. Raises OSError, where it is another one now a
        ChangedMeanwhileError.
        """
        content = path.read_bytes()
        if digest(content) != self.as_read[path]:
            raise ChangedMeanwhileError(path)
        return content

    def looked_up(self) -> Mapping[str, bool]:
        """What was looked up without being read, by its path in the project, and whether it was
        there.
        """
        media = self.project.media
        return dict(media.looked_up) if isinstance(media, DiskMedia) else {}

    def display(self, path: str) -> str:
        """A path of the project as seen from where the command was started."""
        return shown_path(self.root / path) if path else shown_path(self.root)
