"""The kind of a card, and the attributes that do not fit its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ankipress.model import Attributes, Part
from ankipress.parse.attributes import AttributeProblem
from ankipress.parse.occlusion_parts import has_block
from ankipress.syntax.prose import without_code

TWO_SIDED = frozenset({"basic", "rows"})
"""The kinds that can be asked in reverse, or for a typed answer."""
_DELETION = re.compile(r"(?<!\\)\{\{c[0-9,]+::")


def evident_kind(heading: str, parts: Mapping[str, Part]) -> str:
    """The kind of a card that does not say it."""
    sides = [parts[name] for name in ("Front", "Back") if name in parts]
    if any(map(has_block, sides)):
        return "occlusion"
    for text in (heading, *(side.text for side in sides)):
        # Nearly all cards are told by the quick look.
        if "{{c" in text and _DELETION.search(without_code(text)):
            return "cloze"
    return "basic"


def unfitting(own: Attributes, kind: str) -> Iterator[tuple[AttributeProblem, str]]:
    """What the braces of a heading say that a card of this kind cannot do, each with a help."""
    what = f"a card of kind {kind}"
    help = "take it from the braces"
    if kind == "cloze" and own.kind is None:
        what = "a card with deletions"
        help = "take it from the braces, or write kind=basic: then {{c1::…}} is text"
    elif kind == "occlusion" and own.kind is None:
        what = "a card with hidden parts of a picture"
    if kind not in TWO_SIDED:
        for name in ("reverse", "typed"):
            if getattr(own, name):
                yield AttributeProblem("bad-attribute", f'{what} has no "{name}"', name), help
    if kind == "cloze" and own.tts_back and not own.tts_front:
        one_text = f"{what} is one text, which `tts` or `tts-front` reads"
        message = f"{one_text}: there is nothing for `tts-back`"
        yield AttributeProblem("bad-attribute", message, "tts-back"), "write `tts`"
