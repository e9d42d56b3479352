"""The versions of all that shapes the bytes of a package, for whoever wants to build the same ones."""

from __future__ import annotations

import functools
import os
import platform
import re
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress

import ankipress

_RENDERING = ("Markdown", "markdown-it-py", "nh3", "Pygments", "pymdown-extensions")
_PACKAGES = ("genanki", *_RENDERING)


def tool_versions() -> dict[str, str]:
    """The versions by name, of ankipress first."""
    return {
        "ankipress": ankipress.__version__,
        **{name: version_of(name) for name in _PACKAGES},
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


@functools.cache
def rendering_tools() -> dict[str, str]:
    """The versions of those that shape the fields of notes."""
    return {
        name: each for name, each in tool_versions().items() if name in {"ankipress", *_RENDERING}
    }


def installed() -> Iterator[str]:
    """The folders that describe what is installed, by name and version; read faster than by
    importlib.metadata.
    """
    for folder in sys.path:
        with suppress(OSError):
            yield from (
                name
                for name in os.listdir(folder or ".")
                if name.endswith((".dist-info", ".egg-info"))
            )


def version_of(package: str) -> str:
    """The version of an installed package; "unknown" where it was put there without its metadata.

    It stands in the name of the folder that describes a package, but for old ways of installing one
    (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
    """
    versions = [
        version
        for name, _, version in (
            each.removesuffix(".dist-info").partition("-") for each in _described()
        )
        if _normal(name) == _normal(package)
    ]
    if len(versions) == 1:
        return versions[0]
    # Takes long, and reads mail for it.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


@functools.cache
def _described() -> tuple[str, ...]:
    return tuple(name for name in installed() if name.endswith(".dist-info"))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
