"""Image occlusion: a picture whose parts are hidden.

The shapes themselves are placed later, when the size of the picture is known.
"""

from __future__ import annotations

import re

from ankipress.model import Part
from ankipress.render.card_parts import Parts
from ankipress.render.cloze_text import disable_deletions
from ankipress.render.kinds.basic import Fields
from ankipress.render.kinds.cloze import plain_field
from ankipress.render.outside_deletions import without_deletions
from ankipress.syntax.occlusion_block import read_block

_PARAGRAPH = re.compile(r"<p>(<img[^>]*>)</p>")


def fill_occlusion(parts: Parts) -> Fields:
    """The header above the block, the picture, what is below it, and labels to search for."""
    header = parts.written("Front", below_heading=True)
    yield "Header", without_deletions(parts, header, parts.question(), "the header")
    yield "Image", _PARAGRAPH.sub(r"\1", parts.field("Image"))
    yield "Back Extra", plain_field(parts, "Back", "Extra", where="the text below")
    yield "Comments", _labels(parts)
    for name in ("Hint", "Source"):
        yield name, plain_field(parts, name, where=name.lower())


def _labels(parts: Parts) -> str:
    """The labels of the shapes. No card shows them: they would tell the answers of the others."""
    part = parts.entry.parts.get("Occlusion", Part("", 1))
    labels = [
        f"- {shape.number}: {shape.label}" for shape in read_block(part.text).shapes if shape.label
    ]
    text = parts.text(Part("\n".join(labels), part.line))
    return disable_deletions(text)
