"""Cloze deletions: the heading and what is below it are one text."""

from __future__ import annotations

from ankipress.render.card_parts import Parts
from ankipress.render.kinds.basic import Fields
from ankipress.render.outside_deletions import without_deletions


def fill_cloze(parts: Parts) -> Fields:
    """The text with its deletions; what is below a `---` is extra."""
    separated = "Front" in parts.entry.parts
    highlights = parts.entry.attributes.kind == "cloze"
    part = "Back"
    if separated:
        part = "Front"
    text = parts.cloze(part, highlights=highlights)
    help = "write it into the heading or below it"
    parts.require(
        text,
        "empty-question",
        "this card has no text",
        help,
    )
    yield "Text", text
    below = ["Extra"]
    if separated:
        below.insert(0, "Back")
    yield "Extra", plain_field(parts, *below, where="extra")
    for name in ("Hint", "Source"):
        yield name, plain_field(parts, name, where=name.lower())


def plain_field(parts: Parts, *names: str, where: str) -> str:
    """Some parts as one field in which Anki finds no deletion; reports those that they have."""
    html = "".join(parts.field(name) for name in names)
    return without_deletions(parts, parts.written(*names), html, where)
