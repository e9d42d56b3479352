"""The first cards of a large project, to be shown while the rest is rendered."""

from __future__ import annotations

import re
from dataclasses import replace

from ankipress.model import Source
from ankipress.project.deck import Project

_ENOUGH = 4_000  # characters: some ten cards, more than a screen shows


def first_look(project: Project) -> Project | None:
    """A project of the first cards alone, None for one that is small."""
    if sum(len(source.text) for source in project.sources) <= 2 * _ENOUGH:
        return None
    chosen = [
        each
        for each in project.sources
        if project.selected is None or each.path in project.selected
    ]
    first = next((each for each in chosen if each.text.strip()), None)
    if first is None:
        return None
    source = Source(first.path, _top(first.text, project.settings.card_level))
    # Which of all notes these are would take longer to find out than what they look like. They keep
    # their places on the page.
    return replace(
        project,
        sources=(source,),
        selected=frozenset([first.path]),
        lock=replace(project.lock, records=()),
    )


def _top(text: str, level: int) -> str:
    """The text up to the last heading of a card that is near the top."""
    if len(text) <= _ENOUGH:
        return text
    headings = list(re.finditer(rf"^#{{1,{level}}} ", text[: 2 * _ENOUGH], re.MULTILINE))
    near = [each.start() for each in headings if each.start() <= _ENOUGH] or [
        headings[0].start() if headings else 0
    ]
    return text[: near[-1] or _ENOUGH]
