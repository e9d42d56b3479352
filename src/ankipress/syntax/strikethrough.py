"""Strike-through by the rule of cmark-gfm: one tilde or two, closed by as many."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from ankipress.syntax.inline_state import InlineState

_MARKERS = {1: 0x1007E, 2: 0x2007E}  # no characters, so runs of different lengths never pair
HIGHLIGHT = 0x1003D
"""Stands for the marks of a highlight, which pair alike."""
_ELEMENTS = {**dict.fromkeys(_MARKERS.values(), "s"), HIGHLIGHT: "mark"}


def open_strike(state: InlineState) -> bool:
    """A rule: one or two tildes may open or close a strike-through."""
    if state.src[state.pos] != "~":
        return False
    scanned = state.scanDelims(state.pos, canSplitWord=True)
    state.push("text", "", 0).content = "~" * scanned.length
    state.pos += scanned.length
    marker = _MARKERS.get(scanned.length)
    if marker:
        delimiter = Delimiter(
            marker=marker,
            length=0,
            token=len(state.tokens) - 1,
            end=-1,
            open=scanned.can_open,
            close=scanned.can_close,
        )
        state.delimiters.append(delimiter)
    return True


def close_strikes(state: InlineState) -> None:
    """A rule: runs that pair become the element."""
    _close(state.tokens, state.delimiters)
    for meta in state.tokens_meta:
        if meta:
            delimiters = meta.get("delimiters", ())
            _close(state.tokens, delimiters)


def _close(tokens: Sequence[Token], delimiters: Sequence[Delimiter]) -> None:
    for opening in delimiters:
        element = _ELEMENTS.get(opening.marker)
        if element and opening.end >= 0:
            closing = delimiters[opening.end]
            _change(tokens[opening.token], element, "open").nesting = 1
            _change(tokens[closing.token], element, "close").nesting = -1


def _change(
    token: Token,
    element: str,
    end: str,
) -> Token:
    token.type = f"{element}_{end}"
    token.tag = element
    token.markup = token.content
    token.content = ""
    return token
