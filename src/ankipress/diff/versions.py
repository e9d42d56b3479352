"""Arithmetic of versions: `1.2.3`, or `1.2.3-rc.1` for one that comes before it."""

from __future__ import annotations

import re

from ankipress.diff.difference import Bump

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.]+))?")


def version_key(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
    """What versions are sorted by: as Semantic Versioning does, section 11. Raises ValueError."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(f"{version!r} is no version such as 1.0.0")
    numbers = tuple(int(found[number]) for number in (1, 2, 3))
    parts = found[4].split(".") if found[4] else []
    return (
        numbers,
        not parts,
        tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts),
    )


def next_version(version: str, bump: Bump) -> str:
    """The smallest version that is such a step after another, which stays as it is for no step.

    A version before its release, such as `2.0.0-rc.1`, becomes the release where that is step
    enough.
    """
    (major, minor, patch), is_final, _ = version_key(version)
    if bump is Bump.NONE:
        return version
    if not is_final:
        reached = Bump.MAJOR if not minor and not patch else Bump.MINOR if not patch else Bump.PATCH
        if bump <= reached:
            return f"{major}.{minor}.{patch}"
    steps = {
        Bump.MAJOR: (major + 1, 0, 0),
        Bump.MINOR: (major, minor + 1, 0),
        Bump.PATCH: (major, minor, patch + 1),
    }
    return ".".join(map(str, steps[bump]))


def is_too_small(version: str, old: str, bump: Bump) -> bool:
    """Whether a version is a smaller step after the old one than the difference asks for.

    One before its release, such as `2.0.0-rc.1`, is as large a step as that release.
    """
    if bump is Bump.NONE:
        return version_key(version) < version_key(old)
    needed = version_key(next_version(old, bump))[0]
    return version_key(version)[0] < needed or version_key(version) <= version_key(old)
