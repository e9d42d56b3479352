"""Two texts → the same texts with the words marked that differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel

# A word; a character of a script without spaces; white space; or any other single character.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|\s+|.", re.DOTALL)
_LONGEST = 20_000  # tokens: longer texts are marked entirely
_CONTEXT = 8  # tokens that are shown on either side of a mark
_BEGINNING = 32  # tokens that are shown of a text without marks


class MarkedSpan(NamedTuple):
    """A part of a text, and whether the other text lacks it."""

    text: str
    marked: bool = False


Marked = tuple[MarkedSpan, ...]


def mark_words(old: str, new: str) -> tuple[Marked, Marked]:
    """Both texts in spans. The spans of each, joined, are the text again."""
    olds = _TOKEN.findall(old)
    news = _TOKEN.findall(new)
    if max(len(olds), len(news)) > _LONGEST:
        olds = [old]
        news = [new]
    old_marks = set[int]()
    new_marks = set[int]()
    for each in Indel.opcodes(olds, news):
        if each.tag != "equal":
            old_marks.update(range(each.src_start, each.src_end))
            new_marks.update(range(each.dest_start, each.dest_end))
    return _spans(olds, old_marks), _spans(news, new_marks)


def _spans(tokens: Sequence[str], marks: set[int]) -> Marked:
    def is_marked(number: int) -> bool:
        # The space between two marked words is marked too.
        is_between = {number - 1, number + 1} <= marks and tokens[number].isspace()
        return number in marks or is_between

    groups = groupby(range(len(tokens)), key=is_marked)
    return tuple(
        MarkedSpan("".join(tokens[each] for each in group), mark) for mark, group in groups
    )


def shortened(marked: Marked) -> Marked:
    """A text in which what is far from every mark is cut, with `…` in its place."""
    if len(marked) == 1 and not marked[0].marked:
        return (MarkedSpan(_cut(marked[0].text, _BEGINNING, 0)),)
    spans = list(marked)
    last = len(spans) - 1
    for number, span in enumerate(marked):
        if span.marked:
            continue
        # A mark stands before every span but the first, and after every one but the last.
        head = _CONTEXT * (number > 0)
        tail = _CONTEXT * (number < last)
        spans[number] = MarkedSpan(_cut(span.text, head, tail))
    return tuple(spans)


def _cut(text: str, head: int, tail: int) -> str:
    """The first and the last tokens of a text."""
    tokens = _TOKEN.findall(text)
    if len(tokens) <= head + tail + 3:
        return text
    before = "".join(tokens[:head])
    after = "".join(tokens[len(tokens) - tail :])
    return " ".join(part for part in (before, "…", after) if part)
