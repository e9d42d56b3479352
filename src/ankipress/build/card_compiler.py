"""A section → what it becomes: its entries, what matching reads of them, and their fields."""

from __future__ import annotations

from ankipress.build.cards import Card, CompiledSection
from ankipress.identity.matching_texts import texts_of
from ankipress.media.resolve import may_refer
from ankipress.model import Entry
from ankipress.parse.document import FileContext, Section
from ankipress.parse.section import read_section
from ankipress.render.fields import Renderer


def compile_section(section: Section, context: FileContext, renderer: Renderer) -> CompiledSection:
    """A section, read and rendered."""
    read = read_section(section, context)
    cards = tuple(_card(entry, renderer) for entry in read.entries)
    return CompiledSection(read.entries, cards, read.problems)


def _card(entry: Entry, renderer: Renderer) -> Card:
    if entry.attributes.draft:
        return Card()
    rendered = renderer.render(entry)
    refers = any(may_refer(field) for field in rendered.fields.values())
    return Card(texts_of(entry), dict(rendered.fields), rendered.problems, refers)
