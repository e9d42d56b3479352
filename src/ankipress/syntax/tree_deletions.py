"""The deletions of a tree, in its prose as well as in its code and mathematics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ankipress.syntax.deletions import Deletion, deletions_in_code, find_deletions
from ankipress.syntax.fences import read_fence
from ankipress.syntax.prose import prose
from ankipress.syntax.tree import Content, Node, walk


class TreeDeletions(NamedTuple):
    """The deletions in the prose of a text and the offsets of unclosed ones there, then those in
    its code and mathematics. All offsets are those in the text.
    """

    in_prose: tuple[Deletion, ...]
    unclosed: tuple[int, ...]
    elsewhere: tuple[Deletion, ...]


def tree_deletions(nodes: Iterable[Node], text: str) -> TreeDeletions:
    """The deletions of some nodes of a text."""
    if "{{c" not in text:
        return TreeDeletions((), (), ())
    nodes = list(nodes)
    found = find_deletions(prose(nodes, text))
    return TreeDeletions(found.deletions, found.unclosed, tuple(_elsewhere(nodes)))


def has_deletion(nodes: Iterable[Node], text: str) -> bool:
    """Whether a deletion begins outside code."""
    nodes = list(nodes)
    found = tree_deletions(nodes, text)
    if found.in_prose or found.unclosed:
        return True
    formulas = (node for node in walk(nodes) if node.kind in {"math", "math_block"})
    return any(find_deletions(node.text).deletions for node in formulas)


def _elsewhere(nodes: Iterable[Node]) -> Iterator[Deletion]:
    for node in walk(nodes):
        if node.content is None or "{{c" not in node.text:
            continue
        if node.kind in {"math", "math_block"}:
            yield from _moved(find_deletions(node.text).deletions, node.content)
        elif node.kind == "code":
            language = read_fence(node.info).language
            yield from _moved(deletions_in_code(node.text, language), node.content)
        elif node.kind == "code_span":
            yield from _moved(deletions_in_code(node.text, ""), node.content)


def _moved(deletions: Iterable[Deletion], content: Content) -> Iterator[Deletion]:
    """Deletions of a text that is cut out, with their offsets in the text around it."""
    for each in deletions:
        hint = None
        if each.hint is not None:
            hint = content.offset(each.hint)
        start, inner, end = map(content.offset, (each.start, each.inner, each.end))
        yield Deletion(start, inner, hint, end, each.numbers)
