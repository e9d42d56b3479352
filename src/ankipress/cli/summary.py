"""What a build says that it made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.project.location import shown_path


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that was made: its file, what is in it, and its size in bytes."""

    path: str
    notes: int
    size: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in the packages of a project, and where they are."""

    name: str
    version: str
    notes: int
    drafts: int
    tombstones: int
    media: int
    packages: Sequence[Packed]

    def text(self, new: int = 0, changed: int = 0, retired: int = 0) -> str:
        """What was made, and how many notes are new, changed and retired: a line, and one for each
        of several packages.
        """
        drafts = f", {count(self.drafts, 'draft')} left out" if self.drafts else ""
        tombstones = f", {count(self.tombstones, 'tombstone')}" if self.tombstones else ""
        whole = (
            f"{self.name} {self.version}: {count(self.notes, 'note')} ({new} new, {changed} changed, {retired} retired)"
            f"{drafts}{tombstones}, {self.media} media, "
        )
        if len(self.packages) == 1:
            return whole + "".join(
                f"{shown_path(Path(each.path))} ({_size(each.size)})" for each in self.packages
            )
        below = (
            f"  {shown_path(Path(each.path))}: {count(each.notes, 'note')} ({_size(each.size)})"
            for each in self.packages
        )
        return "\n".join((f"{whole}{len(self.packages)} packages", *below))


def count(number: int, word: str) -> str:
    """A number of things."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _size(size: int) -> str:
    return f"{math.ceil(size / 1000)} kB" if size < 10_000_000 else f"{size / 1_000_000:.1f} MB"
