"""The versions of the tools that packages depend on: with equal ones, builds are reproducible."""

from __future__ import annotations

import functools
import platform
import re
import sqlite3
import zlib

import ankipress
from ankipress.project.programs import installed

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
    versions = tool_versions()
    return {name: versions[name] for name in ("ankipress", *_RENDERING)}


def version_of(package: str) -> str:
    """The version of an installed package; "unknown" where it was installed without metadata.

    The name of the folder that describes a package has it, but for old ways of installing one
    (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
    """
    versions = []
    for each in _described():
        name, _, number = each.removesuffix(".dist-info").partition("-")
        if _normal(name) == _normal(package):
            versions.append(number)
    if len(versions) == 1:
        return versions[0]
    # Slow, since it imports a parser of mail.
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
