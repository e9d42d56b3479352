"""`headings`: a heading of the card level asks, and what follows up to the next heading of that
level or above answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.parse.shapes.auto_headings import asking_sections
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile, Trail, trails
from ankipress.project.settings import AUTO
from ankipress.syntax.outline import Heading


def read_headings(file: ShapedFile) -> Iterator[FoundSection]:
    """The sections below the headings of the card level, without those that the settings name as
    parts of answers.
    """
    found = list(_sections(file))
    if file.card_level == AUTO:
        return asking_sections(file, found)
    return iter(found)


def _sections(file: ShapedFile) -> Iterator[FoundSection]:
    headings = [each for each in file.outline.headings if _ends_a_card(file, each)]
    starts = [each.start for each in headings]
    ends = [*starts[1:], len(file.body)]
    sections = [each for each in headings if each.level < file.level]
    trail_of = dict(trails(sections, file.dialect))
    above: Trail = ()
    for heading, end in zip(headings, ends, strict=False):
        above = trail_of.get(heading, above)
        if heading.level < file.level:
            continue
        text = "\n".join(file.body[heading.start : end])
        yield FoundSection(
            text,
            heading.start,
            end,
            above,
        )


def _ends_a_card(file: ShapedFile, heading: Heading) -> bool:
    return heading.level <= file.level and not file.is_of_answer(heading)
