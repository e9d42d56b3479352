"""`headings` with `card_level = "auto"`: the level that holds the questions of a file, without the
headings of that level that ask nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankipress.parse.shapes.counter_headings import with_question_below
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.parse.shapes.words import has_counter
from ankipress.syntax.outline import Heading

_FEWEST = 5  # headings with a counter, before the others of their level are sections
_MOST = 0.8  # the part of the headings of a level
_LINK = re.compile(r"\[[^\[\]]*\]\([^()\s]*\)|<https?://[^<>\s]*>")
_LINKS = 0.75  # the part of a text that is a list of contents
_MARKS = re.compile(r"[\s\W\d_]+")


def is_contents(text: str) -> bool:
    """Whether what stands below a heading is mostly links, as a list of contents is."""
    size = _size(text)
    if not size:
        return False
    links = (found[0] for found in _LINK.finditer(text))
    linked = sum(map(_size, links))
    return linked >= _LINKS * size


def _size(text: str) -> int:
    """The number of letters in a text."""
    letters = _MARKS.sub("", text)
    return len(letters)


def sections_among(headings: Sequence[Heading]) -> frozenset[int]:
    """The first lines of those headings of a level that have no counter where most have one."""
    others = [each for each in headings if not has_counter(each.text)]
    counted = len(headings) - len(others)
    if counted < _FEWEST or counted < _MOST * len(headings):
        return frozenset()
    return frozenset(each.start for each in others)


def asking_sections(file: ShapedFile, found: Sequence[FoundSection]) -> Iterator[FoundSection]:
    """The sections of a level that are cards."""
    headings = {each.start: each for each in file.outline.headings}
    of_level = [headings[each.line] for each in found]
    sections = sections_among(of_level)
    for each in found:
        _, _, below = each.text.partition("\n")
        if each.line in sections or is_contents(below):
            continue
        yield with_question_below(file, each)
