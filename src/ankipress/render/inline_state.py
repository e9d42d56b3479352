"""The state of reading a text inside a block: markdown-it's, and what GitHub's rules need."""

from __future__ import annotations

import functools
import string
import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple

from markdown.util import ETX
from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline.state_inline import Scanned, StateInline

from ankipress.render.bare import find_bare
from ankipress.render.extension_inlines import PatternScan
from ankipress.render.marking import Marking


class Context(NamedTuple):
    """What a text is read with: its deletions, and the patterns of extensions, if any."""

    marking: Marking
    patterns: PatternScan | None


@dataclass(slots=True)
class Bracket:
    """An open bracket: where its text begins, its token, and the marks of emphasis before it."""

    position: int
    token: int
    delimiters: int
    is_image: bool
    is_active: bool = True
    has_brackets: bool = False  # in its text


class InlineState(StateInline):
    """The place in a text, and where URLs and the patterns of extensions match in it."""

    def __init__(
        self,
        source: str,
        md: MarkdownIt,
        environment: dict[str, Any],
        context: Context,
    ) -> None:
        super().__init__(
            source,
            md,
            environment,
            [],
        )
        self.bare = find_bare(source)
        self.brackets: list[Bracket] = []
        self.marking, self.patterns = context

    def end_of_text(self) -> int:
        """The latest end of the text that begins here."""
        end = self.posMax
        while self.bare and self.bare[-1].start() < self.pos:
            self.bare.pop()
        if self.bare:
            end = min(end, self.bare[-1].start())
        if self.patterns:
            end = min(end, self.patterns.next_from(self.pos))
        return end

    # Markdown-it's signature.
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803
        """Whether a run of marks can open or close emphasis.

        As in GitHub's cmark-gfm, a symbol is no punctuation.
        """
        source, end = self.src, start
        while end < self.posMax and source[end] == source[start]:
            end += 1
        before = self._neighbour(start - 1, -1)
        after = self._neighbour(end, 1)
        # ETX ends the mark of something stashed, such as the box of a task.
        space_before = before == ETX or isWhiteSpace(ord(before))
        space_after = isWhiteSpace(ord(after))
        mark_before, mark_after = _is_punctuation(before), _is_punctuation(after)
        left = not space_after and (not mark_after or space_before or mark_before)
        right = not space_before and (not mark_before or space_after or mark_after)
        opens = left and (canSplitWord or not right or mark_before)
        closes = right and (canSplitWord or not left or mark_after)
        return Scanned(opens, closes, end - start)

    def _neighbour(self, position: int, step: int) -> str:
        """The character next to a run of marks. cmark-gfm skips tildes there, unless the run is of
        tildes.
        """
        source = self.src
        if source[position - step] != "~":
            while 0 <= position < self.posMax and source[position] == "~":
                position += step
        if 0 <= position < self.posMax:
            return source[position]
        return " "


@functools.lru_cache(maxsize=4096)
def _is_punctuation(character: str) -> bool:
    """Whether it is punctuation to cmark-gfm: ASCII's, and Unicode's without symbols."""
    return character in string.punctuation or unicodedata.category(character).startswith("P")
