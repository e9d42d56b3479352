"""Where a project is: its top folder, the file of its settings, and its sources."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class UsageError(ValueError):
    """The arguments mean no project, file or card. The message says why."""


class UnreadableSettingsError(OSError):
    """The file of the settings cannot be read."""


@dataclass(frozen=True, slots=True)
class ProjectLocation:
    """The top folder of a project, and the file of its settings, None where it has none."""

    root: Path
    file: Path | None

    @classmethod
    def above(cls, folder: Path) -> ProjectLocation | None:
        """The nearest settings in a folder or above it."""
        for each in (folder, *folder.parents):
            file = each / "ankipress.toml"
            if file.is_file():
                return cls(each, file)
            file = each / "pyproject.toml"
            if file.is_file() and b"[tool.ankipress" in read_settings(file):
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
    """What is in the file of the settings. Raises UnreadableSettingsError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableSettingsError(error.errno, error.strerror, shown_path(path)) from None


def shown_path(path: Path) -> str:
    """A path as an author would type it in the current folder, with `/`.

    It is relative unless it is far away.
    """
    try:
        relative = Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
    if relative.startswith("../.."):
        return Path(os.path.abspath(path)).as_posix()
    return relative


def sources_of(root: Path, patterns: Sequence[str]) -> list[Path]:
    """The files that the patterns mean, sorted by path, so that no order of a folder shows in the
    package.
    """
    wanted: set[Path] = set()
    for pattern in patterns:
        try:
            paths = root.glob(pattern.removeprefix("!"))
            found = {path for path in paths if path.is_file()}
        except (ValueError, IndexError, NotImplementedError) as error:
            message = f'the pattern "{pattern}" in `sources` means no files: {error}'
            raise UsageError(message) from None
        if pattern.startswith("!"):
            wanted -= found
        else:
            wanted |= found
    return sorted(wanted, key=lambda path: relative(path, root))


def relative(path: Path, root: Path) -> str:
    """A path as the project calls it."""
    return Path(os.path.relpath(path, root)).as_posix()


def real_path(path: Path, root: Path) -> Path | None:
    """The path of a file or folder of a project with all links followed.

    None where that is outside the project, or where the links go in circles. Raises
    FileNotFoundError and PermissionError.
    """
    try:
        real = path.resolve(strict=True)
    except (FileNotFoundError, PermissionError):
        raise
    except (OSError, RuntimeError):  # links in circles
        return None
    if real.is_relative_to(root.resolve()):
        return real
    return None
