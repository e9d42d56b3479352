"""Strike-through by the rule of cmark-gfm: one tilde or two, closed by as many."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.rules_inline.state_inline import Delimiter, StateInline

_MARKERS = {1: 0x1007E, 2: 0x2007E}  # no characters: so runs of different lengths never pair


def open_strike(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """A rule of markdown-it: a run of tildes may open or close a strike; three or more are text."""
    if silent or state.src[state.pos] != "~":
        return False
    scanned = state.scanDelims(state.pos, canSplitWord=True)
    token = state.push("text", "", 0)
    token.content = "~" * scanned.length
    state.pos += scanned.length
    if scanned.length in _MARKERS:
        place, marker = len(state.tokens) - 1, _MARKERS[scanned.length]
        state.delimiters.append(
            Delimiter(
                marker=marker,
                length=0,
                token=place,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
    return True


def close_strikes(state: StateInline) -> None:
    """A rule of markdown-it: runs that pair become the element."""
    _close(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _close(state, meta["delimiters"])


def _close(state: StateInline, delimiters: Sequence[Delimiter]) -> None:
    for opening in delimiters:
        if opening.marker in _MARKERS.values() and opening.end >= 0:
            for delimiter, kind, nesting in (
                (opening, "s_open", 1),
                (delimiters[opening.end], "s_close", -1),
            ):
                token = state.tokens[delimiter.token]
                token.type, token.tag, token.markup, token.content = kind, "s", token.content, ""
                token.nesting = 1 if nesting > 0 else -1
