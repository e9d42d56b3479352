"""A section → a compiled section: its entries, their texts for matching, and their fields."""

from __future__ import annotations

from ankipress.build.cards import CompiledCard, CompiledSection
from ankipress.identity.matching_texts import texts_of
from ankipress.media.resolve import may_refer
from ankipress.model import Entry
from ankipress.parse.document import FileContext, Section
from ankipress.parse.section import read_section
from ankipress.render.fields import Renderer
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.raw_html import raw_html


def compile_section(section: Section, context: FileContext, renderer: Renderer) -> CompiledSection:
    """Read a section and render its entries."""
    read = read_section(section, context)
    cards = [_card(trees, renderer) for trees in read.trees]
    return CompiledSection(read.entries, tuple(cards), read.problems)


def _card(trees: EntryTrees, renderer: Renderer) -> CompiledCard:
    entry = trees.entry
    if entry.attributes.draft:
        return CompiledCard()
    rendered = renderer.render(trees)
    fields = dict(rendered.fields)
    refers = any(map(may_refer, fields.values())) or _has_raw_html(entry)
    return CompiledCard(texts_of(trees), fields, rendered.problems, refers)


def _has_raw_html(entry: Entry) -> bool:
    """Whether a field is packed as the HTML that its author wrote, which names files in any way."""
    if not entry.is_adopted:
        return False
    return any(raw_html(part.text) is not None for part in entry.parts.values())
