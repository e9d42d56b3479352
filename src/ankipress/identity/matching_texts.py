"""What is remembered of an entry to know it again: the plain text of its question, and a signature
of its answer.
"""

from __future__ import annotations

from ankipress.identity.signature import opening_of, sign
from ankipress.model import KINDS, Texts
from ankipress.syntax.entry_trees import EntryTrees
from ankipress.syntax.plain_text import plain

_ANSWER_PARTS = ("Back", "Image", "Occlusion")


def texts_of(trees: EntryTrees) -> Texts:
    """What matching reads of one entry."""
    entry = trees.entry
    # In other kinds, `==` is text: docs/cards.md.
    highlights = entry.attributes.kind == "cloze" or entry.kind not in KINDS
    question = plain(
        trees.heading.tree,
        trees.part("Front").tree,
        highlights=highlights,
    )
    written = [name for name in _ANSWER_PARTS if name in entry.parts]
    answer = plain(
        *(trees.part(name).tree for name in written),
        highlights=highlights,
    )
    return Texts(question, sign(answer), opening_of(answer))
