"""Reads packages on disk, each in a process with limits, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ankipress.package.package_answer import contents_in, files_in, whole_in
from ankipress.package.package_reading import PackageContents
from ankipress.package.unpacking import PackageError
from ankipress.package.whole_collection import WholeCollection
from ankipress.project.door import names_in
from ankipress.project.limited_process import LimitError, Limits, run_limited

LIMITS = Limits(seconds=60, memory=3 * 1024**3, answer=1024**3)
_MODULE = "ankipress.package.package_answer"
_AT_ONCE = 100  # names: Windows limits the length of a command line


def read_package(path: Path) -> PackageContents:
    """All that a package holds. Raises PackageError and OSError."""
    return contents_in(_answer(path, "contents_answer"))


def read_collection(path: Path, deck: str | None = None) -> WholeCollection:
    """All that a package, or the database of a collection, holds, or what is in a deck of it.

    Raises PackageError and OSError.
    """
    decks = [] if deck is None else [deck]
    return whole_in(_answer(path, "whole_answer", *decks))


def built_packages(output: Path) -> Sequence[Path]:
    """The packages in the folder of a project's output, by their names; none where that leads out
    of the project.
    """
    try:
        names = names_in(output, output.parent)
    except OSError:
        return ()
    return [output / name for name in sorted(names) if name.endswith(".apkg")]


def read_package_files(path: Path, names: Iterable[str]) -> Mapping[str, bytes]:
    """The bytes of some of the media of a package. Raises PackageError and OSError."""
    found: dict[str, bytes] = {}
    wanted = list(names)
    for start in range(0, len(wanted), _AT_ONCE):
        found |= read_few_files(path, wanted[start : start + _AT_ONCE])
    return found


def read_few_files(path: Path, names: Iterable[str]) -> Mapping[str, bytes]:
    """The bytes of so many media that their names fit on a command line, and their bytes into an
    answer. Raises PackageError and OSError.
    """
    return files_in(_answer(path, "files_answer", *names))


def _answer(path: Path, function: str, *words: str) -> bytes:
    try:
        return run_limited(f"{_MODULE}:{function}", LIMITS, path, *words)
    except LimitError as error:
        raise PackageError(str(error)) from error
