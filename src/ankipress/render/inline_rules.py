"""GitHub's rules for text inside blocks, for markdown-it: CommonMark's, with single tildes,
mathematics and bare URLs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler
from markdown_it.rules_inline import autolink, escape, html_inline

from ankipress.render.bare import bare_link
from ankipress.render.inline_state import InlineState
from ankipress.render.links import close_bracket, open_bracket
from ankipress.render.math import MATH, math_of
from ankipress.render.strikethrough import close_strikes, open_strike

_SPECIAL = re.compile(r"[\n!$&*<\[\\\]_`~]")
MARKED = re.compile(rf"{_SPECIAL.pattern}|@|://|ww\.", re.IGNORECASE)
"""A text without a match holds no markup, no mathematics and no address."""
_MATH = re.compile(MATH)
_ESCAPE = re.compile(r"\\[\n!-/:-@\[-`{-~]")

Rule = Callable[[InlineState, bool], bool]


def use_rules(markdown_it: MarkdownIt) -> None:
    """Give an instance of markdown-it the rules of GitHub's text."""
    # The state is always ours, which markdown-it's types do not know.
    ruler: Ruler[Any] = markdown_it.inline.ruler
    pairing: Ruler[Any] = markdown_it.inline.ruler2
    ruler.at("strikethrough", open_strike)
    pairing.at("strikethrough", close_strikes)
    ruler.enable(["strikethrough"])
    pairing.enable(["strikethrough"])
    markdown_it.inline.terminator_re = _SPECIAL
    ruler.at("text", _text)
    ruler.before("text", "extension", _extension)
    ruler.before("escape", "math", _math)
    ruler.before("escape", "bare", _bare)
    ruler.at("escape", _escape)
    ruler.at("link", open_bracket)
    ruler.at("image", close_bracket)
    ruler.at("autolink", _with_place(autolink))
    ruler.at("html_inline", _with_place(html_inline))
    # Files are found by the names that authors wrote, and the allow-list of html.py knows what may
    # be linked.
    markdown_it.normalizeLink = _unchanged  # type: ignore[method-assign]
    markdown_it.normalizeLinkText = _unchanged  # type: ignore[method-assign,assignment]
    markdown_it.validateLink = _accept  # type: ignore[method-assign,assignment]


def _unchanged(url: str) -> str:
    return url


def _accept(_url: str) -> bool:
    return True


def _text(state: InlineState, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Text up to the next character or address that may be more than text."""
    end = state.end_of_text()
    found = _SPECIAL.search(state.src, state.pos, end)
    if found:
        end = found.start()
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _with_place(rule: Callable[[Any, bool], bool]) -> Rule:
    """A rule whose token says where in the text it stands."""

    def placed(state: InlineState, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
        at, number = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            token = next(each for each in state.tokens[number:] if each.type != "text")
            token.meta["at"] = at
        return True

    return placed


def _escape(state: InlineState, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """An escape. Markdown-it's own rule also takes a backslash before a letter, and hides a URL."""
    return _ESCAPE.match(state.src, state.pos) is not None and escape(state, silent)


def _extension(state: InlineState, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """The pattern of an extension that matches here."""
    if state.patterns is None:
        return False
    made = state.patterns.node_at(state.pos, in_link=bool(state.linkLevel))
    if made is None or made[1] > state.posMax:
        return False
    node, state.pos = made
    if silent:
        return True
    if isinstance(node, str):
        state.push("text_special", "", 0).content = node
    else:
        state.push("element", "", 0).meta = {"element": node}
    return True


def _math(state: InlineState, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if state.src[state.pos] not in "$\\":
        return False
    found = _MATH.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    html = math_of(found, state.marking.tex)
    if html is None:
        return False
    if not silent:
        token = state.push("math", "", 0)
        token.content = html
        token.meta = {"source": found[0]}
    state.pos = found.end()
    return True


def _bare(state: InlineState, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    if silent or state.linkLevel or state.brackets:
        return False
    if not state.bare or state.bare[-1].start() != state.pos:
        return False
    end = state.marking.end_of_address(state.src, state.pos, state.posMax)
    address = bare_link(state.bare.pop(), end)
    if address is None:
        return False
    url = address
    if "://" not in url:
        url = f"http://{address}"
    state.push("link_open", "a", 1).attrs = {"href": url}
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address)
    return True
