"""A section → its entries: the card that its heading and the text below it describe.

Places count from the first line of the section, so that the result is the same wherever the section
stands. `placing` turns them into places in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import KINDS, CustomType, Entry, Part
from ankipress.parse.attributes import (
    AttributeProblem,
    normal_tags,
    split_attributes,
    with_defaults,
)
from ankipress.parse.cut_parts import FIELD_HEADINGS, cut_parts
from ankipress.parse.document import FileContext, Section
from ankipress.parse.expand_rows import expand_rows
from ankipress.parse.kinds import evident_kind, unfitting
from ankipress.parse.occlusion_parts import cut_occlusion
from ankipress.syntax.link_definitions import used_definitions
from ankipress.syntax.outline import Outline, outline

_BRACES = "docs/cards.md lists what the braces of a heading may hold"


@dataclass(frozen=True, slots=True)
class ReadSection:
    """The entries of a section, and what is wrong with them; places count from its first line."""

    entries: tuple[Entry, ...]
    problems: tuple[Diagnostic, ...]


def read_section(section: Section, context: FileContext) -> ReadSection:
    """The entries of a section: one, or one for each row where its kind is `rows`."""
    lines = section.text.split("\n")
    found = outline(lines)
    heading = found.headings[0]
    kinds = (*KINDS, *context.custom)
    text, own, mistakes = split_attributes(heading.text, kinds)
    attributes = with_defaults(own, context.defaults, context.lang)
    parts = _parts(lines, found, context, context.custom.get(attributes.kind or ""))
    kind = attributes.kind or evident_kind(text, parts)
    width = max(1, len(lines[0].rstrip()))
    entry = Entry(
        location=Location("", 1, 1, width),
        heading=text,
        parts=parts,
        kind=kind,
        attributes=attributes,
        tags=normal_tags(attributes.tags),
        deck="",
        section="",
        definitions=_definitions(section, text, parts),
        footnotes=section.footnotes,
    )
    line = heading.last_line
    problems = [_in_braces(each, lines, line, _BRACES) for each in mistakes]
    for mistake, help in unfitting(own, kind):
        problems.append(_in_braces(mistake, lines, line, help))
    entries = [entry]
    if kind == "rows":
        entries, more = expand_rows(entry, lines)
        problems += more
    elif kind == "occlusion":
        entries[0], more = cut_occlusion(entry)
        problems += more
    return ReadSection(tuple(entries), tuple(problems))


def _parts(
    lines: Sequence[str], found: Outline, context: FileContext, custom: CustomType | None
) -> dict[str, Part]:
    names = FIELD_HEADINGS
    if custom is not None:
        names = {field.lower(): part for field, part in custom.part_names.items()}
    heading, *inner = found.headings
    below = [each for each in inner if each.level == context.card_level + 1]
    span = range(heading.end, len(lines))
    return cut_parts(lines, found.dashes, span, below, names)


def _definitions(section: Section, heading: str, parts: Mapping[str, Part]) -> str:
    """The definitions of links that an entry uses, also in its footnotes."""
    if not section.definitions:
        return ""
    texts = [heading, *section.footnotes.values()]
    texts += [part.text for part in parts.values()]
    return "\n".join(used_definitions(texts, section.definitions).values())


def _in_braces(problem: AttributeProblem, lines: Sequence[str], line: int, help: str) -> Diagnostic:
    """A problem of some words in the braces of a heading, which end on a 0-based line."""
    column = max(0, lines[line].rfind(problem.words))
    width = max(1, len(problem.words))
    location = Location("", line + 1, column + 1, width)
    return Diagnostic(problem.code, location, problem.message, help)
