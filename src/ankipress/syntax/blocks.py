"""The blocks of a Markdown text by GitHub's rules: CommonMark's, tables, footnotes, alerts, tasks
and display mathematics.

markdown-it-py finds the blocks. Its rules are wrapped, so that each block knows where it stands in
the text, and each line of a text inside a block does.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from markdown_it import MarkdownIt, rules_block
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from ankipress.syntax.callouts import mark_callouts
from ankipress.syntax.dialect import Dialect
from ankipress.syntax.footnote_rule import footnote_block
from ankipress.syntax.formulas import math_block
from ankipress.syntax.html_blocks import (
    BLANK,
    end_of_html,
    is_lone_tag,
    is_small_declaration,
)
from ankipress.syntax.tree import Content, Kind, Node, Span, walk
from ankipress.syntax.written_addresses import make_reader

_DEEPEST = 60  # blocks inside blocks; what is nested deeper is shown as text
_BLANKS = " \t"
_KINDS: Mapping[str, Kind] = {
    "blockquote": "quote",
    "bullet_list": "bullets",
    "ordered_list": "numbers",
    "list_item": "item",
    "paragraph": "paragraph",
    "heading": "heading",
    "table": "table",
    "tr": "row",
    "th": "cell",
    "td": "cell",
    "footnote": "footnote",
    "fence": "code",
    "code_block": "code",
    "html_block": "html_block",
    "math_block": "math_block",
    "hr": "rule",
}
_LISTS = frozenset({"bullets", "numbers", "item"})
_ALERT = re.compile(r"\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)", re.IGNORECASE)
_BOX = re.compile(r"\[([ xX])\] +")
_RESERVED = re.compile(r"[\x00\x02\x03]")
_DELIMITERS = re.compile(r"(?!- )\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*\Z")
_LABEL_END = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]:[ \t\n]*", re.DOTALL)

NO_COLUMN = (
    "this table has no column for this cell, so no card shows it",
    "write `\\|` for a bar inside a cell, also in code, or give the table another column",
)
"""What is said of a cell that no column shows, and what helps."""

Rule = Callable[[StateBlock, int, int, bool], bool]


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition of a link, `[label]: url "title"`. `target` is the span of its address."""

    label: str
    url: str
    title: str
    span: Span
    target: Span


@dataclass(slots=True)
class Blocks:
    """The blocks of a text, and its definitions of links in their order."""

    nodes: list[Node]
    definitions: list[Definition] = field(default_factory=list)


def without_reserved(text: str) -> str:
    """A text without the characters that Python-Markdown marks with; in a source, they are errors.

    Its length stays the same.
    """
    return _RESERVED.sub("\ufffd", text)


def read_blocks(text: str, dialect: Dialect = Dialect.GITHUB) -> Blocks:
    """The blocks of a text; what stands inside paragraphs, headings and cells is not read."""
    return read_marked_blocks(without_reserved(text), dialect)


def read_marked_blocks(text: str, dialect: Dialect = Dialect.GITHUB) -> Blocks:
    """The blocks of a text that may hold marks of what Python-Markdown has stashed."""
    reader = _block_reader()
    definitions: list[Definition] = []
    environment: dict[str, Any] = {"definitions": definitions}
    # Without a last line end, markdown-it-py 4.3 raises IndexError for a quote such as
    # "> - <!--\n>".
    state = _BlockState(f"{text}\n", reader, environment, [])
    reader.block.tokenize(state, state.line, state.lineMax)
    nodes = _BlockBuilder(state).build()
    if dialect is Dialect.GITHUB:
        for node in nodes:
            _mark_alert(node)
    else:
        mark_callouts(nodes)
    for node in walk(nodes):
        if node.kind in {"bullets", "numbers"}:
            _space_items(node, text)
    return Blocks(nodes, definitions)


class _BlockState(StateBlock):
    """markdown-it's state, in which each token says where it stands."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Push a token, with the place where the current line begins."""
        token = super().push(ttype, tag, nesting)
        if nesting >= 0 and self.line < self.lineMax:
            token.meta["start"] = begin_of(self, self.line)
        return token


