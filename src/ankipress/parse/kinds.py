"""The kind of a card, and the attributes that do not fit its kind."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.model import Attributes
from ankipress.parse.attribute_tokens import AttributeProblem
from ankipress.parse.attributes import span_of_attribute
from ankipress.parse.occlusion_parts import has_block
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.tree_deletions import has_deletion

TWO_SIDED = frozenset({"basic", "rows"})
"""The kinds that can be asked in reverse, or for a typed answer."""


def evident_kind(trees: EntryTrees) -> str:
    """The kind of a card that does not say it."""
    sides = [trees.part(name) for name in ("Front", "Back") if name in trees.entry.parts]
    if any(has_block(side.nodes) for side in sides):
        return "occlusion"
    for tree in (trees.heading, *sides):
        if has_deletion(tree.nodes, tree.part.text):
            return "cloze"
    return "basic"


def unfitting(heading: str, own: Attributes, kind: str) -> Iterator[AttributeProblem]:
    """What the braces of a heading say that a card of this kind cannot do."""
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
                span = span_of_attribute(heading, name)
                message = f'{what} has no "{name}"'
                yield AttributeProblem("bad-attribute", message, *span, help)
    if kind == "cloze" and own.tts_back and not own.tts_front:
        one_text = f"{what} is one text, which `tts` or `tts-front` reads"
        message = f"{one_text}: there is nothing for `tts-back`"
        span = span_of_attribute(heading, "tts-back")
        yield AttributeProblem("bad-attribute", message, *span, "write `tts`")
