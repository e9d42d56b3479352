"""Cloze deletions: the heading and what stands below it are one text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Location
from ankipress.render.card_parts import Parts
from ankipress.render.cloze_text import has_deletion, without_deletions

_DELETION = re.compile(r"\{\{c\d[\d,]*::(?:[^{}]*\}\})?")


def fill_cloze(parts: Parts) -> Iterator[tuple[str, str]]:
    """The text with its deletions; what stands below a `---` is extra."""
    separated = "Front" in parts.entry.parts
    highlights = parts.entry.attributes.kind == "cloze"
    text = parts.cloze("Front" if separated else "Back", highlights=highlights)
    parts.require(
        text, "empty-question", "this card has no text", "write it into the heading or below it"
    )
    yield "Text", text
    below = parts.field("Back") if separated else ""
    others = {
        "Extra": below + parts.field("Extra"),
        "Hint": parts.field("Hint"),
        "Source": parts.field("Source"),
    }
    for name, html in others.items():
        yield name, inert(parts, name, html)


def inert(parts: Parts, name: str, html: str, called: str = "") -> str:
    """A part as a field in which Anki finds no deletion, and a problem where it would have found
    one.
    """
    if has_deletion(html):
        message = f"a deletion in {called or name.lower()} hides nothing: Anki hides only in the text of the question"
        way_out = "write it above the `---` or heading that ends the text, or put it into code"
        parts.report("deletion-outside-text", message, way_out, _place(parts, name))
    return without_deletions(html)


def _place(parts: Parts, name: str) -> Location | None:
    """Where the first deletion stands in a part; what stands below a `---` is in the extra too."""
    for part in filter(None, map(parts.entry.parts.get, (name, "Back"))):
        for number, line in enumerate(part.text.split("\n")):
            if found := _DELETION.search(line):
                return Location(
                    parts.entry.path, part.line + number, found.start() + 1, len(found[0])
                )
    return None