def begin_of(state: StateBlock, line: int) -> int:
    """The offset of the first character of a line that is no blank and no mark of a container."""
    return state.bMarks[line] + state.tShift[line]


class _BlockBuilder:
    """Builds nodes of markdown-it's flat list of tokens."""

    def __init__(self, state: StateBlock) -> None:
        self._state = state
        self._root: list[Node] = []
        self._stack: list[Node] = []

    def build(self) -> list[Node]:
        """The outermost blocks."""
        for token in self._state.tokens:
            if token.type == "inline":
                self._add_content(token)
                continue
            kind = _KINDS.get(token.type.removesuffix("_open").removesuffix("_close"))
            if kind is None:
                continue  # the head and the body of a table
            if token.nesting < 0:
                self._close()
                continue
            node = self._node(kind, token)
            siblings = self._root
            if self._stack:
                siblings = self._stack[-1].children
            siblings.append(node)
            if token.nesting > 0:
                self._stack.append(node)
        return self._root

    def _close(self) -> None:
        node = self._stack.pop()
        if node.kind == "item":
            _mark_task(node)

    def _node(self, kind: Kind, token: Token) -> Node:
        start, end = self._span(token)
        node = Node(kind, token.meta.get("start", start), end)
        node.is_tight = token.hidden
        node.is_closed = token.meta.get("is_closed", True)
        if kind in {"code", "html_block", "math_block"}:
            node.text = token.content
            node.info = token.info
            node.markup = token.markup
            node.content = self._lines(token)
        elif kind == "heading":
            node.level = int(token.tag[1])
            node.info = token.markup if token.markup in {"=", "-"} else ""
        elif kind == "numbers":
            node.info = str(token.attrs.get("start", 1))
        elif kind == "footnote":
            node.text = token.content
        elif kind == "cell":
            node.info = str(token.attrs.get("style", "")).removeprefix("text-align:")
        return node

    def _span(self, token: Token) -> Span:
        """From the first character of a block to the end of its last line that is not blank."""
        if not token.map:
            return Span(0, 0)
        first, last = token.map
        while last - 1 > first and self._state.isEmpty(last - 1):
            last -= 1
        end = self._state.eMarks[max(first, last - 1)]
        return Span(self._state.bMarks[first], end)

    def _lines(self, token: Token) -> Content:
        """The text of code, HTML or mathematics, each line of which is the end of a line."""
        assert token.map
        state = self._state
        text = token.content
        first, stop = token.map
        line = first + token.meta.get("lines_above", token.type == "fence")
        starts: list[tuple[int, int]] = []
        offset = 0
        for row in text.split("\n")[: stop - line]:
            begin = state.bMarks[line]
            end = state.eMarks[line]
            if token.type == "math_block" and line == stop - 1:
                # The closing mark stands on the last line.
                end = len(state.src[:end].rstrip()) - len("$$")
            starts += _starts(state.src, row, begin, end, offset)
            offset += len(row) + 1
            line += 1
        return Content(text, starts or [(0, token.meta["start"])])

    def _add_content(self, token: Token) -> None:
        block = self._stack[-1]
        content: Content | None = token.meta.get("content")
        block.content = content or Content(token.content, [(0, block.start)])
        if block.kind in {"cell", "extra_cell"}:
            block.start, block.end = block.content.span(0, len(block.content.text))
            if token.meta.get("is_extra"):
                block.kind = "extra_cell"


def _starts(source: str, row: str, begin: int, end: int, offset: int) -> Iterator[tuple[int, int]]:
    """Where a row stands at the end of a line, given its own offset."""
    if source.endswith(row, begin, end):
        yield offset, end - len(row)
        return
    same = 0
    while same < min(len(row), end - begin) and source[end - 1 - same] == row[-1 - same]:
        same += 1
    # A tab of which a container takes a part is blanks in the row.
    for blank in range(len(row) - same):
        yield offset + blank, end - same - 1
    yield offset + len(row) - same, end - same


