"""The definitions of links and footnotes in a file: on GitHub they hold for all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ankipress.diagnostics import Diagnostic
from ankipress.model import Part
from ankipress.syntax.blocks import Definition, read_blocks
from ankipress.syntax.definition_labels import (
    footnote_labels_in,
    labels_in,
    used_definitions,
)
from ankipress.syntax.markdown_reading import read_markdown
from ankipress.syntax.tree import Node, walk

_WORD = re.compile(r"\w[^\s/.#:@?=&%\\]*[.,;!?]*")


class FileDefinitions:
    """The definitions in the text of a file."""

    def __init__(self, path: str, body: Sequence[str]) -> None:
        self._path = path
        self._text = "\n".join(body)
        self._links: dict[str, str] = {}
        self._definitions: list[Definition] = []
        self._footnotes: dict[str, list[Part]] = {}
        # Most files define nothing, and to look for definitions takes a while.
        if "]:" not in self._text:
            return
        blocks = read_blocks(self._text)
        self._definitions = blocks.definitions
        for each in blocks.definitions:
            self._links.setdefault(each.label, self._text[each.span.start : each.span.end])
        for node in blocks.nodes:
            if node.kind == "footnote":
                self._footnotes.setdefault(node.text.casefold(), []).append(self._part(node))

    def _part(self, footnote: Node) -> Part:
        """The complete lines of a footnote; its line counts from 0."""
        text = self._text
        start = text.rfind("\n", 0, footnote.start) + 1
        line = text.count("\n", 0, start)
        return Part(text[start : footnote.end], line)

    def footnotes(self, text: str, lines: range) -> Mapping[str, Part]:
        """The footnotes to which a section on these lines, from 0, may refer, and those to which
        these may, by their labels. Their lines count from 1 at the first line of the section.

        A footnote in the section has priority over one of the same label elsewhere.
        """
        taken: dict[str, Part] = {}
        if not self._footnotes:
            return taken
        waiting = list(footnote_labels_in(text))
        while waiting:
            label = waiting.pop(0)
            if label not in self._footnotes or label in taken:
                continue
            candidates = self._footnotes[label]
            inside = [each for each in candidates if each.line in lines]
            found = (inside or candidates)[0]
            line = found.line - lines.start + 1
            taken[label] = Part(found.text, line)
            waiting += footnote_labels_in(found.text)
        return taken

    def links(self, text: str, footnotes: Mapping[str, Part]) -> Mapping[str, str]:
        """The definitions of links that a section and its footnotes may use, by label."""
        texts = [text, *(footnote.text for footnote in footnotes.values())]
        return used_definitions(texts, self._links)

    def problems(self) -> Iterator[Diagnostic]:
        """The definitions to which nothing in the file refers: those of footnotes, and those of
        links that are likely text.
        """
        yield from self._unused_footnotes()
        words = [each for each in self._definitions if _is_word(self._text, each)]
        if not words:
            return
        used = labels_in(_without(self._text, self._definitions))
        for each in words:
            if each.label in used:
                continue
            place = Part(self._text, 1).place(self._path, *each.span)
            message = "this defines the address of a link that nothing uses, so it is on no card"
            help = f"if it is text, write \\{self._text[each.span.start : each.span.end].strip()}"
            yield Diagnostic("unused-definition", place, message, help)

    def _unused_footnotes(self) -> Iterator[Diagnostic]:
        if not self._footnotes:
            return
        nodes = list(walk(read_markdown(self._text).nodes))
        known = {node.info for node in nodes if node.kind == "footnote_reference"}
        for node in nodes:
            if node.kind != "footnote" or node.text.casefold() in known:
                continue
            width = len(f"[^{node.text}]:")
            place = Part(self._text, 1).place(self._path, node.start, node.start + width)
            message = "nothing refers to this footnote, so it is on no card"
            help = f"write [^{node.text}] where it belongs, or delete it"
            yield Diagnostic("unused-footnote", place, message, help)


def _is_word(text: str, definition: Definition) -> bool:
    """Whether what a definition gives as an address is a word, as in `[Answer]: Paris`."""
    written = text[definition.span.start : definition.span.end]
    return _WORD.fullmatch(definition.url) is not None and "<" not in written


def _without(text: str, definitions: Sequence[Definition]) -> str:
    """A text without its definitions."""
    pieces = []
    position = 0
    for each in definitions:
        pieces.append(text[position : each.span.start])
        position = max(position, each.span.end)
    return "\n".join((*pieces, text[position:]))
