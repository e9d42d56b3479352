"""Cloze deletions: the heading and what is below it are one text."""

from __future__ import annotations

import re

from ankipress.diagnostics import Location
from ankipress.render.card_parts import Parts
from ankipress.render.cloze_text import disable_deletions, has_deletion
from ankipress.render.kinds.basic import Fields

_DELETION = re.compile(r"\{\{c\d[\d,]*::(?:[^{}\n]*\}\})?")


def fill_cloze(parts: Parts) -> Fields:
    """The text with its deletions; what is below a `---` is extra."""
    separated = "Front" in parts.entry.parts
    highlights = parts.entry.attributes.kind == "cloze"
    part = "Front" if separated else "Back"
    text = parts.cloze(part, highlights=highlights)
    help = "write it into the heading or below it"
    parts.require(
        text,
        "empty-question",
        "this card has no text",
        help,
    )
    yield "Text", text
    below = ""
    if separated:
        below = parts.field("Back")
    yield "Extra", without_deletions(parts, "Extra", below + parts.field("Extra"))
    for name in ("Hint", "Source"):
        yield name, without_deletions(parts, name, parts.field(name))


def without_deletions(
    parts: Parts,
    name: str,
    html: str,
    label: str = "",
) -> str:
    """A part as a field in which Anki finds no deletion; reports one that it would have found."""
    if has_deletion(html):
        parts.report(
            "deletion-outside-text",
            f"a deletion in {label or name.lower()} hides nothing:"
            " Anki hides only in the text of the question",
            "write it above the `---` or heading that ends the text, or put it into code",
            _place(parts, name),
        )
    return disable_deletions(html)


def _place(parts: Parts, name: str) -> Location | None:
    """Where the first deletion is in a part, or in the text below a `---`, which is extra."""
    for each in (name, "Back"):
        part = parts.entry.parts.get(each)
        found = _DELETION.search(part.text) if part else None
        if part and found:
            return parts.place_in(part, found.start(), len(found[0]))
    return None
