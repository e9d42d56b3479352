"""The block processors of other Python-Markdown extensions, beside CommonMark's blocks.

A block processor is asked where one of CommonMark's blocks begins, at the outermost level of a
text. What it leaves of the text is read on from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from xml.etree.ElementTree import Element

from markdown.blockprocessors import BlockProcessor
from markdown.util import Registry
from markdown_it.token import Token

_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_NEVER = frozenset({"fence", "html_block", "math_block"})


class ForeignBlocks:
    """The block processors that extensions have registered beside Python-Markdown's own."""

    def __init__(self, processors: Registry[BlockProcessor]) -> None:
        self._registry, self._own = processors, set(map(id, processors))
        self._processors: tuple[BlockProcessor, ...] = ()

    def __bool__(self) -> bool:
        return bool(self._processors)

    def collect(self) -> None:
        """Take note of the processors registered since this was made."""
        self._processors = tuple(each for each in self._registry if id(each) not in self._own)

    def parse(
        self,
        parent: Element,
        text: str,
        tokens_of: Callable[[str], Sequence[Token]],
        add: Callable[[Element, Sequence[Token]], None],
    ) -> None:
        """Add the blocks of a text to an element: CommonMark's by `tokens_of` and `add`, the others
        by their processors.
        """
        rest: str | None = text
        while rest is not None:
            rest = self._parse(parent, rest, tokens_of(rest), add)

    def _parse(
        self,
        parent: Element,
        text: str,
        tokens: Sequence[Token],
        add: Callable[[Element, Sequence[Token]], None],
    ) -> str | None:
        """Add blocks until the text has to be read anew; what is left of it then."""
        starts = [0, *(found.end() for found in re.finditer("\n", text))]
        behind = 0  # a line; what begins before it is read already
        for group in _groups(tokens):
            place = group[0].map
            if place is None or group[0].type in _NEVER:
                if place is None or place[0] >= behind:
                    add(parent, group)
                continue
            if place[0] < behind:
                if place[1] > behind:
                    return text[starts[behind] :]
                continue
            left = self._run(parent, text[starts[place[0]] :])
            if left is None:
                add(parent, group)
            elif not left:
                return None
            elif text.endswith(left):
                behind = text.count("\n", 0, len(text) - len(left))
            else:
                return left
        return None

    def _run(self, parent: Element, text: str) -> str | None:
        """What is left of a text behind what a processor took, None where none takes any."""
        first = _BLANK.split(text, maxsplit=1)[0]
        for processor in self._processors:
            if processor.test(parent, first):
                blocks = text.split("\n\n") if "\n\n" in text else [text]
                if processor.run(parent, blocks) is not False:
                    return "\n\n".join(blocks).lstrip("\n")
        return None


def _groups(tokens: Sequence[Token]) -> Iterable[Sequence[Token]]:
    """The tokens of each of the outermost blocks."""
    start = depth = 0
    for number, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : number + 1]
            start = number + 1
