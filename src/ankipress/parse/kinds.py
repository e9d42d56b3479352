"""Which kind of card an entry is, and which of its attributes that kind has no use for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ankipress.model import Attributes, Part
from ankipress.parse.attributes import Problem
from ankipress.parse.occlusion_parts import has_block
from ankipress.syntax.prose import without_code

TWO_SIDED = frozenset({"basic", "rows"})
"""The kinds that can be asked in reverse, or for a typed answer."""
_DELETION = re.compile(r"(?<!\\)\{\{c[0-9,]+::")


def evident_kind(heading: str, parts: Mapping[str, Part]) -> str:
    """The kind of a card that does not say it."""
    if any(has_block(parts[name]) for name in ("Front", "Back") if name in parts):
        return "occlusion"
    return "cloze" if _has_deletion(heading, parts) else "basic"


def _has_deletion(heading: str, parts: Mapping[str, Part]) -> bool:
    texts = (heading, *(parts[name].text for name in ("Front", "Back") if name in parts))
    return any("{{c" in text and _DELETION.search(without_code(text)) for text in texts)


def unfitting(own: Attributes, kind: str) -> Iterator[tuple[Problem, str]]:
    """What the braces of a heading say that a card of this kind cannot do, each with a way out."""
    what, way_out = f"a card of kind {kind}", "take it from the braces"
    if kind == "cloze" and own.kind is None:
        what, way_out = (
            "a card with deletions",
            "take it from the braces, or write kind=basic: then {{c1::…}} is text",
        )
    elif kind == "occlusion" and own.kind is None:
        what = "a card with hidden parts of a picture"
    for name, value in (("reverse", own.reverse), ("typed", own.typed)):
        if value and kind not in TWO_SIDED:
            yield Problem("bad-attribute", f'{what} has no "{name}"', name), way_out
    if kind == "cloze" and own.tts_back and not own.tts_front:
        message = (
            f"{what} is one text, which `tts` or `tts-front` reads: there is nothing for `tts-back`"
        )
        yield Problem("bad-attribute", message, "tts-back"), "write `tts`"
