"""All that is told of a text, for tests whose texts mark in «» what a problem is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.model import Source
from ankipress.parse.document import read_document
from ankipress.parse.placing import place_entries
from ankipress.parse.section import read_section
from ankipress.parse.section_places import SectionPlaces
from ankipress.project.settings import Settings
from ankipress.render.deletion_problems import deletion_problems
from ankipress.render.text_problems import part_problems

_MARKED = re.compile(r"«(.*?)»", re.DOTALL)
PATH = "cards.md"


class Told(NamedTuple):
    """The texts under the spans of some problems, in their order, and the text with all fixes."""

    spans: list[str]
    fixed: str


def problems(text: str, level: int = 2) -> list[Diagnostic]:
    """What is told of a file, by all stages that read its Markdown; of each sort all."""
    settings = Settings(card_level=level)
    document = read_document(Source(PATH, text), settings, {})
    read = [read_section(section, document.context) for section in document.sections]
    found = list(place_entries([document], [read], settings).diagnostics)
    for section, each in zip(document.sections, read, strict=True):
        own = list(each.problems)
        for trees in each.trees:
            for tree in trees.all():
                own += part_problems(tree, hides=trees.entry.kind == "cloze")
            if trees.entry.kind == "cloze":
                for _, tree in trees.parts():
                    own += deletion_problems(trees.passage(tree.part))
        found += SectionPlaces(section, PATH).problems(own)
    return sorted(set(found), key=lambda problem: problem.location)


def codes(text: str, level: int = 2) -> list[str]:
    """The codes of all that is told."""
    return [each.code for each in problems(text, level)]


def told(text: str, code: str, level: int = 2) -> Told:
    """What is told of a file by the problems of one code."""
    found = [each for each in problems(text, level) if each.code == code]
    return Told([under(each, text) for each in found], with_fixes(text, found))


def under(problem: Diagnostic, text: str) -> str:
    """The text that a problem points at."""
    place = problem.location
    line = text.split("\n")[place.line - 1]
    return line[place.column - 1 : place.column - 1 + place.width]


def with_fixes(text: str, found: Sequence[Diagnostic]) -> str:
    """A text in which each span that has a fix is replaced."""
    lines = text.split("\n")
    for each in sorted(found, key=lambda problem: problem.location, reverse=True):
        if each.fix is not None:
            line, start = lines[each.location.line - 1], each.location.column - 1
            behind = line[start + each.location.width :]
            lines[each.location.line - 1] = f"{line[:start]}{each.fix}{behind}"
    return "\n".join(lines)


def unmarked(text: str) -> tuple[str, list[str]]:
    """A text without its «», and what stood between them."""
    return _MARKED.sub(r"\1", text), _MARKED.findall(text)
