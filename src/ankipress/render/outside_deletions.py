"""Deletions outside the text of a cloze note, where Anki hides nothing but counts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ankipress.diagnostics import Location
from ankipress.render.card_parts import Parts
from ankipress.render.cloze_text import disable_deletions, has_deletion
from ankipress.syntax.deletions import OPENING, Deletion
from ankipress.syntax.entry_trees import PartTree
from ankipress.syntax.tree import Node
from ankipress.syntax.tree_deletions import tree_deletions


def without_deletions(
    parts: Parts,
    trees: Iterable[PartTree],
    html: str,
    where: str,
) -> str:
    """The HTML of some trees as a field in which Anki finds no deletion; reports each that it would
    have found. `where` says which field it is.
    """
    if has_deletion(html):
        message = (
            f"a deletion in {where} hides nothing: Anki hides only in the text of the question"
        )
        help = "write it above the `---` or heading that ends the text, or put it into code"
        for place in _places(trees):
            parts.report("deletion-outside-text", message, help, place)
    return disable_deletions(html)


def _places(trees: Iterable[PartTree]) -> Iterator[Location | None]:
    """Where the deletions of some trees stand; None where they cannot be found in the Markdown."""
    is_found = False
    for tree in trees:
        for place in _in_tree(tree):
            is_found = True
            yield place
        # Those in the texts of pictures are told with other near misses.
        is_found = is_found or _is_in_picture(tree)
    if not is_found:
        yield None


def _in_tree(tree: PartTree) -> Iterator[Location]:
    found = tree_deletions(tree.nodes, tree.part.text)
    formulas = [node for node in tree.walk() if node.kind in {"math", "math_block"}]
    in_formulas = [each for each in found.elsewhere if _is_inside(each, formulas)]
    for deletion in (*found.in_prose, *in_formulas):
        yield tree.place(deletion.start, deletion.end + 2)
    for start in found.unclosed:
        opening = OPENING.match(tree.part.text, start)
        assert opening
        yield tree.place(start, opening.end())


def _is_inside(deletion: Deletion, formulas: Sequence[Node]) -> bool:
    """Whether a deletion stands in a formula: in code, Anki finds none."""
    return any(node.start <= deletion.start < node.end for node in formulas)


def _is_in_picture(tree: PartTree) -> bool:
    pictures = (node for node in tree.walk() if node.kind == "image")
    return any(OPENING.search(tree.part.text, node.start, node.end) for node in pictures)
