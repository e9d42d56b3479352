"""The programs that read and render cards: results of other programs are not used again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

import ankipress
from ankipress.project.extension_modules import target_of

_INSTALLED = frozenset({"site-packages", "dist-packages"})


def programs_fingerprint() -> bytes:
    """A digest of ankipress, Python, and every installed distribution with its version."""
    own = sorted(_own_modules(Path(ankipress.__file__).parent))
    distributions = sorted(set(installed()))
    words = [ankipress.__version__, sys.version, *own, *distributions]
    return _digest(words)


def extensions_fingerprint(names: Iterable[str]) -> bytes:
    """A digest of the modules that some Markdown extensions are in.

    To look for a module in a package imports the package, so the extensions must be trusted.
    """
    words = (text for name in names for text in _extension_texts(name))
    return _digest(words)


@contextmanager
def safe_path_in_children() -> Iterator[None]:
    """Let a Python that is started meanwhile import no modules from the current folder."""
    name = "PYTHONSAFEPATH"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _digest(words: Iterable[str]) -> bytes:
    digest = blake2b(digest_size=16)
    for word in words:
        digest.update(word.encode("utf-8", "surrogateescape") + b"\0")
    return digest.digest()


def _own_modules(folder: str | Path) -> Iterator[str]:
    """The path, size and time of every file of ankipress, for those who work on it."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _own_modules(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def installed() -> Iterator[str]:
    """The names of the folders that describe installed packages, by name and version.

    Reading them is much faster than importing importlib.metadata.
    """
    for folder in sys.path:
        with suppress(OSError):
            for name in os.listdir(folder or "."):
                if name.endswith((".dist-info", ".egg-info")):
                    yield name


def _extension_texts(name: str) -> Iterator[str]:
    """The source texts of an extension.

    An installed extension has a version, so its own module is enough. Of an author's extension,
    all modules in the same folder are read.
    """
    file = _module(name)
    if file is None:
        return
    files = [file]
    if not _INSTALLED.intersection(file.parts):
        files = _modules_beside(file)
    for each in files:
        with suppress(OSError):
            yield each.read_bytes().decode("utf-8", "surrogateescape")


def _module(name: str) -> Path | None:
    """The file of the module that an extension is in, found by the rules of Python-Markdown."""
    # Takes a while, and few projects have extensions.
    from importlib.util import find_spec  # noqa: PLC0415

    with suppress(Exception):  # rendering reports whatever an extension raises
        module = target_of(name).partition(":")[0]
        spec = find_spec(module)
        if spec and spec.origin:
            return Path(spec.origin)
    return None


def _modules_beside(file: Path) -> list[Path]:
    """The modules in the folder of one, and in the folders below it if it is a package."""
    pattern = "*.py"
    if file.name == "__init__.py":
        pattern = "**/*.py"
    return sorted(file.parent.glob(pattern))
