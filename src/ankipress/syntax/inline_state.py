"""The state of reading a text inside a block: markdown-it's, and what GitHub's rules need."""

from __future__ import annotations

import functools
import string
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token

from ankipress.syntax.bare import find_bare
from ankipress.syntax.dialect import Dialect

_STASH_END = "\x03"  # of the marks that Python-Markdown leaves for what its extensions made


class Patterns(Protocol):
    """What extensions of Python-Markdown find in a text."""

    def next_from(self, position: int) -> int:
        """Where the next match begins, or the end of the text."""

    def node_at(self, position: int, *, in_link: bool) -> tuple[object, int] | None:
        """What is made of the text from a position on, a text or an element, and where it ends."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What texts are read with.

    `references` are the definitions of links by their normal labels: `href` and `title`.
    `footnotes` are the labels of footnotes in lower case. Where a text `hides`, it has deletions,
    whose ends no address includes.
    """

    references: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    footnotes: Collection[str] = ()
    hides: bool = False
    dialect: Dialect = Dialect.GITHUB


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
    """The place in a text, where URLs and the patterns of extensions match in it, and the spans of
    the tokens, `[start, end]` each.

    `at` is where the rule began that pushes tokens now, `pending_at` where the text that is no
    token yet began.
    """

    def __init__(
        self,
        source: str,
        md: MarkdownIt,
        environment: Environment,
        patterns: Patterns | None,
    ) -> None:
        self.spans: list[list[int]] = []
        self.at = 0
        self.pending_at = 0
        super().__init__(source, md, {}, [])
        self.bare = find_bare(source)
        self.brackets: list[Bracket] = []
        self.environment = environment
        self.patterns = patterns

    def push(
        self,
        ttype: str,
        tag: str,
        nesting: Literal[-1, 0, 1],
    ) -> Token:
        """Push a token, whose span begins with its rule and ends where that ends."""
        token = super().push(ttype, tag, nesting)
        self.spans.append([self.at, -1])
        return token

    # Markdown-it's name.
    def pushPending(self) -> Token:  # noqa: N802
        """Push the text so far."""
        token = super().pushPending()
        self.spans.append([self.pending_at, self.pending_at + len(token.content)])
        return token

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
        source = self.src
        end = start
        while end < self.posMax and source[end] == source[start]:
            end += 1
        before = self._neighbour(start - 1, -1)
        after = self._neighbour(end, 1)
        space_before = before == _STASH_END or isWhiteSpace(ord(before))
        space_after = isWhiteSpace(ord(after))
        mark_before = _is_punctuation(before)
        mark_after = _is_punctuation(after)
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
