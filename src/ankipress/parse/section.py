"""A section → its entries: what its heading and the text below it say of a card.

Places in a section count from its own first line, so that what was read of it stays true wherever
it stands. `placing` turns them into places of the file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import KINDS, CustomType, Entry, Part
from ankipress.parse.attributes import AttributeProblem, split_attributes, with_defaults
from ankipress.parse.cut_parts import FIELD_HEADINGS, cut_parts
from ankipress.parse.document import FileContext, Section
from ankipress.parse.expand_rows import expand_rows
from ankipress.parse.kinds import evident_kind, unfitting
from ankipress.parse.occlusion_parts import cut_occlusion
from ankipress.syntax.link_definitions import used_definitions
from ankipress.syntax.outline import Heading, Outline, outline

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
    text, own, mistakes = split_attributes(heading.text, (*KINDS, *context.custom))
    attributes = with_defaults(own, context.defaults, context.lang)
    parts = _parts(lines, found, context, context.custom.get(attributes.kind or ""))
    kind = attributes.kind or evident_kind(text, parts)
    line = _last_line(heading)
    problems = [_of_heading(each, lines, line, _BRACES) for each in mistakes]
    problems += [_of_heading(each, lines, line, help) for each, help in unfitting(own, kind)]
    texts = (text, *(part.text for part in parts.values()), *section.footnotes.values())
    entry = Entry(
        location=Location("", 1, 1, max(1, len(lines[0].rstrip()))),
        heading=text,
        parts=parts,
        kind=kind,
        attributes=attributes,
        tags=_normal_tags(attributes.tags),
        deck="",
        section="",
        definitions="\n".join(used_definitions(texts, section.definitions).values()),
        footnotes=section.footnotes,
    )
    if kind == "rows":
        rows, more = expand_rows(entry, lines)
        return ReadSection(tuple(rows), (*problems, *more))
    if kind == "occlusion":
        entry, more = cut_occlusion(entry)
        return ReadSection((entry,), (*problems, *more))
    return ReadSection((entry,), tuple(problems))


def _parts(
    lines: Sequence[str], found: Outline, context: FileContext, custom: CustomType | None
) -> dict[str, Part]:
    names = FIELD_HEADINGS
    if custom is not None:
        names = {field.lower(): part for field, part in custom.part_names.items()}
    heading, *inner = found.headings
    below = [each for each in inner if each.level == context.card_level + 1]
    return cut_parts(lines, found.dashes, range(heading.end, len(lines)), below, names)


def _of_heading(
    problem: AttributeProblem, lines: Sequence[str], line: int, help: str
) -> Diagnostic:
    """A problem of some words in the braces of a heading, which end on a 0-based line."""
    column = lines[line].rfind(problem.words)
    location = Location("", line + 1, max(column, 0) + 1, max(1, len(problem.words)))
    return Diagnostic(problem.code, location, problem.message, help)


def _last_line(heading: Heading) -> int:
    """The 0-based line on which the text of a heading ends, and so its braces."""
    return heading.end - 2 if heading.underlined else heading.end - 1


def _normal_tags(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({unicodedata.normalize("NFC", tag) for tag in tags}))
