"""Obsidian's rules for text inside blocks: `[[links]]`, `![[pictures]]`, `==highlights==`, `#tags`,
`%%comments%%` and `^block-ids`.

Code and formulas are read before any of them. The marks of a link, comments and block ids become
tokens that no card shows; `trimmed` tells which tags are shown.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from ankipress.syntax.dialect import Dialect
from ankipress.syntax.inline_state import InlineState
from ankipress.syntax.media_endings import ENDINGS
from ankipress.syntax.strikethrough import HIGHLIGHT
from ankipress.syntax.tree import Node, Span

SIGNS = "%=#^"
"""The signs that begin something here, and nothing on GitHub."""

_LINK = re.compile(r"\[\[(?P<target>[^\[\]|\n]+?)(?:\\?\|(?P<words>[^\[\]\n]*))?\]\]")
_EMBEDDED = re.compile(r"!\[\[(?P<target>[^\[\]|\n]+?)(?:\\?\|(?P<options>[^\[\]\n]*))?\]\]")
_SIZE = re.compile(r"[1-9][0-9]{0,4}(?:x[1-9][0-9]{0,4})?")
_ALIGNMENTS = frozenset({"center", "left", "right"})
_COMMENT = re.compile(r"%%.*?%%", re.DOTALL)
_TAG = re.compile(r"#(?=[\d/-]*[^\W\d])[\w/-]*[\w-]")
_BLOCK_ID = re.compile(r"\^(?P<id>[A-Za-z0-9-]+)\s*\Z")
# Shorter ones are taken for an exponent, `x ^2`, unless they stand alone.
_SHORTEST_ID = 4


def link(state: InlineState) -> bool:
    """A rule: `[[note]]` and `[[note|words]]` show what Obsidian shows, and lead nowhere."""
    found = _match(_LINK, state)
    if found is None:
        return False
    start, end = found.span("target")
    words = found["words"] or ""
    if words.strip():
        start, end = found.span("words")
    elif state.src[start] == "#":
        start += 1
    _unseen(state, found.start(), start, "link")
    if words.strip():
        _push(state, "text", start, end)
    else:
        _push_way(state, start, end)
    _unseen(state, end, found.end(), "link")
    state.pos = found.end()
    return True


def _push_way(
    state: InlineState,
    start: int,
    end: int,
) -> None:
    """Push the way to a place in a note, `note#heading`, as Obsidian shows it: `note > heading`."""
    position = start
    for mark in re.finditer("#", state.src[start:end]):
        sign = start + mark.start()
        _push(state, "text", position, sign)
        _push(state, "text_special", sign, sign + 1, " > ")
        position = sign + 1
    _push(state, "text", position, end)


def embedded(state: InlineState) -> bool:
    """A rule: `![[picture.png|300]]`. What is no file of a picture, sound or video stays text."""
    found = _match(_EMBEDDED, state)
    if found is None:
        return False
    target = found["target"].strip()
    file, _, _ = target.partition("#")  # a part of a film, `#t=10`
    name, ending = posixpath.splitext(posixpath.basename(file))
    if ending[1:].lower() not in ENDINGS:
        return False
    start = found.start("target") + found["target"].index(target)
    end = start + len(target)
    words, size = _options(found["options"] or "")
    opening = _push(state, "image_open", *found.span(), "")
    opening.nesting = 1
    opening.attrs = {"src": target}
    opening.meta["target"] = Span(start, end)
    opening.info = size
    # What is shown where there is no picture has no place of its own.
    _push(state, "text_special", start, end, words or name)
    state.pos = found.end()
    closing = _push(state, "image_close", state.pos - 1, state.pos, "")
    closing.nesting = -1
    return True


def _options(text: str) -> tuple[str, str]:
    """The words and the size that follow the name of a picture, each empty where it is not there.
    Its alignment is left to the card.
    """
    words = size = ""
    # In a table, a backslash stands before a bar.
    for option in re.split(r"\s*\\?\|\s*", text.strip()):
        if _SIZE.fullmatch(option):
            size = option
        elif option not in _ALIGNMENTS:
            words = option
    return words, size


def comment(state: InlineState) -> bool:
    """A rule: `%%comment%%` is nothing."""
    found = _match(_COMMENT, state)
    if found is None:
        return False
    _unseen(state, *found.span(), "comment")
    state.pos = found.end()
    return True


def highlight(state: InlineState) -> bool:
    """A rule: `==` may open or close a highlight, unless more of these signs are beside it."""
    start = end = state.pos
    while end < state.posMax and state.src[end] == "=":
        end += 1
    _push(state, "text", start, end)
    state.pos = end
    if end - start != 2 or state.environment.dialect is Dialect.OBSIDIAN_CLOZE:
        return True
    before = state.src[start - 1 : start] or " "
    after = state.src[end : end + 1] or " "
    is_comparison = _is_code_letter(before) and _is_code_letter(after)
    delimiter = Delimiter(
        marker=HIGHLIGHT,
        length=0,
        token=len(state.tokens) - 1,
        end=-1,
        open=not is_comparison and not after.isspace(),
        close=not before.isspace(),
    )
    state.delimiters.append(delimiter)
    return True


def _is_code_letter(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def tag(state: InlineState) -> bool:
    """A rule: `#tag` and `#tag/nested`, after a space or at the beginning."""
    found = _match(_TAG, state)
    if found is None or not _is_after_space(state):
        return False
    _push(state, "tag", *found.span()).info = "tag"
    state.pos = found.end()
    return True


def block_id(state: InlineState) -> bool:
    """A rule: `^id` at the end of a text."""
    found = _match(_BLOCK_ID, state)
    if found is None or not _is_after_space(state):
        return False
    line = state.src.rfind("\n", 0, state.pos) + 1
    is_alone = not state.src[line : state.pos].strip()
    if len(found["id"]) < _SHORTEST_ID and not is_alone:
        return False
    _unseen(state, found.start(), found.end("id"), "block_id")
    state.pos = found.end()
    return True


def _match(pattern: re.Pattern[str], state: InlineState) -> re.Match[str] | None:
    """What stands at the place of a state."""
    return pattern.match(state.src, state.pos, state.posMax)


def _is_after_space(state: InlineState) -> bool:
    return state.pos == 0 or state.src[state.pos - 1].isspace()


def _unseen(
    state: InlineState,
    start: int,
    end: int,
    info: str,
) -> None:
    """Push a token that no card shows, and what it is."""
    _push(state, "unseen", start, end).info = info


def _push(
    state: InlineState,
    type: str,
    start: int,
    end: int,
    content: str | None = None,
) -> Token:
    """Push a token for a span; without content, it holds the text of the span."""
    token = state.push(type, "", 0)
    state.spans[-1] = [start, end]
    token.content = state.src[start:end]
    if content is not None:
        token.content = content
    return token


BY_SIGN = {
    "[": link,
    "!": embedded,
    "%": comment,
    "=": highlight,
    "#": tag,
    "^": block_id,
}
"""The rule that is tried first where a sign stands."""


def trimmed(nodes: list[Node]) -> list[Node]:
    """The nodes of a text, in which the tags are hidden that fill a line or stand at its end.

    The blanks around what is hidden at either end go with it.
    """
    for line in _lines(nodes):
        if all(map(_is_mark, line)):
            _hide_tags(line)
    end = len(nodes)
    while end and _is_mark(nodes[end - 1]):
        end -= 1
    _hide_tags(nodes[end:])
    if not any(map(_is_unseen, nodes)):
        return nodes
    start = 0
    while start < end and (_is_unseen(nodes[start]) or nodes[start].kind == "softbreak"):
        start += 1
    seen = nodes[start:end]
    hidden = list(filter(_is_unseen, nodes[end:]))
    if hidden:
        seen = _without_blanks_after(seen)
    return [*filter(_is_unseen, nodes[:start]), *seen, *hidden]


def _lines(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    line: list[Node] = []
    for node in nodes:
        if node.kind in {"softbreak", "hardbreak"}:
            yield line
            line = []
        else:
            line.append(node)
    yield line


def _is_mark(node: Node) -> bool:
    """Whether it is a tag or nothing that is seen."""
    if node.kind == "text":
        return node.info == "tag" or not node.text.strip()
    return node.kind in {"unseen", "softbreak", "hardbreak"} and node.info != "link"


def _is_unseen(node: Node) -> bool:
    return node.kind == "unseen"


def _hide_tags(nodes: Sequence[Node]) -> None:
    for node in nodes:
        if node.kind == "text" and node.info == "tag":
            node.kind = "unseen"


def _without_blanks_after(nodes: list[Node]) -> list[Node]:
    """Some nodes, of which the last ends without blanks."""
    if nodes and nodes[-1].kind == "text":
        last = nodes[-1]
        text = last.text.rstrip()
        last.end -= len(last.text) - len(text)
        last.text = text
    return nodes


def is_nothing(nodes: Sequence[Node]) -> bool:
    """Whether a text holds nothing that is seen, but something that is not."""
    return any(map(_is_unseen, nodes)) and all(map(_is_mark, nodes))
