"""`numbered`: the items of a numbered list ask. What is indented below an item answers, and what
follows up to the next number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankipress.parse.shapes.auto_headings import is_contents
from ankipress.parse.shapes.pieces import CardPieces, content_of, section_of
from ankipress.parse.shapes.question_line import split_question
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.parse.shapes.words import is_question, names_answer
from ankipress.syntax.tree import Content, Node

_NUMBER = re.compile(r"(?P<number>\d{1,9})[.)](?P<blanks>[ \t]+|$)", re.MULTILINE)
_FEWEST = 3  # items that begin with a heading, or lists that begin with 1, before that tells
_FARTHEST = 10  # numbers that may be missing between two questions
_ASKS = frozenset({"paragraph", "heading"})


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of an outermost list: the number written before it, its 0-based lines, the columns by
    which what belongs to it is indented, and what the block holds that asks.
    """

    node: Node
    number: int
    line: int
    end: int
    indent: int
    asked: Content

    @property
    def question(self) -> Node:
        """The block that asks."""
        return self.node.children[0]

    @property
    def is_alone(self) -> bool:
        """Whether nothing stands below the block that asks."""
        return len(self.node.children) == 1

    @property
    def asks(self) -> bool:
        """Whether it looks like a question, by its words or by what stands below it."""
        return not self.is_alone or is_question(self.asked.text)

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but a link, as in a list of contents."""
        return self.is_alone and is_contents(self.asked.text)


_Run = list[_Item]
"""Items whose numbers count on."""


def read_numbered(file: ShapedFile) -> Iterator[FoundSection]:
    """The cards of the items whose numbers count on, or begin again at 1."""
    items = _asking(file)
    followers = [*items[1:], None]
    for item, follower in zip(items, followers, strict=False):
        yield _section(
            file,
            item,
            follower,
        )


def _asking(file: ShapedFile) -> Sequence[_Item]:
    """The items that ask: not those of lists in answers."""
    runs = list(_runs(file))
    headings = [each for run in runs for each in run if each.question.kind == "heading"]
    if len(headings) >= _FEWEST:
        return headings
    is_first = [run[0].number == 1 for run in runs]
    each_begins = len(runs) >= _FEWEST and all(is_first)
    found: list[_Item] = []
    for run in runs:
        if each_begins or _goes_on(file, found, run):
            found += run
    return found


def _runs(file: ShapedFile) -> Iterator[_Run]:
    """The items of the outermost lists, cut wherever a number is not the next one, without lists of
    contents.
    """
    for node in file.nodes:
        if node.kind != "numbers":
            continue
        for run in _runs_of(file, node):
            if not all(each.is_link for each in run):
                yield run


def _runs_of(file: ShapedFile, node: Node) -> Iterator[_Run]:
    run: _Run = []
    for item in _items(file, node):
        if run and not _is_next(run[-1], item):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _is_next(before: _Item, item: _Item) -> bool:
    """Whether an item has the next number; `1.` before each is as good."""
    if item.number == before.number == 1:
        return True
    return item.number == before.number + 1


def _items(file: ShapedFile, node: Node) -> Iterator[_Item]:
    for each in node.children:
        found = _NUMBER.match(file.text, each.start)
        if not found or not each.children:
            continue
        first = each.children[0]
        if first.content is None or first.kind not in _ASKS:
            continue
        lines = file.lines_of(each)
        yield _Item(
            each,
            int(found["number"]),
            lines.start,
            lines.stop,
            indent=_indent(file, lines.start, found),
            asked=first.content,
        )


def _indent(
    file: ShapedFile,
    line: int,
    found: re.Match[str],
) -> int:
    """The columns by which what belongs to an item is indented, given the number before it."""
    before = file.text[file.offset(line) : found.end()]
    width = len(before.expandtabs(4))
    if found["blanks"]:
        return width
    return width + 1


def _goes_on(
    file: ShapedFile,
    found: Sequence[_Item],
    run: _Run,
) -> bool:
    """Whether a run of items goes on with the questions: by its number, or below a new heading."""
    if not found:
        return True
    number = run[0].number
    last = found[-1]
    if number > 1 and last.number < number <= last.number + _FARTHEST:
        return True
    asking = [each for each in run if each.asks]
    if len(asking) * 2 <= len(run):
        return False
    if number == 1:
        return bool(file.headings_in(last.end, run[0].line))
    return number == last.number


def _section(
    file: ShapedFile,
    item: _Item,
    follower: _Item | None,
) -> FoundSection:
    end = _end(
        file,
        item,
        follower,
    )
    question, rest = split_question(item.asked)
    answer = [rest]
    if not item.is_alone:
        answer.append(_below(file, item))
    following = content_of(
        file.text,
        file.offset(item.end),
        file.offset(end),
    )
    answer.append(following)
    card = CardPieces(
        question,
        (),
        answer,
        item.line,
        end,
    )
    return section_of(file, card)


def _below(file: ShapedFile, item: _Item) -> Content:
    """What an item holds below the block that asks."""
    lines = file.lines_of(item.question)
    start = file.offset(lines.stop)
    end = max(start, item.node.end)
    return content_of(
        file.text,
        start,
        end,
        item.indent,
    )


def _end(
    file: ShapedFile,
    item: _Item,
    follower: _Item | None,
) -> int:
    """The line on which the answer ends: the next question's, or that of a heading above it."""
    end = len(file.body)
    is_last = True
    if follower:
        end = follower.line
        is_last = follower.number <= item.number
    has_answer = not item.is_alone
    line = item.end
    for heading in file.headings_in(item.end, end):
        between = file.body[line : heading.start]
        if any(map(str.strip, between)):
            has_answer = True
        ends_card = has_answer or is_last
        if ends_card and not names_answer(heading.text):
            return heading.start
        line = heading.end
    return end
