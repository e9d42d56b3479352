"""What is remembered of an entry to know it again: the plain text of its question, and a signature
of its answer; and what its question loses as plain text, the words that are hidden and the marks of
code.
"""

from __future__ import annotations

from collections.abc import Iterable

from ankipress.identity.ids import content_digest
from ankipress.identity.signature import opening_of, sign
from ankipress.model import KINDS, TextMode, Texts
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.markdown_reading import Tree
from ankipress.syntax.plain_text import written
from ankipress.syntax.raw_html import raw_html
from ankipress.syntax.tree import Node

BETWEEN = "\x1f"
"""Stands between two pieces of code, and between the words of two deletions."""
DIGEST = "\x1e"
"""Begins a digest that stands for texts that are long."""

_ANSWER_PARTS = ("Back", "Image", "Occlusion")
_LONGEST = 80  # characters of hidden words or code that are remembered as they are


def texts_of(trees: EntryTrees) -> Texts:
    """What matching reads of one entry."""
    entry = trees.entry
    if entry.is_adopted:
        return _adopted_texts(trees)
    # In other kinds, `==` is text: docs/cards.md.
    highlights = entry.attributes.kind == "cloze" or entry.kind not in KINDS
    front = written(trees.heading.tree, trees.part("Front").tree)
    names = [name for name in _ANSWER_PARTS if name in entry.parts]
    back = written(*(trees.part(name).tree for name in names))
    hidden: list[str] = []
    if entry.kind == "cloze" or entry.kind not in KINDS:
        hidden = front.hidden(highlights=highlights) + back.hidden(highlights=highlights)
    answer = back.finished(highlights=highlights)
    return Texts(
        front.finished(highlights=highlights),
        sign(answer),
        opening_of(answer),
        shortened(hidden),
        shortened(front.code),
    )


def _adopted_texts(trees: EntryTrees) -> Texts:
    """The first field asks, the others answer; a heading that only names the card does not count.

    A highlight is no deletion here.
    """
    entry = trees.entry
    first, *others = entry.modes
    asking = [trees.part(first)]
    if not entry.is_labelled:
        asking.insert(0, trees.heading)
    front = written(*(_shown_tree(each, entry.modes[first]) for each in asking))
    answering = [(trees.part(name), entry.modes[name]) for name in others if name in entry.parts]
    back = written(*(_shown_tree(each, mode) for each, mode in answering))
    answer = back.finished()
    hidden = shortened(front.hidden() + back.hidden())
    return Texts(front.finished(), sign(answer), opening_of(answer), hidden, shortened(front.code))


def _shown_tree(part: PartTree, mode: TextMode) -> Tree:
    """The tree of a part, of which HTML is read as HTML, and what is no Markdown as words."""
    text = part.part.text
    html = raw_html(text)
    if html is not None:
        return Tree(html, [Node("html_block", 0, len(html), html)])
    if mode == TextMode.BARE:
        return Tree(text, [Node("text", 0, len(text), text)])
    return part.tree


def shortened(texts: Iterable[str]) -> str:
    """Some texts with marks between them, or a digest of them where they are long."""
    joined = BETWEEN.join(texts)
    if len(joined) <= _LONGEST:
        return joined
    return DIGEST + content_digest(joined)[:16]
