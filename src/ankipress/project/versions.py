"""Versions of decks and their order: `1.2.3`, or `1.2.3-rc.1` for one that comes before it."""

from __future__ import annotations

import re

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.]+))?")

VersionKey = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def is_version(text: str) -> bool:
    """Whether a text is a version."""
    return _VERSION.fullmatch(text) is not None


def version_key(version: str) -> VersionKey:
    """What versions are sorted by: as Semantic Versioning does, section 11.

    The key begins with the three numbers, and tells whether the version is a release. Any other
    text, as an edited lock may have it, comes before all versions.
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        return (), False, ()
    *digits, prerelease = found.groups()
    numbers = tuple(map(int, digits))
    if not prerelease:
        return numbers, True, ()
    identifiers = prerelease.split(".")
    return numbers, False, tuple(map(_identifier_key, identifiers))


def _identifier_key(identifier: str) -> tuple[bool, int, str]:
    """Numbers come before words, and by their values."""
    if identifier.isdecimal():
        return False, int(identifier), identifier
    return True, 0, identifier
