"""A section → a compiled section: its entries, their texts for matching, and their fields."""

from __future__ import annotations

from ankipress.build.cards import CompiledCard, CompiledSection
from ankipress.identity.matching_texts import texts_of
from ankipress.media.resolve import may_refer
from ankipress.model import Entry
from ankipress.parse.document import FileContext, Section
from ankipress.parse.section import read_section
from ankipress.render.fields import Renderer


def compile_section(section: Section, context: FileContext, renderer: Renderer) -> CompiledSection:
    """Read a section and render its entries."""
    read = read_section(section, context)
    cards = [_card(entry, renderer) for entry in read.entries]
    return CompiledSection(read.entries, tuple(cards), read.problems)


def _card(entry: Entry, renderer: Renderer) -> CompiledCard:
    if entry.attributes.draft:
        return CompiledCard()
    rendered = renderer.render(entry)
    fields = dict(rendered.fields)
    refers = any(map(may_refer, fields.values()))
    return CompiledCard(texts_of(entry), fields, rendered.problems, refers)
