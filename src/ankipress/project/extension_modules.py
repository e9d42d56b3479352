"""The modules that extensions of Python-Markdown are in, found without importing any of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from importlib.machinery import ModuleSpec, all_suffixes
from pathlib import Path

_OURS = frozenset({"markdown", "pymdownx"})
"""Packages that ankipress itself imports, so that a look for a module may name them."""


def target_of(name: str) -> str:
    """What Python-Markdown loads for the name of an extension: `MODULE` or `MODULE:NAME`."""
    # Takes a while, and few projects have extensions.
    from importlib.metadata import entry_points  # noqa: PLC0415

    for entry_point in entry_points(group="markdown.extensions", name=name):
        return entry_point.value
    return name


def is_nowhere(target: str) -> bool:
    """Whether loading an extension runs nothing at all, since there is no such module."""
    module = target.partition(":")[0]
    top = module.partition(".")[0]
    if top not in sys.modules and _spec(top, None) is None:
        return True
    # A package of others may do anything when it is imported, also where it has no such module.
    return top in _OURS and _found(module) is None


def _found(module: str) -> ModuleSpec | None:
    """The spec of a module in a package, found without importing the package."""
    path: list[str] | None = None
    spec = None
    names = module.split(".")
    for number in range(1, len(names) + 1):
        spec = _spec(".".join(names[:number]), path)
        if spec is None:
            return None
        path = list(spec.submodule_search_locations or ())
    return spec


def _spec(name: str, path: list[str] | None) -> ModuleSpec | None:
    for finder in sys.meta_path:
        with suppress(Exception):  # a name that is none
            spec = finder.find_spec(name, path)
            if spec is not None:
                return spec
    return None


def own_code(target: str, root: Path) -> list[Path]:
    """The files in a project that an extension could import as modules, sorted.

    There are none where Python looks for no modules in the project. Those that were installed with
    this Python, as into a `.venv` in the project, are not the project's own.
    """
    root = root.resolve()
    files: set[Path] = set()
    for folder in {*_search_path(), *_folders_of(target)}:
        if _is_own(folder, root):
            files.update(_importable(folder, set()))
    return sorted(files)


def digest_of(files: list[Path], root: Path) -> str:
    """A digest of the names and contents of some files of a project."""
    digest = blake2b(digest_size=16)
    for file in files:
        name = os.fsencode(os.path.relpath(file, root.resolve()))
        content = file.read_bytes()
        digest.update(b"%d %b %d " % (len(name), name, len(content)))
        digest.update(content)
    return digest.hexdigest()


def _search_path() -> Iterator[Path]:
    for entry in sys.path:
        yield Path(entry or ".").resolve()


def _folders_of(target: str) -> Iterator[Path]:
    """The folders that the outermost package of an extension lies in, as an installation that can
    be edited puts it on no path.
    """
    top = target.partition(":")[0].partition(".")[0]
    spec = _spec(top, None)
    if spec is None:
        return
    for each in (spec.origin, *(spec.submodule_search_locations or ())):
        if each and Path(each).exists():
            yield Path(each).resolve().parent


def _is_own(folder: Path, root: Path) -> bool:
    return folder.is_relative_to(root) and not _is_of_python(folder)


def _is_of_python(path: Path) -> bool:
    """Whether a path lies in the folders of the Python that runs."""
    prefixes = (Path(each).resolve() for each in (sys.prefix, sys.base_prefix))
    return any(path.is_relative_to(prefix) for prefix in prefixes)


def _importable(path: Path, seen: set[Path]) -> Iterator[Path]:
    """The files below a folder that Python can import, through links too; an archive itself."""
    real = path.resolve()
    if real in seen or _is_of_python(real):
        return
    seen.add(real)
    if path.is_file():
        yield path
        return
    with suppress(OSError):
        for entry in sorted(path.iterdir()):
            if entry.is_dir() and entry.name.isidentifier():
                yield from _importable(entry, seen)
            elif entry.is_file() and _is_code(entry):
                yield entry


def _is_code(file: Path) -> bool:
    if not file.name.endswith(tuple(all_suffixes())):
        return False
    if file.parent.name == "__pycache__":
        return not _is_of_source(file)
    return True


def _is_of_source(file: Path) -> bool:
    """Whether compiled code counts only while its source has the same time and size (PEP 552).

    Python writes such files by itself, so that they may come and go.
    """
    with suppress(OSError):
        with file.open("rb") as stream:
            flags = stream.read(8)[4:]
        return flags == bytes(4)
    return False
