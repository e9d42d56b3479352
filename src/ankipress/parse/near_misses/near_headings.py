"""Headings that are none, or whose names nearly are those of a card's sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.model import KINDS
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.tree import Node, Span, walk

UNSEEN = "\u00a0\u2007\u202f\u3000\u200b\u2060\ufeff"
"""Spaces that are none to Markdown, and a mark of byte order."""

# Hashes with no space after them, or with one that is none to Markdown, and such ones before them.
_HASHES = re.compile(
    rf"(?P<before>[{UNSEEN}]*)(?P<hashes>[#\uff03]{{1,6}})"
    rf"(?P<behind>[ {UNSEEN}]*)(?=[^\s#\uff03])"
)
_INDENTED = re.compile(r"#{2,6} +\S[^\n]*\n?")
_IN_HTML = re.compile(r"^ {0,3}(#{1,6}[ \t]+\S[^\n]*)", re.MULTILINE)
_NOT_SHOWN = re.compile(r"<(?:!--|pre|script|style|textarea)", re.IGNORECASE)
_NAMES = {"hint": "Hint", "extra": "Extra", "source": "Source"}
_NOT_LETTERS = re.compile(r"[\W_]+")
_ENDINGS = ("s", "es")
_DEEPER = "write it with one `#` more than the heading of its card"


class NearHeading(NamedTuple):
    """A line that is nearly a heading: a span, a message, help, and a fix if any."""

    span: Span
    message: str
    help: str
    fix: str | None = None


def near_headings(trees: EntryTrees) -> Iterator[Diagnostic]:
    """Find `##Second question`, and `### Hints` where `### Hint` was meant."""
    # A note type of one's own may have a field of any name.
    has_own_names = trees.entry.attributes.kind not in {None, *KINDS}
    name = _NAMES.get(trees.entry.heading.strip().lower())
    if name and not has_own_names:
        heading = trees.heading
        message = f'this heading makes a card whose question is "{trees.entry.heading}"'
        help = f"if it is the {name} of a card, {_DEEPER}"
        place = heading.place(0, len(trees.entry.heading.strip()))
        yield Diagnostic("near-heading", place, message, help)
    for _, tree in trees.parts():
        for each in nearly_headings(tree.nodes):
            yield _problem(tree, each)
        for node in () if has_own_names else tree.nodes:
            if node.kind == "heading":
                yield from _misspelt(tree, node)


def nearly_headings(nodes: Iterable[Node]) -> Iterator[NearHeading]:
    """Lines of some text that were likely meant as headings."""
    for node in walk(nodes):
        if node.kind == "paragraph":
            yield from _without_space(node)
        elif node.kind == "code" and not node.markup:
            yield from _indented(node)
        elif node.kind == "html_block" and "#" in node.text:
            yield from _in_html(node)


def _without_space(paragraph: Node) -> Iterator[NearHeading]:
    """Lines of a paragraph that begin with hashes and no space after them."""
    begins_line = True
    for node in paragraph.children:
        found = None
        if begins_line and node.kind == "text":
            found = _HASHES.match(node.text)
        begins_line = node.kind in {"softbreak", "hardbreak"}
        if found is None:
            continue
        hashes = found["hashes"].replace("\uff03", "#")
        if len(hashes) == 1 and (not found["behind"] or found["hashes"] != hashes):
            continue  # `#word` is a tag, and a wide hash a number
        message = "there is no space after these hashes, so this is text and no heading"
        if found["hashes"] != hashes:
            message = "these hashes are wide ones, so this is text and no heading"
        elif found["before"] or found["behind"]:
            message = "a space beside these hashes is no plain one, so this is text and no heading"
        help = f"write `{hashes} ` with a plain space, or `\\{hashes}` if it is text"
        end = node.start + found.end()
        span = Span(node.start, end)
        yield NearHeading(span, message, help, f"{hashes} ")


def _indented(code: Node) -> Iterator[NearHeading]:
    """A line of code that is a heading but for the spaces before it."""
    assert code.content is not None
    if not _INDENTED.fullmatch(code.text):
        return
    message = "four spaces or more make code of this line, so it is no heading"
    span = code.content.span(0, len(code.text.rstrip()))
    help = "take the spaces away; where it is meant as code, write it between ``` marks"
    yield NearHeading(span, message, help)


def _in_html(block: Node) -> Iterator[NearHeading]:
    """Headings right below a tag, which HTML swallows up to the next empty line."""
    assert block.content is not None
    if _NOT_SHOWN.search(block.text):
        return
    for found in _IN_HTML.finditer(block.text):
        message = "HTML goes on up to the next empty line, so this is text and no heading"
        help = "leave an empty line above it"
        yield NearHeading(block.content.span(*found.span(1)), message, help)


def _misspelt(tree: PartTree, heading: Node) -> Iterator[Diagnostic]:
    assert heading.content is not None
    words = heading.content.text
    bare = _NOT_LETTERS.sub("", words).lower()
    for name, right in _NAMES.items():
        if bare not in {name, *(name + ending for ending in _ENDINGS)}:
            continue
        span = heading.content.span(0, len(words))
        message = f'a heading "{words}" is a part of the answer: the section is called {right}'
        near = NearHeading(span, message, f"write {right}", right)
        if words.lower() == name:
            message = f'this heading "{words}" is a part of the answer, not its {right}'
            near = NearHeading(span, message, _DEEPER)
        yield _problem(tree, near)


def _problem(tree: PartTree, near: NearHeading) -> Diagnostic:
    location = tree.place(*near.span)
    return Diagnostic("near-heading", location, near.message, near.help, near.fix)
