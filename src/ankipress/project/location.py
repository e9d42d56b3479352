"""Where a project is: its top folder, the file of its settings, and its sources."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

MARKDOWN = frozenset({".md", ".markdown"})
"""The endings of Markdown files, in lower case."""
_OF_TOOLS = frozenset({"__pycache__", "node_modules", "site-packages"})


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

    Wildcards mean no hidden files and folders, and none that tools fill. `.md` means Markdown,
    however its ending is written.
    """
    wanted: set[Path] = set()
    for pattern in patterns:
        try:
            found = _matched(root, pattern.removeprefix("!"))
        except (ValueError, IndexError, NotImplementedError) as error:
            message = f'the pattern "{pattern}" in `sources` means no files: {error}'
            raise UsageError(message) from None
        if pattern.startswith("!"):
            wanted -= found
        else:
            wanted |= found
    return sorted(wanted, key=lambda path: relative(path, root))


def _matched(root: Path, pattern: str) -> set[Path]:
    paths = root.glob(pattern)
    found = _files(root, paths, pattern)
    name = PurePosixPath(pattern).name
    is_exact = not any(each in name for each in "*?[")
    if not name.lower().endswith(".md") or (is_exact and found):
        return found
    # On most systems, patterns distinguish upper and lower case.
    others = root.glob(f"{pattern[:-3]}.[mM]*")
    markdown = [path for path in others if path.suffix.lower() in MARKDOWN]
    return found | _files(root, markdown, pattern)


def _files(root: Path, paths: Iterable[Path], pattern: str) -> set[Path]:
    """The files among some paths, without those in places that the pattern does not name."""
    named = PurePosixPath(pattern).parts
    return {path for path in paths if not _is_unnamed(path, root, named) and path.is_file()}


def _is_unnamed(path: Path, root: Path, named: Sequence[str]) -> bool:
    """Whether a path lies in a hidden folder, or in one of a tool, that no part of a pattern names.

    As in a shell, a wildcard does not stand for a dot at the beginning.
    """
    for part in path.relative_to(root).parts:
        if part.startswith("."):
            dotted = [each for each in named if each.startswith(".")]
            if not any(fnmatchcase(part, each) for each in dotted):
                return True
        elif part in _OF_TOOLS and part not in named:
            return True
    return False


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
