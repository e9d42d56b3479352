"""Two texts → the same texts with the words marked that differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel

# A word; a character of a script that writes none; a run of spaces; or any one other character.
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+|\s+|.",
    re.DOTALL,
)
_LONGEST = 20_000  # tokens: what is longer is marked as a whole
_CONTEXT = 8  # tokens on either side of a mark, where what is alike is cut


class Stretch(NamedTuple):
    """A part of a text, and whether the other text has it not."""

    text: str
    marked: bool = False


Marked = tuple[Stretch, ...]


def mark_words(old: str, new: str) -> tuple[Marked, Marked]:
    """Both texts, whose stretches joined are the texts again."""
    olds, news = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(olds), len(news)) > _LONGEST:
        return _whole(old, marked=old != new), _whole(new, marked=old != new)
    before, after = [False] * len(olds), [False] * len(news)
    for each in Indel.opcodes(olds, news):
        if each.tag != "equal":
            before[each.src_start : each.src_end] = [True] * (each.src_end - each.src_start)
            after[each.dest_start : each.dest_end] = [True] * (each.dest_end - each.dest_start)
    return _stretches(olds, _joined(olds, before)), _stretches(news, _joined(news, after))


def _whole(text: str, *, marked: bool) -> Marked:
    return (Stretch(text, marked),) if text else ()


def _joined(tokens: Sequence[str], marks: Sequence[bool]) -> Sequence[bool]:
    """The marks, with the space between two marked words marked too."""
    last = len(tokens) - 1
    return [
        mark or (token.isspace() and 0 < number < last and marks[number - 1] and marks[number + 1])
        for number, (token, mark) in enumerate(zip(tokens, marks, strict=True))
    ]


def _stretches(tokens: Sequence[str], marks: Sequence[bool]) -> Marked:
    groups = groupby(zip(tokens, marks, strict=True), key=lambda pair: pair[1])
    return tuple(Stretch("".join(token for token, _ in group), mark) for mark, group in groups)


def shortened(marked: Iterable[Stretch]) -> Marked:
    """A text with what is far from every mark cut, and `…` in its place."""
    stretches = list(marked)
    return tuple(
        each
        if each.marked
        else Stretch(_cut(each.text, first=number == 0, last=number == len(stretches) - 1))
        for number, each in enumerate(stretches)
    )


def _cut(text: str, *, first: bool, last: bool) -> str:
    """A stretch between two marks; the first has none before it, the last none behind."""
    tokens = _TOKEN.findall(text)
    head, tail = 0 if first and not last else _CONTEXT, 0 if last and not first else _CONTEXT
    if first and last:
        head, tail = 4 * _CONTEXT, 0  # nothing is marked: how it begins tells which text it is
    if len(tokens) <= head + tail + 3:
        return text
    return "".join(
        (
            *tokens[:head],
            "…" if not head else " …",
            " " if tail else "",
            *tokens[len(tokens) - tail :],
        )
    )
