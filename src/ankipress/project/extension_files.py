"""What the Markdown extensions of a project are made of: an installed one has a version, one of its
author's own has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

_INSTALLED = frozenset({"site-packages", "dist-packages"})


def extension_texts(names: Iterable[str]) -> Iterator[str]:
    """The texts of some extensions: of the module of one that is installed, of all modules of an
    own one.
    """
    for name in names:
        file = _module(name)
        for each in _modules_of(file) if file and _is_own(file) else [file] if file else ():
            with suppress(OSError):
                yield each.read_bytes().decode("utf-8", "surrogateescape")


def has_own(names: Iterable[str]) -> bool:
    """Whether one of some extensions is an author's own: of what it reads and imports, nobody knows
    all.
    """
    return any(file and _is_own(file) for file in map(_module, names))


def _module(name: str) -> Path | None:
    """The file of the module that an extension is in, found by the rules of Python-Markdown."""
    # Takes a while, and few projects have extensions.
    from importlib.metadata import entry_points  # noqa: PLC0415

    with suppress(Exception):  # whatever an extension raises, rendering says
        known = next(iter(entry_points(group="markdown.extensions", name=name)), None)
        spec = find_spec(known.module if known else name.partition(":")[0])
        if spec and spec.origin:
            return Path(spec.origin)
    return None


def _is_own(file: Path) -> bool:
    return not _INSTALLED.intersection(file.parts)


def _modules_of(file: Path) -> list[Path]:
    """The modules beside one, and below: those of its package."""
    folder = file.parent
    return sorted(folder.rglob("*.py") if file.name == "__init__.py" else folder.glob("*.py"))
