"""Note types of authors' own: the heading fills the first field, the text below it the second,
headings fill the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.model import CustomType
from ankipress.render.card_parts import Parts
from ankipress.render.kinds.basic import NO_QUESTION
from ankipress.render.kinds.cloze import inert


def fill_custom(parts: Parts, custom: CustomType) -> Iterator[tuple[str, str]]:
    """The fields of a note type in their order. Deletions hide only in the field whose template
    says so.
    """
    separated = "Front" in parts.entry.parts or not custom.is_one_text
    for number, (field, part) in enumerate(custom.part_names.items()):
        hides = field == custom.cloze_field
        written = part if number or separated else "Back"
        if hides:
            html = parts.cloze(written, highlights=True, alone=number > 0)
        else:
            html = parts.field(written) if number else parts.question(written)
        if number == 0:
            parts.require(html, *NO_QUESTION)
        if number == 1 and separated and custom.is_one_text:
            html = parts.field("Back") + html
        yield (
            field,
            html if hides or not custom.cloze else inert(parts, part, html, f'the field "{field}"'),
        )