def _mark_task(item: Node) -> None:
    """Take the box from the first paragraph of an item that is a task."""
    first = None
    if item.children:
        first = item.children[0]
    if first is None or first.kind != "paragraph" or first.content is None:
        return
    found = _BOX.match(first.content.text)
    if found:
        start, end = first.content.span(0, 3)
        item.info = found[1]
        first.children.append(Node("task", start, end, found[1]))
        first.content = first.content.without_start(found.end())


def _mark_alert(quote: Node) -> None:
    """Make an alert of a quote that begins with its mark. Like GitHub's, it is in no block."""
    first = None
    if quote.kind == "quote" and quote.children:
        first = quote.children[0]
    if first is None or first.kind != "paragraph" or first.content is None:
        return
    found = _ALERT.match(first.content.text)
    is_alone = found is not None and found.end() == len(first.content.text)
    if found is None or (is_alone and len(quote.children) == 1):
        return
    quote.kind = "alert"
    quote.info = found[1].lower()
    if is_alone:
        del quote.children[0]
    else:
        first.content = first.content.without_start(found.end())
        first.start = first.content.offset(0)


def _space_items(list_: Node, text: str) -> None:
    """Tell whether the paragraphs of a list are tight: no blank line is between two of its blocks.

    Definitions of links are no blocks, as in cmark-gfm.
    """
    items = list_.children
    gaps = [(_last_block(one).end, other.start) for one, other in pairwise(items)]
    for item in items:
        gaps += [(_last_block(one).end, other.start) for one, other in pairwise(item.children)]
    is_tight = not any(_is_apart(text[start:end]) for start, end in gaps)
    for item in items:
        for block in item.children:
            if block.kind == "paragraph":
                block.is_tight = is_tight


def _last_block(node: Node) -> Node:
    """The last block in an item or a list, which ends before definitions that stand below it."""
    while node.kind in _LISTS and node.children:
        node = node.children[-1]
    return node


def _is_apart(between: str) -> bool:
    """Whether there is a blank line in what stands between two blocks."""
    return any(not line.strip(" \t>") for line in between.split("\n")[1:-1])


@functools.cache
def _block_reader() -> MarkdownIt:
    """An instance of markdown-it with the rules of GitHub's blocks, which tell places."""
    reader = make_reader(_DEEPEST + 10)
    ruler: Ruler[Rule] = Ruler()
    text = ["paragraph", "reference"]
    quotable = [*text, "blockquote"]
    any_block = [*quotable, "list"]
    # The order counts, and which blocks each rule may interrupt; both are markdown-it's own.
    ruler.push("too_deep", _too_deep)
    ruler.push("table", _placed(_table, place=_place_cells), {"alt": text})
    ruler.push("code", _placed(rules_block.code))
    ruler.push("math", _placed(math_block, "$\\"), {"alt": any_block})
    fence = _placed(rules_block.fence, "`~", _tell_end_of_fence)
    ruler.push("fence", fence, {"alt": any_block})
    ruler.push("blockquote", _placed(rules_block.blockquote, ">"), {"alt": any_block})
    ruler.push("hr", _placed(rules_block.hr, "-*_"), {"alt": any_block})
    ruler.push("list", _placed(rules_block.list_block, "-+*0123456789"), {"alt": quotable})
    ruler.push("footnote", _placed(footnote_block, "["), {"alt": quotable})
    ruler.push("reference", _with_definitions(rules_block.reference))
    html = _placed(_html_block, "<", _tell_end_of_html)
    ruler.push("html_block", html, {"alt": quotable})
    ruler.push("heading", _placed(rules_block.heading, "#", _place_heading), {"alt": quotable})
    ruler.push("lheading", _placed(rules_block.lheading, place=_place_lines))
    ruler.push("paragraph", _placed(rules_block.paragraph, place=_place_lines))
    reader.block.ruler = ruler
    return reader


