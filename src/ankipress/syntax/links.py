"""Links and pictures by CommonMark's algorithm, in linear time.

A bracket is remembered where it opens, and read where it closes. markdown-it looks ahead from each
opening bracket instead, which takes quadratic time on a text of brackets.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

from ankipress.syntax.inline_state import Bracket, InlineState
from ankipress.syntax.tree import Span

_SPACE = re.compile(r"[ \t\n]*")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.DOTALL)
_LONGEST_LABEL = 999


class _Target(NamedTuple):
    """Where a link leads, the end of its text, and the span of its address, if it has one here."""

    url: str
    title: str
    end: int
    address: Span | None = None


def open_bracket(state: InlineState) -> bool:
    """A rule: `[` and `![` may open a link or a picture."""
    mark = "!["
    if state.src[state.pos] == "[":
        mark = "["
    if not state.src.startswith(mark, state.pos):
        return False
    if state.brackets:
        state.brackets[-1].has_brackets = True
    token = state.push("text", "", 0)
    token.content = mark
    state.pos += len(mark)
    index = len(state.tokens) - 1
    state.brackets.append(
        Bracket(
            state.pos,
            index,
            len(state.delimiters),
            mark == "![",
        )
    )
    return True


def close_bracket(state: InlineState) -> bool:
    """A rule: `]` closes the last bracket if a target or defined label follows."""
    if state.src[state.pos] != "]" or not state.brackets:
        return False
    opener = state.brackets.pop()
    if not opener.is_active:
        return False
    target = _inline_target(state) or _reference(state, opener)
    if target is None:
        return False
    _complete(state, opener, target)
    if not opener.is_image:
        _forbid_outer_links(state.brackets)
    state.pos = target.end
    return True


def _forbid_outer_links(brackets: list[Bracket]) -> None:
    """A link holds no link, so brackets that are open around one open none."""
    for bracket in reversed(brackets):
        if bracket.is_image:
            continue
        if not bracket.is_active:
            break  # and so are all before it
        bracket.is_active = False


def _inline_target(state: InlineState) -> _Target | None:
    """The target in parentheses after the bracket that closes here."""
    source = state.src
    end = state.posMax
    if not source.startswith("(", state.pos + 1):
        return None
    url = title = ""
    position = _after_space(source, state.pos + 2)
    destination = parseLinkDestination(source, position, end)
    address = Span(position, position)
    if destination.ok:
        url = destination.str
        address = Span(position, destination.pos)
        if source.startswith("<", position):
            address = Span(position + 1, destination.pos - 1)
        position = _after_space(source, destination.pos)
        if position > destination.pos:
            found = parseLinkTitle(source, position, end)
            if found.ok:
                title = found.str
                position = _after_space(source, found.pos)
    elif source.startswith("<", position):
        return None
    if position < end and source.startswith(")", position):
        return _Target(url, title, position + 1, address)
    return None


def _after_space(source: str, position: int) -> int:
    return _SPACE.match(source, position).end()  # type: ignore[union-attr]


def _reference(state: InlineState, opener: Bracket) -> _Target | None:
    """The target of the label that the closing bracket refers to."""
    references = state.environment.references
    if not references:
        return None
    name = ""
    end = state.pos + 1
    label = _LABEL.match(state.src, end)
    if label:
        name = label[1]
        end = label.end()
    if not name.strip():
        if opener.has_brackets or state.pos - opener.position > _LONGEST_LABEL:
            return None
        name = state.src[opener.position : state.pos]
    found = references.get(normalizeReference(name))
    if not found or not name.strip():
        return None
    return _Target(found["href"], found.get("title") or "", end)


def _complete(
    state: InlineState,
    opener: Bracket,
    target: _Target,
) -> None:
    """Turn the token of the opening bracket into that of a link or picture, and close it."""
    if state.pending:
        state.pushPending()
    kind = "link"
    tag = "a"
    name = "href"
    if opener.is_image:
        kind = "image"
        tag = "img"
        name = "src"
    token = state.tokens[opener.token]
    token.type = f"{kind}_open"
    token.tag = tag
    token.nesting = 1
    token.content = ""
    token.attrs = {name: target.url}
    token.meta["target"] = target.address
    if target.title:
        token.attrs["title"] = target.title
    state.tokens.append(Token(f"{kind}_close", tag, -1))
    state.spans.append([state.at, target.end])
    # Emphasis pairs inside the text of a link, or outside of it.
    state.tokens_meta.append({"delimiters": state.delimiters[opener.delimiters :]})
    del state.delimiters[opener.delimiters :]
