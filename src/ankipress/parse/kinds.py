"""The kind of a card, and the attributes that do not fit its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ankipress.diagnostics import Diagnostic
from ankipress.model import Attributes
from ankipress.parse.attribute_tokens import TEXT, AttributeProblem
from ankipress.parse.attributes import span_of_attribute
from ankipress.parse.occlusion_parts import has_block
from ankipress.parse.rows import find_rows
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.plain_text import written
from ankipress.syntax.tree_deletions import has_deletion, tree_deletions

if TYPE_CHECKING:
    from ankipress.syntax.choice_reading import Choice

TWO_SIDED = frozenset({"basic", "rows"})
"""The kinds that can be asked in reverse, or for a typed answer."""


def evident_kind(trees: EntryTrees) -> str:
    """The kind of a card that does not say it."""
    texts = _text_trees(trees)
    if any(has_block(tree.nodes) for tree in texts[1:]):
        return "occlusion"
    for tree in texts:
        if has_deletion(tree.nodes, tree.part.text):
            return "cloze"
    return "basic"


def fits(kind: str, trees: EntryTrees) -> bool:
    """Whether a card is of a kind that its file or project has by default.

    One that is not, such as a question without options among those with options, is of the kind
    that it evidently is.
    """
    match kind:
        case "choice":
            choice = _choice(trees)
            return choice is not None and choice.is_sound
        case "cloze":
            return any(map(_may_be_cloze, _text_trees(trees)))
        case "occlusion":
            return evident_kind(trees) == "occlusion"
        case "rows":
            return any(find_rows(tree.part).rows for tree in _text_trees(trees)[1:])
        case _:
            return True


def options_without_answer(kind: str | None, trees: EntryTrees) -> Iterator[Diagnostic]:
    """A warning if a card that would be a choice by default has options, and is none."""
    if kind != "choice":
        return
    choice = _choice(trees)
    if choice is None or not choice.is_evident:
        return
    message = "nothing says which of these options is right, so this is no multiple choice"
    help = "mark the right one with `[x]`, or write a line `Answer: B` below the options"
    if choice.is_answered:
        message = "these options are not complete, so this is no multiple choice"
        help = "write two options at least, each with a box"
    yield Diagnostic("options-without-answer", choice.place, message, help)


def _choice(trees: EntryTrees) -> Choice | None:
    # Most decks have no choices, and its patterns take a while to compile.
    from ankipress.syntax.choice_reading import read_choice  # noqa: PLC0415

    return read_choice(trees)


def _text_trees(trees: EntryTrees) -> list[PartTree]:
    """The trees of the heading, and of question and answer below it."""
    parts = [name for name in ("Front", "Back") if name in trees.entry.parts]
    return [trees.heading, *map(trees.part, parts)]


def _may_be_cloze(tree: PartTree) -> bool:
    found = tree_deletions(tree.nodes, tree.part.text)
    if found.in_prose or found.unclosed or found.elsewhere:
        return True
    words = written(tree.tree)
    return bool(words.hidden(highlights=True))


def unfitting(
    heading: str,
    own: Attributes,
    kind: str,
    *,
    is_adopted: bool,
) -> Iterator[AttributeProblem]:
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
    if own.text is not None and not is_adopted:
        span = span_of_attribute(heading, TEXT)
        message = f'{what} has no "{TEXT}"'
        yield AttributeProblem("bad-attribute", message, *span, help)
    if kind == "cloze" and own.tts_back and not own.tts_front:
        one_text = f"{what} is one text, which `tts` or `tts-front` reads"
        message = f"{one_text}: there is nothing for `tts-back`"
        span = span_of_attribute(heading, "tts-back")
        yield AttributeProblem("bad-attribute", message, *span, "write `tts`")
