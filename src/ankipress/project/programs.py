"""What shapes the cards beside their text: the programs that read and render them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import ankipress

_INSTALLED = frozenset({"site-packages", "dist-packages"})


def programs_fingerprint() -> bytes:
    """A digest of ankipress itself, Python, and every installed distribution with its version: what
    was remembered with another one is not believed.
    """
    own = sorted(_own_modules(Path(ankipress.__file__).parent))
    return _digest([ankipress.__version__, sys.version, *own, *sorted(set(_installed()))])


def extensions_fingerprint(names: Iterable[str]) -> bytes:
    """A digest of the modules that some Markdown extensions are in."""
    return _digest(text for name in names for text in _extension_texts(name))


def _digest(words: Iterable[str]) -> bytes:
    digest = blake2b(digest_size=16)
    for word in words:
        digest.update(word.encode("utf-8", "surrogateescape") + b"\0")
    return digest.digest()


def _own_modules(folder: str | Path) -> Iterator[str]:
    """Every file of ankipress as the system describes it: who works on it edits them."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _own_modules(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def _installed() -> Iterator[str]:
    """The folders that describe what is installed, named by name and version. This takes a
    hundredth of the time of importlib.metadata.
    """
    for folder in sys.path:
        with suppress(OSError):
            for name in os.listdir(folder or "."):
                if name.endswith((".dist-info", ".egg-info")):
                    yield name


def _extension_texts(name: str) -> Iterator[str]:
    """The texts of an extension: of its module where it is installed, of all modules beside it
    where it is the author's own.
    """
    file = _module(name)
    if file is None:
        return
    files = [file] if _INSTALLED.intersection(file.parts) else _modules_of(file)
    for each in files:
        with suppress(OSError):
            yield each.read_bytes().decode("utf-8", "surrogateescape")


def _module(name: str) -> Path | None:
    """The file of the module that an extension is in, found by the rules of Python-Markdown."""
    # Takes a while, and few projects have extensions.
    from importlib.metadata import entry_points  # noqa: PLC0415
    from importlib.util import find_spec  # noqa: PLC0415

    with suppress(Exception):  # whatever an extension raises, rendering says
        known = next(iter(entry_points(group="markdown.extensions", name=name)), None)
        spec = find_spec(known.module if known else name.partition(":")[0])
        if spec and spec.origin:
            return Path(spec.origin)
    return None


def _modules_of(file: Path) -> list[Path]:
    """The modules beside one, and below: those of its package."""
    folder = file.parent
    return sorted(folder.rglob("*.py") if file.name == "__init__.py" else folder.glob("*.py"))
