"""GitHub's definitions of footnotes, `[^1]: …`, as a rule of markdown-it."""

from __future__ import annotations

import re

from markdown_it.common.utils import isStrSpace
from markdown_it.rules_block import StateBlock

from ankipress.syntax.definition_labels import FOOTNOTE

_DEFINITION = re.compile(f"{FOOTNOTE.pattern}:")


def footnote_block(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - markdown-it's signature
) -> bool:
    """A rule of markdown-it: a definition, with what is indented by four spaces below it."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    line_end = state.eMarks[start]
    found = _DEFINITION.match(state.src, begin, line_end)
    if found is None:
        return False
    if silent:
        return True
    token = state.push("footnote_open", "li", 1)
    token.content = found[1]
    before = state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType
    offset = initial = state.sCount[start] + found.end() - begin
    position = found.end()
    while position < state.eMarks[start] and isStrSpace(state.src[position]):
        offset += 4 - offset % 4 if state.src[position] == "\t" else 1
        position += 1
    state.bMarks[start] = found.end()
    state.tShift[start] = position - found.end()
    state.sCount[start] = offset - initial
    state.parentType = "footnote"
    state.blkIndent += 4
    state.sCount[start] = state.blkIndent
    state.md.block.tokenize(state, start, end)
    state.blkIndent -= 4
    token.map = [start, state.line]
    state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType = before
    state.push("footnote_close", "li", -1)
    return True
