"""The first cards of a large project, to be shown while the rest is rendered."""

from __future__ import annotations

import re
from dataclasses import replace

from ankipress.model import Source
from ankipress.project.deck import Project

_ENOUGH = 4_000  # characters: some ten cards, more than a screen shows


def first_look(project: Project) -> Project | None:
    """A project of the first cards alone, None for one that is small.

    Where headings of a known level make cards, a file can be cut before it is read.
    """
    level = project.settings.card_level
    if project.settings.shape != "headings" or isinstance(level, str):
        return None
    if sum(len(source.text) for source in project.sources) <= 2 * _ENOUGH:
        return None
    first = _first_source(project)
    if first is None:
        return None
    source = replace(first, text=_top(first.text, level))
    # Without records nothing is matched, which would take longer than to render the cards. The
    # cards keep their places on the page.
    return replace(
        project,
        sources=(source,),
        selected=frozenset([first.path]),
        lock=replace(project.lock, records=()),
    )


def _first_source(project: Project) -> Source | None:
    """The first source with cards that are packed."""
    for source in project.sources:
        is_selected = project.selected is None or source.path in project.selected
        if is_selected and source.text.strip():
            return source
    return None


def _top(text: str, level: int) -> str:
    """The text up to the last heading of a card that is near the top."""
    if len(text) <= _ENOUGH:
        return text
    heading = re.compile(rf"^#{{1,{level}}} ", re.MULTILINE)
    starts = [match.start() for match in heading.finditer(text, 0, 2 * _ENOUGH)]
    near = [start for start in starts if start <= _ENOUGH] or starts[:1]
    end = 0
    if near:
        end = near[-1]
    return text[: end or _ENOUGH]
