"""Cloze cards that hide all they have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import (
    CardText,
    DeckText,
    Hidden,
    cloze_trees,
    deletions_by_number,
)
from ankipress.syntax.deletions import OPENING, Deletion
from ankipress.syntax.entry_trees import PartTree
from ankipress.syntax.html_tags import tags
from ankipress.syntax.prose import prose_spans
from ankipress.syntax.shown_text import shown_nodes
from ankipress.syntax.tree import WORDS, Node, Span

_MEANS_SOMETHING = re.compile(r"\w")
_PICTURE = "x"  # stands for a picture, a sound or a video
_SHOWN_TAGS = frozenset({"audio", "img", "video"})
_HELP = "leave a word that says what is meant, or give a hint: {{c1::hidden::hint}}"


def all_hidden(reading: DeckText) -> Iterator[Diagnostic]:
    """Find cloze cards that show nothing, so that nobody can tell what is asked."""
    for card in reading.cards:
        number = _empty_card(card)
        if number:
            yield Diagnostic(
                "all-hidden",
                card.entry.location,
                f"the deletion c{number} hides everything, so nothing says what is asked",
                _HELP,
            )


def _empty_card(card: CardText) -> int:
    """The lowest number whose card shows nothing, 0 where every card shows something."""
    if card.entry.kind != "cloze":
        return 0
    trees = cloze_trees(card)
    visible = [(tree, _visible(tree)) for tree in trees]
    # Anki makes no card of number 0.
    for number, hidden in sorted(deletions_by_number(trees).items()):
        has_hint = any(_has_hint(each.deletion) for each in hidden)
        if number and not has_hint and not any(_has_rest(*each, hidden) for each in visible):
            return number
    return 0


def _has_hint(deletion: Deletion) -> bool:
    return deletion.hint is not None and deletion.hint + len("::") < deletion.end


def _has_rest(tree: PartTree, visible: str, hidden: Sequence[Hidden]) -> bool:
    """Whether a part shows something besides some deletions."""
    shown = []
    position = 0
    for deletion in (each.deletion for each in hidden if each.tree is tree):
        shown.append(visible[position : deletion.start])
        # A deletion inside another one ends before it.
        position = max(position, deletion.end + len("}}"))
    shown.append(visible[position:])
    return _MEANS_SOMETHING.search(" ".join(shown)) is not None


def _visible(tree: PartTree) -> str:
    """The text of a part with blanks in place of all that nobody sees."""
    text = tree.part.text
    signs = [" "] * len(text)
    for node in shown_nodes(tree.nodes):
        for start, end in _spans(node):
            signs[start:end] = text[start:end]
        for start in _pictures(node):
            signs[start] = _PICTURE
    return OPENING.sub(lambda mark: " " * len(mark[0]), "".join(signs))


def _spans(node: Node) -> Iterator[Span]:
    if node.kind in WORDS:
        yield node.span
    elif node.kind == "html_block":
        yield from prose_spans([node])
    elif node.kind in {"code", "code_span", "math", "math_block"} and node.content is not None:
        yield node.content.span(0, len(node.content.text))


def _pictures(node: Node) -> Iterator[int]:
    """Where pictures, sounds and videos begin."""
    if node.kind == "image":
        yield node.start
    elif node.kind in {"html", "html_block"} and node.content is not None:
        for tag in tags(node.text):
            if tag.name in _SHOWN_TAGS and not tag.is_end:
                yield node.content.offset(tag.start)
