"""GitHub's rules for text inside blocks, for markdown-it: CommonMark's, with footnotes, single
tildes, mathematics and bare URLs.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.rules_inline import (
    autolink,
    backtick,
    emphasis,
    entity,
    escape,
    html_inline,
    link_pairs,
    newline,
)

from ankipress.syntax import obsidian_rules
from ankipress.syntax.bare import bare_link, end_of_word
from ankipress.syntax.definition_labels import FOOTNOTE
from ankipress.syntax.dialect import Dialect
from ankipress.syntax.formulas import formula_at
from ankipress.syntax.html_blocks import is_small_declaration
from ankipress.syntax.inline_state import InlineState
from ankipress.syntax.links import close_bracket, open_bracket
from ankipress.syntax.strikethrough import close_strikes, open_strike
from ankipress.syntax.tree import Span
from ankipress.syntax.written_addresses import make_reader

_SPECIAL = re.compile(r"[\n!$&*<\[\\\]_`~]")
MARKED = re.compile(rf"{_SPECIAL.pattern}|@|://|ww\.", re.IGNORECASE)
"""A text without a match holds no markup, no mathematics and no address."""
_SPECIAL_OBSIDIAN = re.compile(rf"{_SPECIAL.pattern}|[{re.escape(obsidian_rules.SIGNS)}]")
OBSIDIAN_MARKED = re.compile(
    rf"{MARKED.pattern}|[{re.escape(obsidian_rules.SIGNS)}]", re.IGNORECASE
)
"""The same in Obsidian's dialect."""
_ESCAPE = re.compile(r"\\[\n!-/:-@\[-`{-~]")

# After the label of a footnote, this makes it the text of a link.
_LINK = re.compile(r"""\((?:<[^<>\n]*>|[^\s()<][^\s()]*)?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)""")
# Without an ending it is no file, but text about this mark.
_SOUND = re.compile(r"\[sound:(?P<file>[^\[\]\n<>]*\.[A-Za-z0-9]{2,5})\]")
_END_OF_DELETION = re.compile(r"\}\}|::")

Rule = Callable[[InlineState], bool]
"""Reads what stands at the place of a state, and says whether anything does."""


@functools.cache
def inline_reader() -> MarkdownIt:
    """An instance of markdown-it whose helpers are used here, but not its rules."""
    return make_reader()


def tokenize(state: InlineState) -> None:
    """Read a text into tokens, each with its span."""
    by_sign = _BY_SIGN
    if state.environment.dialect is not Dialect.GITHUB:
        by_sign = _BY_SIGN_OBSIDIAN
    while state.pos < state.posMax:
        position = state.pos
        number = len(state.tokens)
        state.at = position
        if not state.pending:
            state.pending_at = position
        rules = (_extension, _bare, *by_sign.get(state.src[position], ()), _text)
        if not any(rule(state) for rule in rules):
            state.append_pending(state.src[position])
            state.pos += 1
        for index in range(number, len(state.tokens)):
            _end_span(state, index)
    if state.pending:
        state.pushPending()
    if state.delimiters or any(state.tokens_meta):
        link_pairs(state)
        close_strikes(state)
        emphasis.postProcess(state)


def _end_span(state: InlineState, index: int) -> None:
    """A token of text is as long as its text; any other ends with its rule."""
    span = state.spans[index]
    token = state.tokens[index]
    if span[1] < 0 and token.type == "text":
        span[1] = span[0] + len(token.content)
    elif span[1] < 0:
        span[1] = state.pos


def _text(state: InlineState) -> bool:
    """Text up to the next character or address that may be more than text."""
    end = state.end_of_text()
    special = _SPECIAL
    if state.environment.dialect is not Dialect.GITHUB:
        special = _SPECIAL_OBSIDIAN
    found = special.search(state.src, state.pos, end)
    if found:
        end = found.start()
    if end == state.pos:
        return False
    state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _extension(state: InlineState) -> bool:
    """The pattern of an extension that matches here."""
    if state.patterns is None:
        return False
    in_link = bool(state.linkLevel)
    made = state.patterns.node_at(state.pos, in_link=in_link)
    if made is None or made[1] > state.posMax:
        return False
    node, state.pos = made
    if isinstance(node, str):
        state.push("text_special", "", 0).content = node
    else:
        state.push("element", "", 0).meta["element"] = node
    return True


