"""Links and pictures by CommonMark's algorithm, in linear time: a bracket is remembered where it
opens, and read where it closes.

markdown-it looks ahead from each opening bracket instead, which takes the square of the time on a
text of brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

_SPACE = re.compile(r"[ \t\n]*")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.DOTALL)
_LONGEST_LABEL = 999


@dataclass(slots=True)
class Bracket:
    """An opening bracket: where its text begins, its token, and how many marks of emphasis stand
    before it.
    """

    position: int
    token: int
    delimiters: int
    is_image: bool
    is_active: bool = True
    has_brackets: bool = False  # in its text


@dataclass(slots=True)
class Brackets:
    """The brackets that are open."""

    stack: list[Bracket] = field(default_factory=list)

    def forbid_links(self) -> None:
        """No link stands in a link: what opened before one that is complete opens none."""
        for bracket in reversed(self.stack):
            if not bracket.is_image:
                if not bracket.is_active:
                    break  # and so are all before it
                bracket.is_active = False


# Markdown-it's signature.
def open_bracket(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """A rule of markdown-it: `[` and `![` may open a link or a picture."""
    mark = "[" if state.src[state.pos] == "[" else "!["
    brackets = getattr(state, "brackets", None)
    if silent or brackets is None or not state.src.startswith(mark, state.pos):
        return False
    if brackets.stack:
        brackets.stack[-1].has_brackets = True
    token = state.push("text", "", 0)
    token.content, token.meta = mark, {"at": state.pos}
    state.pos += len(mark)
    brackets.stack.append(
        Bracket(state.pos, len(state.tokens) - 1, len(state.delimiters), mark == "![")
    )
    return True


# Markdown-it's signature.
def close_bracket(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """A rule of markdown-it: `]` closes what opened last, if a target follows or a reference is
    defined.
    """
    brackets = getattr(state, "brackets", None)
    if silent or state.src[state.pos] != "]" or brackets is None or not brackets.stack:
        return False
    opener = brackets.stack.pop()
    target = _inline_target(state) or _reference(state, opener) if opener.is_active else None
    if target is None:
        return False
    _complete(state, opener, target)
    if not opener.is_image:
        brackets.forbid_links()
    state.pos = target.end
    return True


@dataclass(frozen=True, slots=True)
class _Target:
    url: str
    title: str
    end: int


def _inline_target(state: StateInline) -> _Target | None:
    """The target in parentheses behind the bracket that closes here."""
    source, end = state.src, state.posMax
    if not source.startswith("(", state.pos + 1):
        return None
    position = _behind_space(source, state.pos + 2)
    url = ""
    destination = parseLinkDestination(source, position, end)
    if destination.ok:
        url, position = destination.str, destination.pos
    elif source.startswith("<", position):
        return None
    before, position, title = position, _behind_space(source, position), ""
    if position > before and destination.ok:
        found = parseLinkTitle(source, position, end)
        if found.ok:
            title, position = found.str, _behind_space(source, found.pos)
    return (
        _Target(url, title, position + 1)
        if source.startswith(")", position) and position < end
        else None
    )


def _behind_space(source: str, position: int) -> int:
    found = _SPACE.match(source, position)
    return found.end() if found else position


def _reference(state: StateInline, opener: Bracket) -> _Target | None:
    """The target of the reference that the bracket that closes here names."""
    references: Mapping[str, Mapping[str, Any]] = state.env.get("references", {})
    label, end = _LABEL.match(state.src, state.pos + 1), state.pos + 1
    name = ""
    if label:
        name, end = label[1], label.end()
    if not name.strip():
        if opener.has_brackets or state.pos - opener.position > _LONGEST_LABEL:
            return None
        name = state.src[opener.position : state.pos]
    found = references.get(normalizeReference(name)) if references and name.strip() else None
    return _Target(found["href"], found.get("title") or "", end) if found else None


def _complete(state: StateInline, opener: Bracket, target: _Target) -> None:
    if state.pending:
        state.pushPending()
    kind, tag, name = ("image", "img", "src") if opener.is_image else ("link", "a", "href")
    token = state.tokens[opener.token]
    token.type, token.tag, token.nesting, token.content = f"{kind}_open", tag, 1, ""
    token.attrs = {name: target.url, **({"title": target.title} if target.title else {})}
    state.tokens.append(Token(f"{kind}_close", tag, -1))
    # Emphasis pairs inside the text of a link, or outside of it.
    state.tokens_meta.append({"delimiters": state.delimiters[opener.delimiters :]})
    del state.delimiters[opener.delimiters :]
