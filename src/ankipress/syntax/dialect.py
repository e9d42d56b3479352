"""The dialects of Markdown: GitHub's, and Obsidian's with what it adds."""

from __future__ import annotations

import enum

GITHUB = "github"
OBSIDIAN = "obsidian"


class Dialect(enum.Enum):
    """How a text is read. Where highlights are deletions, `==text==` stays text for the cloze."""

    GITHUB = enum.auto()
    OBSIDIAN = enum.auto()
    OBSIDIAN_CLOZE = enum.auto()


def dialect_of(name: str, *, hides_highlights: bool) -> Dialect:
    """The dialect that the setting names, for a card whose highlights may be deletions."""
    if name != OBSIDIAN:
        return Dialect.GITHUB
    if hides_highlights:
        return Dialect.OBSIDIAN_CLOZE
    return Dialect.OBSIDIAN