def _placed(
    rule: Rule, signs: str = "", place: Callable[[StateBlock, int], None] | None = None
) -> Rule:
    """A rule whose first token says where the block begins, and whose tokens `place` completes.

    With `signs`, no block of this sort begins with another sign, so the rule need not be asked.
    """

    def placed(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        begin = state.bMarks[start] + state.tShift[start]
        if signs and state.src[begin] not in signs:
            return False
        number = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        if not silent and len(state.tokens) > number:
            state.tokens[number].meta["start"] = begin
            if place:
                place(state, number)
        return True

    return placed


def _place_lines(state: StateBlock, number: int) -> None:
    """The lines of a paragraph or an underlined heading, without the blanks at their starts."""
    inline = state.tokens[number + 1]
    assert inline.map
    inline.meta["content"] = _stripped_lines(state, *inline.map)


def _stripped_lines(state: StateBlock, first: int, end: int) -> Content:
    lines = []
    starts = []
    offset = 0
    for line in range(first, end):
        begin = begin_of(state, line)
        text = state.src[begin : state.eMarks[line]]
        starts.append((offset, begin))
        lines.append(text)
        offset += len(text) + 1
    return Content("\n".join(lines).rstrip(" \t\n"), starts)


def _place_heading(state: StateBlock, number: int) -> None:
    """The text of a heading between its hashes."""
    block = state.tokens[number]
    inline = state.tokens[number + 1]
    begin = block.meta["start"] + len(block.markup)
    assert inline.map
    after = state.src[begin : state.eMarks[inline.map[0]]]
    if inline.content:
        begin += len(after) - len(after.lstrip())
    inline.meta["content"] = Content(inline.content, [(0, begin)])


def _table(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - markdown-it's signature
) -> bool:
    """markdown-it's rule, but as in cmark-gfm the head is a line of text, which a line of dashes
    alone makes a heading.
    """
    if not rules_block.table(state, start, end, silent=True):
        return False
    if _is_underline(state, start + 1) or state.is_code_block(start):
        return False
    # What ends a quote is no text: another block begins there.
    for rule in state.md.block.ruler.getRules("blockquote"):
        if rule(state, start, end, True):  # noqa: FBT003 - markdown-it's signature
            return False
    return silent or rules_block.table(state, start, end, silent)


def _place_cells(state: StateBlock, number: int) -> None:
    """The cells of a table, and those that have no column."""
    tokens = state.tokens[number:]
    del state.tokens[number:]
    cells: list[Content] = []
    for token in tokens:
        if token.type == "tr_open":
            assert token.map
            line = token.map[0]
            token.meta["start"] = begin_of(state, line)
            cells = split_cells(state.src, begin_of(state, line), state.eMarks[line])[::-1]
        elif token.type == "inline" and cells:
            token.meta["content"] = cells.pop()
        elif token.type == "inline":
            assert token.map
            end = state.eMarks[token.map[0]]
            token.meta["content"] = Content("", [(0, end)])
        elif token.type == "tr_close":
            state.tokens += _extra_cells(cells)
        state.tokens.append(token)


def _extra_cells(cells: Sequence[Content]) -> Iterator[Token]:
    """Tokens for the cells beyond the columns of a table."""
    for content in reversed(cells):
        yield Token("td_open", "td", 1)
        yield Token("inline", "", 0, meta={"content": content, "is_extra": True})
        yield Token("td_close", "td", -1)


def begins_table(head: str, delimiters: str) -> bool:
    """Whether two lines, without the blanks around them, begin a table."""
    if "|" not in head or not _DELIMITERS.fullmatch(delimiters):
        return False
    columns = split_cells(delimiters, 0, len(delimiters))
    return len(columns) == len(split_cells(head, 0, len(head)))


def split_cells(source: str, start: int, end: int) -> list[Content]:
    """The cells of a row of a table, without the blanks around them.

    A bar after a backslash is a sign in a cell.
    """
    row = source[start:end].rstrip()
    end = start + len(row)
    cells: list[Content] = []
    position = start
    pieces: list[tuple[int, int]] = []
    begin = position
    while position < end:
        sign = source[position]
        if sign == "|" and source[position - 1] == "\\" and position > start:
            pieces.append((begin, position - 1))
            begin = position
        elif sign == "|":
            pieces.append((begin, position))
            cells.append(_cell(source, pieces))
            pieces = []
            begin = position + 1
        position += 1
    pieces.append((begin, end))
    cells.append(_cell(source, pieces))
    if source.startswith("|", start):
        del cells[0]
    if len(cells) > 1 and not cells[-1].text and row.endswith("|"):
        del cells[-1]
    return cells


def _cell(source: str, pieces: Sequence[tuple[int, int]]) -> Content:
    starts: list[tuple[int, int]] = []
    text = ""
    for start, end in pieces:
        starts.append((len(text), start))
        text += source[start:end]
    content = Content(text, starts)
    blanks = len(text) - len(text.lstrip())
    return Content(text.strip(), content.without_start(blanks).starts)


def _tell_end_of_fence(state: StateBlock, number: int) -> None:
    """Whether a line of marks closes the code."""
    fence = state.tokens[number]
    assert fence.map
    first, end = fence.map
    last = state.src[begin_of(state, end - 1) : state.eMarks[end - 1]].strip(_BLANKS)
    mark = fence.markup[0]
    is_mark = bool(last) and not last.strip(mark) and len(last) >= len(fence.markup)
    fence.meta["is_closed"] = end - 1 > first and is_mark


def _html_block(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - markdown-it's signature
) -> bool:
    """markdown-it's rule, but as in cmark-gfm a tag alone on its line also ends a paragraph in a
    list or quote that the line would continue without its marks.
    """
    if is_small_declaration(state.src, begin_of(state, start)):
        return False
    if rules_block.html_block(state, start, end, silent):
        return True
    is_lazy = state.parentType == "blockquote" or state.sCount[start] < state.blkIndent
    if not silent or not is_lazy or state.is_code_block(start):
        return False
    return is_lone_tag(state.src[begin_of(state, start) : state.eMarks[start]])


def _tell_end_of_html(state: StateBlock, number: int) -> None:
    """Whether HTML that only its own end closes is closed."""
    block = state.tokens[number]
    ending = end_of_html(block.content.split("\n", 1)[0].lstrip(" "), 0, in_paragraph=False)
    if ending is not None and ending is not BLANK:
        block.meta["is_closed"] = ending.search(block.content) is not None


def _with_definitions(rule: Rule) -> Rule:
    """The rule of link definitions, which also tells where each stands."""

    def defined(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        references = state.env.setdefault("references", {})
        number, last = len(references), state.lineMax
        if not rule(state, start, end, silent):
            return False
        underline = _first_underline(state, start + 1, state.line)
        if underline is not None:
            # As in cmark-gfm, what is underlined before it is complete is a heading.
            if len(references) > number:
                references.popitem()
            state.line, state.lineMax = start, underline
            is_complete = rule(state, start, underline, silent)
            state.lineMax = last
            if not is_complete:
                return False
        if not silent:
            state.env["definitions"].append(_definition(state, start))
        return True

    return defined


def _first_underline(state: StateBlock, start: int, end: int) -> int | None:
    for line in range(start, end):
        if state.sCount[line] >= state.blkIndent and _is_underline(state, line):
            return line
    return None


def _is_underline(state: StateBlock, line: int) -> bool:
    if state.is_code_block(line):
        return False
    return _UNDERLINE.match(state.src, begin_of(state, line), state.eMarks[line]) is not None


def _definition(state: StateBlock, start: int) -> Definition:
    content = _stripped_lines(state, start, state.line)
    opening = _LABEL_END.match(content.text)
    assert opening, content.text
    label = opening[0].rstrip(" \t\n")[1:-2]
    address = parseLinkDestination(content.text, opening.end(), len(content.text))
    known = state.env["references"][normalizeReference(label)]
    begin = opening.end()
    stop = address.pos
    if content.text.startswith("<", begin):
        begin += 1
        stop -= 1
    return Definition(
        normalizeReference(label),
        address.str,
        known["title"],
        content.span(0, len(content.text)),
        content.span(begin, stop),
    )


def _too_deep(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - markdown-it's signature
) -> bool:
    """A rule of markdown-it, which drops what is nested too deeply: it becomes a paragraph."""
    if silent or state.level < _DEEPEST:
        return False
    last = start
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent):
        last += 1
    paragraph = state.push("paragraph_open", "p", 1)
    paragraph.map = [start, last]
    content = _stripped_lines(state, start, last)
    state.push("inline", "", 0).meta["content"] = content
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True
