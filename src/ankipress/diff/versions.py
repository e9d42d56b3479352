"""Which version follows from a difference."""

from __future__ import annotations

from ankipress.diff.difference import Bump
from ankipress.project.versions import version_key


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