def _math(state: InlineState) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    formula = formula_at(state.src, state.pos, state.posMax)
    if formula is None:
        return False
    token = state.push("math", "", 0)
    token.content = formula.tex
    token.info = "display" if formula.is_display else ""
    token.markup = state.src[state.pos : formula.end]
    token.meta["inner"] = formula.start, formula.start + len(formula.tex)
    state.pos = formula.end
    return True


def _escape(state: InlineState) -> bool:
    """An escape. Markdown-it's own rule also takes a backslash before a letter, and hides a URL."""
    return _ESCAPE.match(state.src, state.pos) is not None and escape(state, silent=False)


def _emphasis(state: InlineState) -> bool:
    """Marks of emphasis, each of which is a token."""
    start = state.pos
    if not emphasis.tokenize(state, silent=False):
        return False
    length = state.pos - start
    for index in range(length):
        state.spans[index - length] = [start + index, start + index + 1]
    return True


def _footnote(state: InlineState) -> bool:
    """A reference to a footnote, also to one that is not defined: that one is text."""
    if state.src[state.pos] != "[":
        return False
    found = FOOTNOTE.match(state.src, state.pos, state.posMax)
    if found is None or _LINK.match(state.src, found.end()):
        return False
    label = found[1].casefold()
    kind = "missing_footnote"
    if label in state.environment.footnotes:
        kind = "footnote"
    state.pos = found.end()
    token = state.push(kind, "", 0)
    token.content = found[0]
    token.info = label
    return True


def _sound(state: InlineState) -> bool:
    """Anki's mark of a sound or film, which is packed like a picture: `[sound:a.mp3]`."""
    found = _SOUND.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    token = state.push("sound", "", 0)
    token.content = found[0]
    token.meta["target"] = Span(*found.span("file"))
    token.attrs = {"src": found["file"]}
    state.pos = found.end()
    return True


def _bare(state: InlineState) -> bool:
    """A URL without marks around it."""
    if state.linkLevel or state.brackets:
        return False
    if not state.bare or state.bare[-1].start() != state.pos:
        return False
    end = end_of_word(state.src, state.pos, state.posMax)
    if state.environment.hides:
        closing = _END_OF_DELETION.search(state.src, state.pos, end)
        end = closing.start() if closing else end
    address = bare_link(state.bare.pop(), end)
    if address is None:
        return False
    url = address
    if "://" not in url:
        url = f"http://{address}"
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": url}
    opening.meta["target"] = Span(state.pos, state.pos + len(address))
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address)
    return True


def _autolink(state: InlineState) -> bool:
    """An address in angle brackets."""
    start = state.pos
    number = len(state.tokens)
    if not autolink(state, silent=False):
        return False
    inner = Span(start + 1, state.pos - 1)
    for index in range(number, len(state.tokens)):
        if state.tokens[index].type == "link_open":
            state.tokens[index].meta["target"] = inner
            state.spans[index + 1] = [*inner]
    return True


def _html(state: InlineState) -> bool:
    """A tag, comment, instruction or declaration."""
    if is_small_declaration(state.src, state.pos):
        return False
    return html_inline(state, silent=False)


_BY_SIGN: Mapping[str, tuple[Rule, ...]] = {
    "\n": (partial(newline, silent=False),),
    "$": (_math,),
    "\\": (_math, _escape),
    "`": (partial(backtick, silent=False),),
    "~": (open_strike,),
    "*": (_emphasis,),
    "_": (_emphasis,),
    "[": (_footnote, _sound, open_bracket),
    "!": (open_bracket,),
    "]": (close_bracket,),
    "<": (_autolink, _html),
    "&": (partial(entity, silent=False),),
}
"""The rules that are tried where a sign stands, in their order."""

_BY_SIGN_OBSIDIAN: Mapping[str, tuple[Rule, ...]] = {
    **_BY_SIGN,
    **{sign: (rule, *_BY_SIGN.get(sign, ())) for sign, rule in obsidian_rules.BY_SIGN.items()},
}
