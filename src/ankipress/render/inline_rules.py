"""The rules of GitHub's text, for markdown-it: CommonMark's, with single tildes, mathematics, and
addresses as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from markdown.util import ETX
from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_inline import autolink, escape, html_inline
from markdown_it.rules_inline.state_inline import Scanned, StateInline

from ankipress.render.bare import bare_link, find_bare
from ankipress.render.extension_inlines import Reading, foreign_rule
from ankipress.render.links import Brackets, close_bracket, open_bracket
from ankipress.render.marking import Marking
from ankipress.render.math import MATH, math_of
from ankipress.render.punctuation import is_punctuation
from ankipress.render.strikethrough import close_strikes, open_strike

_SPECIAL = re.compile(r"[\n!$&*<\[\\\]_`~]")
MARKED = re.compile(rf"{_SPECIAL.pattern}|@|://|ww\.", re.IGNORECASE)
"""What a text without it cannot hold: markup, mathematics, or an address."""
_MATH = re.compile(MATH)
_ESCAPE = re.compile(r"\\[\n!-/:-@\[-`{-~]")


class Around(NamedTuple):
    """What a text is read with: the patterns of other extensions, None where there are none, and
    its deletions.
    """

    reading: Reading | None
    marking: Marking


class State(StateInline):
    """The place in a text, and where addresses and the patterns of other extensions match in it."""

    def __init__(
        self, source: str, md: MarkdownIt, environment: dict[str, Any], around: Around
    ) -> None:
        super().__init__(source, md, environment, [])
        self.bare = find_bare(source)
        self.brackets = Brackets()
        self.reading, self.marking = around

    def stop_after(self, position: int) -> int:
        """Where the text that begins here ends at the latest."""
        stop = self.posMax
        while self.bare and self.bare[-1].start() < position:
            self.bare.pop()
        if self.bare:
            stop = min(stop, self.bare[-1].start())
        return min(stop, self.reading.next_from(position)) if self.reading else stop

    # Markdown-it's signature.
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803
        """Whether a run of marks can open or close emphasis; a symbol is no punctuation here, as in
        GitHub's cmark-gfm.
        """
        source, end = self.src, start
        while end < self.posMax and source[end] == source[start]:
            end += 1
        before, after = self._beside(start - 1, -1), self._beside(end, 1)
        # ETX ends the mark of something put aside, such as the box of a task.
        space_before, space_after = (
            before == ETX or isWhiteSpace(ord(before)),
            isWhiteSpace(ord(after)),
        )
        mark_before, mark_after = is_punctuation(before), is_punctuation(after)
        left = not space_after and (not mark_after or space_before or mark_before)
        right = not space_before and (not mark_before or space_after or mark_after)
        opens = left and (canSplitWord or not right or mark_before)
        closes = right and (canSplitWord or not left or mark_after)
        return Scanned(opens, closes, end - start)

    def _beside(self, position: int, step: int) -> str:
        """The character beside a run of marks; cmark-gfm does not see tildes there, unless the run
        is of tildes.
        """
        is_tilde = self.src[position - step] == "~"
        while not is_tilde and 0 <= position < self.posMax and self.src[position] == "~":
            position += step
        return self.src[position] if 0 <= position < self.posMax else " "


def use_rules(markdown_it: MarkdownIt) -> None:
    """The rules of GitHub's text: single tildes, mathematics, bare addresses, and links as their
    authors wrote them.
    """
    inline = markdown_it.inline
    inline.ruler.at("strikethrough", open_strike)
    inline.ruler2.at("strikethrough", close_strikes)
    inline.ruler.enable(["strikethrough"])
    inline.ruler2.enable(["strikethrough"])
    inline.terminator_re = _SPECIAL
    inline.ruler.at("text", _text)
    inline.ruler.before("text", "foreign", foreign_rule)
    inline.ruler.before("escape", "math", _math)
    inline.ruler.before("escape", "bare", _bare)
    inline.ruler.at("escape", _escape)
    inline.ruler.at("link", open_bracket)
    inline.ruler.at("image", close_bracket)
    for name, rule in (("autolink", autolink), ("html_inline", html_inline)):
        inline.ruler.at(name, _placed(rule))
    # Files are looked for by the names that authors wrote, and the allow-list of html.py knows what
    # may be linked.
    markdown_it.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown_it.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    markdown_it.validateLink = _is_valid  # type: ignore[method-assign]


def _is_valid(url: str) -> bool:  # noqa: ARG001 - markdown-it's signature
    return True


def _text(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """A rule of markdown-it: text up to the next character or address that may be more than text."""
    end = state.stop_after(state.pos) if isinstance(state, State) else state.posMax
    found = _SPECIAL.search(state.src, state.pos, end)
    end = found.start() if found else end
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _placed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """A rule whose token says where in the text it stands."""

    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
        at, number = state.pos, len(state.tokens)
        done = rule(state, silent)
        if done and not silent:
            token = next(each for each in state.tokens[number:] if each.type != "text")
            token.meta["at"] = at
        return done

    return placed


def _escape(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """A rule of markdown-it: an escape. Its own takes a backslash and whatever follows, so an
    address behind one was not seen.
    """
    return _ESCAPE.match(state.src, state.pos) is not None and escape(state, silent)


def _math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if state.src[state.pos] not in "$\\":
        return False
    found = _MATH.match(state.src, state.pos, state.posMax)
    html = math_of(found, state.marking.tex if isinstance(state, State) else str) if found else None
    if found is None or html is None:
        return False
    if not silent:
        token = state.push("math", "", 0)
        token.content, token.meta = html, {"source": found[0]}
    state.pos = found.end()
    return True


def _bare(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if (
        silent
        or not isinstance(state, State)
        or not state.bare
        or state.bare[-1].start() != state.pos
    ):
        return False
    if state.linkLevel or state.brackets.stack:
        return False
    address = bare_link(
        state.bare.pop(), state.marking.end_of_address(state.src, state.pos, state.posMax)
    )
    if address is None:
        return False
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": address if "://" in address else f"http://{address}"}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address)
    return True
