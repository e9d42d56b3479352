"""Notes that the tools changed and not their author: how many, and which version did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drift:
    """The guids of notes whose packed content differs though their source does not.

    `versions` names each tool whose version differs, with the version of before and of now. That of
    before is None where the lock does not know it.
    """

    guids: frozenset[str] = frozenset()
    versions: tuple[tuple[str, str | None, str], ...] = ()

    @property
    def cause(self) -> str:
        """Such as `Pygments 2.18.0 → 2.19.1`."""
        if not self.versions:
            return "no version of a tool differs, so ankipress itself, or an extension, was edited"
        return ", ".join(f"{name} {old or '?'} → {new}" for name, old, new in self.versions)


def drift_of(
    guids: frozenset[str],
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> Drift:
    """The drift of some notes from the tools of one lock to others; none where no note drifted."""
    if not guids:
        return Drift()
    versions = []
    for name, version in sorted(new.items()):
        before = old.get(name)
        if before != version:
            versions.append((name, before, version))
    return Drift(guids, tuple(versions))
