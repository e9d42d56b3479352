"""Authors' own note types: the heading fills the first field, the text below it the second, and
sections fill the others.
"""

from __future__ import annotations

from ankipress.model import CustomType
from ankipress.render.card_parts import Parts
from ankipress.render.kinds.basic import NO_QUESTION, Fields
from ankipress.render.outside_deletions import without_deletions


def fill_custom(parts: Parts, custom: CustomType) -> Fields:
    """The fields of a note type in their order. Deletions hide only in its cloze field."""
    separated = "Front" in parts.entry.parts or not custom.is_one_text
    for number, (field, part) in enumerate(custom.part_names.items()):
        is_first = number == 0
        if is_first and not separated:
            part = "Back"  # noqa: PLW2901 - question and answer are one text
        hides = field in custom.cloze_fields
        if hides:
            html = parts.cloze(part, highlights=True, alone=not is_first)
        elif is_first:
            html = parts.question(part)
        else:
            html = parts.field(part)
        if is_first:
            parts.require(html, *NO_QUESTION)
        names = [part]
        if number == 1 and separated and custom.is_one_text:
            html = parts.field("Back") + html
            names.insert(0, "Back")
        if custom.cloze and not hides:
            trees = parts.written(*names, below_heading=is_first)
            html = without_deletions(parts, trees, html, f'the field "{field}"')
        yield field, html
