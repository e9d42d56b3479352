"""What a build says that it made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ankipress.diagnostics import counted, file_size
from ankipress.project.location import shown_path
from ankipress.visible_text import on_one_line


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
    unanswered: int
    broken: int
    tombstones: int
    media: int
    packages: Sequence[Packed]

    def text(
        self,
        new: int = 0,
        changed: int = 0,
        retired: int = 0,
    ) -> str:
        """What was made, and how many notes are new, changed and retired: one line, and one more
        for each of several packages.
        """
        parts = [f"{counted(self.notes, 'note')} ({new} new, {changed} changed, {retired} retired)"]
        if self.drafts:
            parts.append(f"{counted(self.drafts, 'draft')} left out")
        if self.unanswered:
            parts.append(f"{self.unanswered} without an answer left out")
        if self.broken:
            parts.append(f"{self.broken} with errors left out")
        if self.tombstones:
            parts.append(counted(self.tombstones, "tombstone"))
        parts.append(f"{self.media} media")
        lines = [f"{self.name} {self.version}: {', '.join(parts)}, "]
        if len(self.packages) == 1:
            only = self.packages[0]
            return f"{lines[0]}{on_one_line(shown_path(Path(only.path)))} ({file_size(only.size)})"
        lines[0] += f"{len(self.packages)} packages"
        for each in self.packages:
            path = on_one_line(shown_path(Path(each.path)))
            lines.append(f"  {path}: {counted(each.notes, 'note')} ({file_size(each.size)})")
        return "\n".join(lines)
