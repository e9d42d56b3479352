"""The versions of all that shapes the bytes of a package, for whoever wants to build the same ones."""

from __future__ import annotations

import functools
import platform
import sqlite3
import zlib
from importlib.metadata import PackageNotFoundError, version

import recto

_RENDERING = ("Markdown", "markdown-it-py", "nh3", "Pygments", "pymdown-extensions")
_PACKAGES = ("genanki", *_RENDERING)


def tool_versions() -> dict[str, str]:
    """The versions by name, of recto first."""
    return {
        "recto": recto.__version__,
        **{name: _version(name) for name in _PACKAGES},
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


@functools.cache
def rendering_tools() -> dict[str, str]:
    """The versions of those that shape the fields of notes."""
    return {name: each for name, each in tool_versions().items() if name in {"recto", *_RENDERING}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # it was put there without its metadata
        return "unknown"
