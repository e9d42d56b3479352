"""A section → its entries: the card that its heading and the text below it describe.

Places count from the first line of the section, so that the result is the same wherever the section
stands. `placing` turns them into places in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import KINDS, CustomType, Entry, Part
from ankipress.parse.adopted_fields import CutFields, FieldCutter, heading_breaks
from ankipress.parse.attribute_tokens import problem_at
from ankipress.parse.attributes import normal_tags, split_attributes, with_defaults
from ankipress.parse.cut_parts import FIELD_HEADINGS, cut_parts
from ankipress.parse.document import FileContext, Section
from ankipress.parse.expand_rows import expand_rows
from ankipress.parse.kinds import evident_kind, fits, options_without_answer, unfitting
from ankipress.parse.near_misses.entry_checks import near_misses
from ankipress.parse.occlusion_parts import cut_occlusion
from ankipress.parse.written_marks import heading_tags, with_written_marks
from ankipress.syntax.definition_labels import used_definitions
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.outline import Outline, outline

_BRACES = "`ankipress explain bad-attribute` says what the braces of a heading may hold"


@dataclass(frozen=True, slots=True)
class ReadSection:
    """The entries of a section with their trees, and what is wrong with them; places count from its
    first line.
    """

    trees: tuple[EntryTrees, ...]
    problems: tuple[Diagnostic, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries."""
        return tuple(each.entry for each in self.trees)


def read_section(section: Section, context: FileContext) -> ReadSection:
    """The entries of a section: one, or one for each row where its kind is `rows`."""
    lines = section.text.split("\n")
    found = outline(lines)
    heading = found.headings[0]
    kinds = (*KINDS, *context.custom)
    text, own, mistakes = split_attributes(heading.text, kinds)
    attributes = with_defaults(own, context.defaults, context.lang)
    custom = context.custom.get(attributes.kind or "")
    if custom is not None and custom.adopted is not None:
        # Nothing is around the text of such a card that did not come with it.
        attributes = replace(own, kind=attributes.kind)
        cutter = FieldCutter(lines, found.dashes, context.card_level + 1, kinds)
        fields = cutter.cut(found.headings, custom, own)
    else:
        fields = CutFields(_parts(lines, found, context, custom))
    width = max(1, len(lines[0].rstrip()))
    written = Part(heading.text, 1, heading_breaks(lines, heading))
    entry = Entry(
        location=Location("", 1, 1, width),
        heading=text,
        parts=fields.parts,
        kind=attributes.kind or "basic",
        attributes=attributes,
        tags=normal_tags(attributes.tags),
        deck="",
        section="",
        definitions=_definitions(section, text, fields.parts),
        footnotes=section.footnotes,
        breaks=written.breaks,
        dialect=context.dialect,
        modes=fields.modes,
        is_labelled=fields.is_labelled,
    )
    trees = EntryTrees(entry)
    misfits: list[Diagnostic] = []
    if own.kind is None and not fits(attributes.kind or "", trees):
        misfits += options_without_answer(attributes.kind, trees)
        attributes = replace(attributes, kind=None)
    kind = attributes.kind or evident_kind(trees)
    if kind != entry.kind:
        entry = trees.entry = replace(entry, kind=kind, attributes=attributes)
    mistakes += tuple(unfitting(heading.text, own, kind, is_adopted=entry.is_adopted))
    problems = [problem_at(each, written, "", _BRACES) for each in mistakes]
    problems += fields.problems
    problems += misfits
    problems += near_misses(trees)
    if kind == "rows":
        tags = normal_tags((*entry.tags, *heading_tags(trees)))
        entries, more = expand_rows(replace(entry, tags=tags), lines)
        problems += more
        return ReadSection(tuple(map(_marked, map(EntryTrees, entries))), tuple(problems))
    if kind == "occlusion":
        trees.entry, more = cut_occlusion(trees)
        problems += more
    return ReadSection((_marked(trees),), tuple(problems))


def _marked(trees: EntryTrees) -> EntryTrees:
    """The trees of an entry that has the tags and the id in its text."""
    trees.entry = with_written_marks(trees)
    return trees


def _parts(
    lines: Sequence[str],
    found: Outline,
    context: FileContext,
    custom: CustomType | None,
) -> dict[str, Part]:
    names = FIELD_HEADINGS
    if custom is not None:
        names = {field.lower(): part for field, part in custom.part_names.items()}
    heading, *inner = found.headings
    below = [each for each in inner if each.level == context.card_level + 1]
    span = range(heading.end, len(lines))
    return cut_parts(lines, found.dashes, span, below, names)


def _definitions(
    section: Section,
    heading: str,
    parts: Mapping[str, Part],
) -> str:
    """The definitions of links that an entry uses, also in its footnotes."""
    if not section.definitions:
        return ""
    texts = [heading, *(footnote.text for footnote in section.footnotes.values())]
    texts += [part.text for part in parts.values()]
    return "\n".join(used_definitions(texts, section.definitions).values())
