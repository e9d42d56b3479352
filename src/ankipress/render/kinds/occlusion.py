"""Image occlusion: a picture whose parts are hidden. The shapes themselves are placed when the
picture is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.model import Part
from ankipress.render.card_parts import Parts
from ankipress.render.cloze_text import without_deletions
from ankipress.render.kinds.cloze import inert
from ankipress.syntax.occlusion_block import read_block

_PARAGRAPH = re.compile(r"<p>(<img[^>]*>)</p>")


def fill_occlusion(parts: Parts) -> Iterator[tuple[str, str]]:
    """Heading and text above the block as the header, the picture, and what stands below; labels
    can be searched for.
    """
    yield "Header", inert(parts, "Front", parts.question(), "the header")
    yield "Image", _PARAGRAPH.sub(r"\1", parts.field("Image"))
    below = parts.field("Back") + parts.field("Extra")
    yield "Back Extra", inert(parts, "Extra", below, "the text below")
    yield "Comments", _labels(parts)
    for name in ("Hint", "Source"):
        yield name, inert(parts, name, parts.field(name))


def _labels(parts: Parts) -> str:
    """What the shapes are called. Anki shows it nowhere on a card, where it would tell the answers
    of the others.
    """
    part = parts.entry.parts.get("Occlusion", Part("", 1))
    labels = (
        f"- {shape.number}: {shape.label}" for shape in read_block(part.text).shapes if shape.label
    )
    return without_deletions(parts.text(Part("\n".join(labels), part.line)))
