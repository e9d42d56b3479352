"""Where a project is: its top folder, and the file of its settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.project.door import LARGEST_SETTINGS, help_with, read_file

SETTINGS = "ankipress.toml"
"""The file of the settings, where they have a file of their own."""


class UsageError(ValueError):
    """The arguments mean no project, file or card. The message says why."""


class UnreadableSettingsError(OSError):
    """The file of the settings cannot be read. `help` says what to do."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(error.errno, error.strerror, shown_path(path))
        self.help = help_with(error)


@dataclass(frozen=True, slots=True)
class ProjectLocation:
    """The top folder of a project, and the file of its settings, None where it has none."""

    root: Path
    file: Path | None

    @classmethod
    def above(cls, folder: Path) -> ProjectLocation | None:
        """The nearest settings in a folder or above it. Raises UnreadableSettingsError."""
        for each in (folder, *folder.parents):
            file = each / SETTINGS
            # What is there and is no file is an error, and not another project further up.
            if os.path.lexists(file):
                return cls(each, file)
            file = each / "pyproject.toml"
            if os.path.lexists(file) and b"[tool.ankipress" in read_settings(file):
                return cls(each, file)
        return None

    @classmethod
    def around(cls, folder: Path) -> ProjectLocation:
        """The project around a folder, which is a project itself where there are no settings."""
        return cls.above(folder) or cls(folder, None)


def location_of_project(paths: Sequence[Path]) -> ProjectLocation:
    """The project that some paths mean, found without reading it.

    Raises UnreadableSettingsError.
    """
    first = paths[0] if paths else Path.cwd()
    folder = Path(os.path.abspath(first))
    if not folder.is_dir():
        folder = folder.parent
    return ProjectLocation.around(folder)


def read_settings(path: Path) -> bytes:
    """What is in the file of the settings, which stands in the top folder of its project.

    Raises UnreadableSettingsError.
    """
    try:
        return read_file(path, path.parent, LARGEST_SETTINGS)
    except OSError as error:
        raise UnreadableSettingsError(path, error) from None


def shown_path(path: Path) -> str:
    """A path as an author would type it in the current folder, with `/`.

    It is relative unless it is far away. Of a name that is not UTF-8, the bytes are escaped.
    """
    path = _near_path(path)
    return path.as_posix().encode("utf-8", "backslashreplace").decode()


def _near_path(path: Path) -> Path:
    try:
        relative = Path(os.path.relpath(path))
    except ValueError:  # another drive
        return path
    if relative.as_posix().startswith("../.."):
        return Path(os.path.abspath(path))
    return relative


def relative(path: Path, root: Path) -> str:
    """A path as the project calls it."""
    return Path(os.path.relpath(path, root)).as_posix()
