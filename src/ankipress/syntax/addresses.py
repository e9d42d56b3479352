"""The addresses in the trees of an entry: of pictures, sounds, videos and links, with places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from markdown_it.common.utils import normalizeReference

from ankipress.diagnostics import Location
from ankipress.syntax.blocks import Definition
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.html_addresses import FoundAddress, Use, html_addresses
from ankipress.syntax.prose import prose_spans
from ankipress.syntax.shown_text import shown_nodes
from ankipress.syntax.tree import WORDS, Kind, Node, Span

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\](?:\[\])?\Z", re.DOTALL)
_USES: Mapping[Kind, Use] = {"link": "link", "image": "picture", "sound": "sound"}
WIKI_LINK = re.compile(r"!\[\[[^\[\]|\n]+(?:\|[^\[\]\n]*)?\]\]")
"""`![[picture.png|title]]`, which other programs take for a picture."""
_SOUND = re.compile(r"\[sound:([^\[\]\n]+)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """An address, what it is for, and where it stands.

    The `url` of a wiki link is all of it; it is empty for an element without an address, which
    stands where its tag does. An address that `is_as_written` can be replaced where it stands: it
    has no escapes, and is not somewhere else in the file.
    """

    url: str
    use: Use
    location: Location
    is_as_written: bool = True


def addresses(trees: EntryTrees) -> Sequence[Address]:
    """The addresses that the card of an entry may use: of the heading of its table, of its own, of
    its parts in their order, and of its footnotes.

    Addresses that no card uses are left out: those of styles, of frames, in the texts of pictures,
    and of the picture before a video.
    """
    entry = trees.entry
    parts = list(trees.all())
    if entry.table:
        parts.insert(0, trees.line(entry.table))
    parts += [trees.tree(part) for part in entry.footnotes.values()]
    definitions = _Definitions(parts)
    found: list[Address] = []
    for tree in _without_unused(parts):
        found += _of_part(tree, definitions)
    # A footnote is in a part of its own, and also in the part below which it is written.
    return list(dict.fromkeys(found))


def _without_unused(parts: Sequence[PartTree]) -> Iterator[PartTree]:
    """The parts without the footnotes to which none of them refers."""
    nodes = (node for tree in parts for node in shown_nodes(tree.nodes))
    used = {node.info for node in nodes if node.kind == "footnote_reference"}
    for tree in parts:
        kept = [
            node for node in tree.nodes if node.kind != "footnote" or node.text.casefold() in used
        ]
        yield PartTree(tree.path, tree.part, replace(tree.tree, nodes=kept))


class _Definitions:
    """The definitions of links in the parts of an entry, each with the part that it stands in."""

    def __init__(self, parts: Iterable[PartTree]) -> None:
        self._known: dict[str, tuple[PartTree, Definition]] = {}
        for tree in parts:
            for each in tree.tree.definitions:
                self._known.setdefault(each.label, (tree, each))

    def of(self, node: Node, tree: PartTree) -> tuple[PartTree, Definition] | None:
        """The definition that a link or picture of a part refers to, None if it stands elsewhere
        in the file.
        """
        found = _LABEL.search(tree.part.text[node.start : node.end])
        if found is None:
            return None
        label = normalizeReference(found[1])
        for each in tree.tree.definitions:
            if each.label == label:
                return tree, each
        return self._known.get(label)


def _of_part(tree: PartTree, definitions: _Definitions) -> Iterator[Address]:
    found = chain(_of_nodes(tree), html_addresses(tree.nodes), _of_text(tree))
    for each in sorted(found, key=_span_of):
        yield _placed(tree, each)
    for node in shown_nodes(tree.nodes):
        if node.kind in {"link", "image"} and node.target is None:
            yield _defined(node, tree, definitions)


def _span_of(found: FoundAddress) -> Span:
    return found.span


def _placed(tree: PartTree, found: FoundAddress) -> Address:
    start, end = found.span
    is_whole = not any(start < offset < end for offset, _, _ in tree.part.breaks)
    is_as_written = is_whole and tree.part.text[start:end] == found.url
    return Address(found.url, found.use, tree.place(start, end), is_as_written)


def _defined(node: Node, tree: PartTree, definitions: _Definitions) -> Address:
    """The address of a link or picture that has it from a definition."""
    use = _USES[node.kind]
    known = definitions.of(node, tree)
    if known is None or known[1].url != node.url:
        return Address(node.url, use, tree.place_of(node), is_as_written=False)
    holder, definition = known
    return _placed(holder, FoundAddress(node.url, use, definition.target))


def _of_nodes(tree: PartTree) -> Iterator[FoundAddress]:
    """The addresses of links and pictures in Markdown."""
    for node in shown_nodes(tree.nodes):
        if node.kind in _USES and node.target is not None:
            use = _USES[node.kind]
            span = node.span
            if node.url:
                span = node.target
            yield FoundAddress(node.url, use, span)


def _of_text(tree: PartTree) -> Iterator[FoundAddress]:
    """What only other programs take for a picture or a sound: `![[x]]` and `[sound:x]`."""
    if "![[" not in tree.part.text and "[sound:" not in tree.part.text.lower():
        return
    for run in _runs(tree.nodes):
        yield from _in_run(run)
    for node in shown_nodes(tree.nodes):
        if node.kind == "html_block":
            for span in prose_spans([node]):
                text = tree.part.text[span.start : span.end]
                yield from _in_run([Node("text", span.start, span.end, text)])


def _runs(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    """The words that stand side by side, line by line."""
    for siblings in (nodes, *(node.children for node in shown_nodes(nodes))):
        run: list[Node] = []
        for node in siblings:
            if node.kind in WORDS:
                run.append(node)
            elif run:
                yield run
                run = []
        if run:
            yield run


def _in_run(run: Sequence[Node]) -> Iterator[FoundAddress]:
    text = "".join(node.text for node in run)
    for found in WIKI_LINK.finditer(text):
        yield FoundAddress(found[0], "wiki", _span_in(run, *found.span()))
    for found in _SOUND.finditer(text):
        yield FoundAddress(found[1], "sound", _span_in(run, *found.span(1)))


def _span_in(run: Sequence[Node], start: int, end: int) -> Span:
    """The span in the source of a span of the text of some words."""
    position = 0
    first = run[0].start
    last = run[-1].end
    for node in run:
        after = position + len(node.text)
        # An escape is one sign, however long it is written.
        is_text = node.kind == "text"
        if position <= start < after:
            first = node.start
            if is_text:
                first += start - position
        if position < end <= after:
            last = node.end
            if is_text:
                last -= after - end
        position = after
    return Span(first, last)
