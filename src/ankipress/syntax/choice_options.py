"""The options of a question, and the lists in which they may stand: a task list, or any other.

`choice_labels` finds those that begin with letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ankipress.syntax.choice_lines import is_break, line_ranges, words_of
from ankipress.syntax.choice_words import end_of_naming, normal_label
from ankipress.syntax.tree import Content, Node, Span

TAGS = {"bullets": "ul", "numbers": "ol"}
"""The kinds of lists, and their tags."""
MOST_CANDIDATES = 50
"""How many lists of a card may be its options: a bound for hostile texts."""

_MARKED = re.compile(
    r"""\s*[(\[（]?\s*(?P<label>\w)(?:
    \s*[)\]）、．：](?=\D|$)|[.:](?=\s|$|\W)|\.(?=[^\W\d_]{2}|[^\x00-\x7f])|\s+[-–—](?=\s)
    )[.:]?\s*""",
    re.VERBOSE,
)
_CIRCLED = re.compile(r"\s*(?P<label>[①-⑳Ⓐ-ⓩ㉮-㉻])[.):]?\s*")
_BOX_ALONE = re.compile(r"\[([ xX])\](?=\n|$)")
_COMMENT = re.compile(r"\s*<!--(?:(?!-->).)*-->\s*", re.DOTALL)


@dataclass(slots=True)
class Option:
    """An option: its blocks, the label that it begins with, such as `B`, and the mark in its box.

    `source` are the offsets of the item or line. One without a label or a box has none.
    """

    blocks: list[Node]
    source: Span
    label: str = ""
    box: str = ""
    is_labelled_by_list: bool = False

    @property
    def is_ticked(self) -> bool:
        """Whether its box is ticked."""
        return self.box in {"x", "X"}


@dataclass(slots=True)
class Options:
    """The options of a card and the blocks around them. `tag` is that of their list."""

    before: list[Node]
    options: list[Option]
    after: list[Node]
    tag: str
    source: Span

    @property
    def is_task_list(self) -> bool:
        """Whether one of them has a box."""
        return any(each.box for each in self.options)

    @property
    def ticked(self) -> frozenset[int]:
        """The numbers of those whose box is ticked, from 0."""
        return frozenset(number for number, each in enumerate(self.options) if each.is_ticked)

    @property
    def has_labels(self) -> bool:
        """Whether each of them begins with a letter or a number of its own."""
        return all(each.label and not each.is_labelled_by_list for each in self.options)


def task_list(nodes: Sequence[Node]) -> Options | None:
    """The first list in which an item has a box. With it go the lists that continue it, where each
    has one item and code stands between them.
    """
    for number, node in enumerate(nodes):
        if node.kind not in TAGS:
            continue
        options = [task_option(item) for item in node.children]
        if not any(each.box for each in options):
            continue
        found = Options(
            before=list(nodes[:number]),
            options=options,
            after=list(nodes[number + 1 :]),
            tag=TAGS[node.kind],
            source=node.span,
        )
        if len(options) == 1:
            _continue(found)
        return found
    return None


def _continue(found: Options) -> None:
    """Add options that stand in lists of their own, since code stands below each of them."""
    waiting: list[Node] = []
    end = 0
    for number, node in enumerate(found.after):
        if node.kind == "code" or _is_comment(node):
            waiting.append(node)
            continue
        options = []
        if node.kind in TAGS:
            options = [task_option(item) for item in node.children]
        if not options or not all(each.box for each in options):
            break
        found.options[-1].blocks += waiting
        found.options += options
        waiting = []
        end = number + 1
    if end:
        found.options[-1].blocks += waiting
        found.after = found.after[end + len(waiting) :]


def _is_comment(node: Node) -> bool:
    """Whether a block is a comment, which may stand between a list and code that is indented."""
    return node.kind == "html_block" and _COMMENT.fullmatch(node.text) is not None


def task_option(item: Node) -> Option:
    """An item of a list. Its blocks are no longer those of a list, so none of them is tight."""
    option = Option([replace(node, is_tight=False) for node in item.children], item.span)
    first = None
    if option.blocks:
        first = option.blocks[0]
    if first is None or first.kind != "paragraph" or first.content is None:
        return option
    if item.info:
        first.children = [node for node in first.children if node.kind != "task"]
        option.box = item.info
        return option
    found = _BOX_ALONE.match(first.content.text)
    if found is None:
        return option
    # The box stands alone on its line, which GitHub takes for text.
    first.children = first.children[2:]
    option.box = found[1]
    if not first.children:
        option.blocks = option.blocks[1:]
    return option


def listed_options(nodes: Sequence[Node], text: str) -> Iterator[Options]:
    """The options in lists whose items need not begin with letters, the last list first."""
    lists = [number for number, node in enumerate(nodes) if _is_list(node)]
    for number in lists[: -MOST_CANDIDATES - 1 : -1]:
        yield _list(nodes, number, text)


def _is_list(node: Node) -> bool:
    return node.kind in TAGS and len(node.children) > 1


def _list(
    nodes: Sequence[Node],
    number: int,
    text: str,
) -> Options:
    """A list whose items begin with no letters, or with some that are not in their order."""
    node = nodes[number]
    options = [task_option(item) for item in node.children]
    for option in options:
        option.label = label_of_blocks(option.blocks)
    if node.kind == "numbers" and not any(each.label for each in options):
        for count, option in enumerate(options, int(node.info or 1)):
            option.label = str(count)
            option.is_labelled_by_list = True
    rest = cut_answer(options[-1].blocks, text)
    return Options(
        before=list(nodes[:number]),
        options=options,
        after=[*rest, *nodes[number + 1 :]],
        tag=TAGS[node.kind],
        source=node.span,
    )


def label_of(words: str) -> tuple[str, int]:
    """The label that an option begins with, in upper case, and where its own words begin."""
    found = _CIRCLED.match(words) or _MARKED.match(words)
    if found is None:
        return "", 0
    return normal_label(found["label"]), found.end()


def label_of_blocks(blocks: Sequence[Node]) -> str:
    """The label that some blocks begin with."""
    if not blocks or blocks[0].kind != "paragraph":
        return ""
    label, _ = label_of(words_of(blocks[0].children).text)
    return label


def line_text(node: Node, line: range) -> str:
    """The words of a line of a paragraph."""
    return words_of(node.children[line.start : line.stop]).text


def part_of_paragraph(
    node: Node,
    start: int,
    end: int,
    text: str,
) -> Node:
    """Some of the nodes of a paragraph as a paragraph, without the ends of lines around them."""
    children = node.children[start:end]
    while is_break(children[-1]):
        children.pop()
    span = Span(children[0].start, children[-1].end)
    content = Content(text[span.start : span.end], ((0, span.start),))
    return replace(
        node,
        start=span.start,
        end=span.end,
        children=children,
        content=content,
        is_tight=False,
    )


def cut_answer(blocks: list[Node], text: str) -> list[Node]:
    """Take from the blocks of the last option what names the answer, and what follows it.

    A line below a list is a line of its last item, where no empty line is between them.
    """
    for number, node in enumerate(blocks):
        if node.kind != "paragraph":
            continue
        for count, line in enumerate(line_ranges(node.children)):
            if (number or count) and end_of_naming(line_text(node, line)):
                rest = [
                    part_of_paragraph(node, line.start, len(node.children), text),
                    *blocks[number + 1 :],
                ]
                del blocks[number:]
                if count:
                    blocks.append(part_of_paragraph(node, 0, line.start, text))
                return rest
    return []
