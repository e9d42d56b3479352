"""Which version follows from a change."""

from __future__ import annotations

import enum

from ankipress.project.versions import version_key


class Bump(enum.IntEnum):
    """How large a step in version a difference is, as learners feel it."""

    NONE = 0  # nothing that a learner could notice
    PATCH = 1  # existing cards changed, and keep their reviews
    MINOR = 2  # cards or decks are new
    # Cards are retired, a note type has another schema, or Anki leaves something as it was.
    MAJOR = 3


def next_version(version: str, bump: Bump) -> str:
    """The smallest version that is such a step after another one.

    A pre-release, such as `2.0.0-rc.1`, becomes its release if that is a large enough step.
    """
    (major, minor, patch), is_final, _ = version_key(version)
    if bump is Bump.NONE:
        return version
    if not is_final and bump <= _size(minor, patch):
        return f"{major}.{minor}.{patch}"
    if bump is Bump.MAJOR:
        return f"{major + 1}.0.0"
    if bump is Bump.MINOR:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def _size(minor: int, patch: int) -> Bump:
    """How large a step a release with these numbers is."""
    if patch:
        return Bump.PATCH
    if minor:
        return Bump.MINOR
    return Bump.MAJOR


def is_too_small(version: str, old: str, bump: Bump) -> bool:
    """Whether a version is a smaller step after the old one than the difference needs.

    A pre-release counts as the same step as its release.
    """
    new_key = version_key(version)
    old_key = version_key(old)
    if bump is Bump.NONE:
        return new_key < old_key
    needed = version_key(next_version(old, bump))
    return new_key[0] < needed[0] or new_key <= old_key
