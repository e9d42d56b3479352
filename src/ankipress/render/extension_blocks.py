"""The block processors of Python-Markdown extensions, among CommonMark's blocks.

A block processor is asked where one of CommonMark's blocks begins, at the outermost level of a
text. What it leaves of the text is read on from there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.blockprocessors import BlockProcessor

from ankipress.syntax.tree import Node

if TYPE_CHECKING:
    from ankipress.render.element_blocks import GfmBlockParser

_BLANK = re.compile(r"\n(?:[ \t]*\n)+")


class ExtensionBlocks:
    """The block processors that extensions have registered with a parser."""

    def __init__(self, parser: GfmBlockParser) -> None:
        self._parser = parser
        self._own = set(map(id, parser.blockprocessors))
        self._processors: list[BlockProcessor] = []

    def __bool__(self) -> bool:
        return bool(self._processors)

    def collect(self) -> None:
        """Collect the processors registered since this was made."""
        registered = self._parser.blockprocessors
        self._processors = [each for each in registered if id(each) not in self._own]

    def parse(self, parent: Element, text: str) -> None:
        """Add the blocks of a text to an element."""
        rest: str | None = text
        while rest is not None:
            rest = self._parse(parent, rest)

    def _parse(self, parent: Element, text: str) -> str | None:
        """Add blocks until the text has to be read anew; what is left of it then."""
        starts = [0, *(found.end() for found in re.finditer("\n", text))]
        read = 0  # a line; what begins before it is read already
        for node in self._parser.read(text):
            first = bisect_right(starts, node.start) - 1
            end = bisect_right(starts, max(node.start, node.end - 1))
            if first < read:
                if end > read and not _is_closed_to_extensions(node):
                    return text[starts[read] :]
                continue
            left = None
            if not _is_closed_to_extensions(node):
                left = self._run(parent, text[starts[first] :])
            if left is None:
                self._parser.add(parent, [node])
            elif not left:
                return None
            elif text.endswith(left):
                read = text.count("\n", 0, len(text) - len(left))
            else:
                return left
        return None

    def _run(self, parent: Element, text: str) -> str | None:
        """What is left of a text after what a processor took, None if none takes any."""
        first = _BLANK.split(text, maxsplit=1)[0]
        for processor in self._processors:
            if processor.test(parent, first):
                blocks = text.split("\n\n")
                if processor.run(parent, blocks) is not False:
                    return "\n\n".join(blocks).lstrip("\n")
        return None


def _is_closed_to_extensions(node: Node) -> bool:
    """Whether no extension looks into a block: code between fences, HTML and mathematics."""
    is_fence = node.kind == "code" and bool(node.markup)
    return is_fence or node.kind in {"html_block", "math_block"}
