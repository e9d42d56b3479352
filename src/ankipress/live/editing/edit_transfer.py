"""An edit of one text carried over to another one that says the same in other words.

A field is written as Markdown before and after its edit. What differs between the two is carried
over to the text of its author: where that has the words around the edit, the edit goes, and all
that the author wrote in another way stays.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import NamedTuple

_TOKEN = re.compile(r"(?:\n[ \t]*)+|[ \t]+|[^\W_]+|.", re.DOTALL)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\[\]\n]+\]:[^\n]*$", re.MULTILINE)
_MOST_TOKENS = 3000  # of a piece that is compared word by word
_APART = "\n\n"


class SourceEdit(NamedTuple):
    """Some text in place of a span of a text."""

    start: int
    end: int
    text: str


class _TextTokens(NamedTuple):
    """The tokens of a text, what each is compared by, and the offsets at which they begin."""

    tokens: list[str]
    keys: list[str]
    starts: list[int]


class _TokenChange(NamedTuple):
    """Tokens `start` up to `end` of the old text, and those of the new one in their place."""

    start: int
    end: int
    new_start: int
    new_end: int


class Grain(enum.Enum):
    """How much of a source is written anew around an edit: nothing; what of its author stands right
    where something comes in; words; lines; or what stands between empty lines.
    """

    NOTHING = enum.auto()
    SIGNS = enum.auto()
    WORDS = enum.auto()
    LINES = enum.auto()
    BLOCKS = enum.auto()


class Transfer:
    """Two versions of a text, whose difference is carried over to a source that says the same as
    the old one.
    """

    def __init__(
        self,
        source: str,
        old: str,
        new: str,
    ) -> None:
        self._source = source
        self._words = _without_definitions(_words(source), source)
        self._before = _words(old)
        self._after = _words(new)
        self._places = _matches(self._before, self._words)
        self._indents = _indents(
            self._before,
            self._words,
            self._places,
        )
        self._changes = list(_changes(self._before, self._after))

    def edits(self, grain: Grain) -> list[SourceEdit]:
        """The edits that do to the source what was done to the old text."""
        edges = self._edges(grain)
        found = []
        for change in _grown(self._changes, edges, len(self._before.tokens)):
            edit = self._edit(change, keeps=grain is Grain.NOTHING)
            if self._source[edit.start : edit.end] != edit.text:
                found.append(_trimmed(edit, self._source))
        return found

    def _edges(self, grain: Grain) -> Mapping[int, int]:
        """The tokens at which an edit may begin and end, as `_matches` gives them."""
        if grain in {Grain.NOTHING, Grain.SIGNS}:
            return self._places
        lines = {Grain.WORDS: 0, Grain.LINES: 1, Grain.BLOCKS: 2}[grain]
        edges = {}
        for number, place in self._places.items():
            tokens = self._before.tokens[number], self._words.tokens[place]
            if all(each.isspace() and each.count("\n") >= lines for each in tokens):
                edges[number] = place
        return edges

    def _edit(
        self,
        change: _TokenChange,
        *,
        keeps: bool,
    ) -> SourceEdit:
        places = self._places
        starts = self._words.starts
        last = len(self._before.tokens) - 1
        start = 0
        if change.start > 0:
            start = starts[places[change.start - 1] + 1]
        elif change.end > 0 and 0 in places:
            start = starts[places[0]]
        end = len(self._source)
        if change.end in places:
            end = starts[places[change.end]]
        elif change.start <= last and last in places:
            end = starts[places[last] + 1]
        if change.start == change.end and keeps:
            # What the author has here and the old text has not stays below what is new.
            end = start
        tokens = self._after.tokens[change.new_start : change.new_end]
        text = "".join(_indented(each, self._indents) for each in tokens)
        return SourceEdit(
            start,
            max(start, end),
            text,
        )


def rewritten(source: str, new: str) -> list[SourceEdit]:
    """The edits that make a text another one."""
    before = _words(source)
    after = _words(new)
    edits = []
    for each in _changes(before, after):
        text = "".join(after.tokens[each.new_start : each.new_end])
        edits.append(
            SourceEdit(
                before.starts[each.start],
                before.starts[each.end],
                text,
            )
        )
    return edits


def _words(text: str) -> _TextTokens:
    tokens = _TOKEN.findall(text)
    starts = list(accumulate(map(len, tokens), initial=0))
    return _TextTokens(
        tokens,
        [_key(each) for each in tokens],
        starts,
    )


def _without_definitions(words: _TextTokens, text: str) -> _TextTokens:
    """Tokens of which those in definitions of links are like no others: an old text has the
    addresses in its links.
    """
    keys = list(words.keys)
    for found in _DEFINITION.finditer(text):
        first = bisect_left(words.starts, found.start())
        last = bisect_left(words.starts, found.end())
        for number in range(first, last):
            keys[number] = f"\0{number}"
    return words._replace(keys=keys)


def _key(token: str) -> str:
    """Lines that are wrapped elsewhere are the same text."""
    if not token.isspace():
        return token
    return _APART if token.count("\n") > 1 else " "


def _changes(before: _TextTokens, after: _TextTokens) -> Iterator[_TokenChange]:
    """What differs between two texts, token by token."""
    for tag, *span in _opcodes(before.tokens, after.tokens):
        if tag != "equal":
            yield _TokenChange(*span)


def _matches(before: _TextTokens, words: _TextTokens) -> Mapping[int, int]:
    """The tokens of the source, by the tokens of the old text that they are."""
    matches: dict[int, int] = {}
    for tag, start, end, there, _ in _opcodes(before.keys, words.keys):
        if tag == "equal":
            matches.update(
                zip(
                    range(start, end),
                    range(there, there + end - start),
                    strict=True,
                )
            )
    return matches


def _opcodes(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What differs between two lists of tokens: by lines first, and then by tokens."""
    lines = _lines(one)
    other_lines = _lines(other)
    texts = [tuple(one[start:end]) for start, end in lines]
    other_texts = [tuple(other[start:end]) for start, end in other_lines]
    for tag, *span in SequenceMatcher(None, texts, other_texts, autojunk=False).get_opcodes():
        start, end = _tokens_of(
            lines,
            span[0],
            span[1],
        )
        there, to = _tokens_of(
            other_lines,
            span[2],
            span[3],
        )
        is_long = max(end - start, to - there) > _MOST_TOKENS
        if tag != "replace" or is_long:
            yield tag, start, end, there, to
            continue
        inner = SequenceMatcher(
            None,
            one[start:end],
            other[there:to],
            autojunk=False,
        )
        for sort, a, b, c, d in inner.get_opcodes():
            yield sort, start + a, start + b, there + c, there + d


def _lines(tokens: Sequence[str]) -> list[tuple[int, int]]:
    """The tokens of each line, with the line end before it."""
    cuts = [number for number, each in enumerate(tokens) if number and each.startswith("\n")]
    bounds = [0, *cuts, len(tokens)]
    return list(pairwise(bounds))


def _tokens_of(
    lines: Sequence[tuple[int, int]],
    start: int,
    end: int,
) -> tuple[int, int]:
    """The tokens of some lines."""
    if start == end:
        place = lines[start][0] if start < len(lines) else lines[-1][1]
        return place, place
    return lines[start][0], lines[end - 1][1]


def _grown(
    changes: Sequence[_TokenChange],
    places: Mapping[int, int],
    count: int,
) -> Iterator[_TokenChange]:
    """Changes that reach to tokens that the source has; those that meet are one."""
    waiting: _TokenChange | None = None
    for change in changes:
        each = change
        if waiting is not None and _meet(waiting, each, places):
            each = _TokenChange(
                waiting.start,
                each.end,
                waiting.new_start,
                each.new_end,
            )
        elif waiting is not None:
            yield waiting
        while each.start > 0 and each.start - 1 not in places:
            each = each._replace(start=each.start - 1, new_start=each.new_start - 1)
        while each.end < count and each.end not in places:
            each = each._replace(end=each.end + 1, new_end=each.new_end + 1)
        waiting = each
    if waiting is not None:
        yield waiting


def _meet(
    before: _TokenChange,
    after: _TokenChange,
    places: Mapping[int, int],
) -> bool:
    """Whether nothing stands between two changes by which the source tells where each ends."""
    return not any(number in places for number in range(before.end, after.start))


def _indents(
    before: _TextTokens,
    words: _TextTokens,
    places: Mapping[int, int],
) -> Mapping[str, str]:
    """How lines are indented in the source, by their indentation in the old text."""
    found: dict[str, Counter[str]] = {}
    for number, place in places.items():
        token, other = before.tokens[number], words.tokens[place]
        if "\n" in token and "\n" in other:
            indent = token.rpartition("\n")[2]
            found.setdefault(indent, Counter())[other.rpartition("\n")[2]] += 1
    return {indent: counts.most_common(1)[0][0] for indent, counts in found.items()}


def _indented(token: str, indents: Mapping[str, str]) -> str:
    """A line end and how the next line is indented, as its author does it. A deeper line than any
    is indented in proportion.
    """
    if not token.startswith("\n"):
        return token
    ends, _, indent = token.rpartition("\n")
    if indent not in indents:
        nearest = max(filter(indent.startswith, indents), key=len, default="")
        if nearest:
            width = len(indent) * len(indents[nearest]) // len(nearest)
            return f"{ends}\n{' ' * width}"
    return f"{ends}\n{indents.get(indent, indent)}"


def _trimmed(edit: SourceEdit, source: str) -> SourceEdit:
    """An edit without what stays at its start and its end."""
    start, end, text = edit
    while start < end and text and source[start] == text[0]:
        start += 1
        text = text[1:]
    while start < end and text and source[end - 1] == text[-1]:
        end -= 1
        text = text[:-1]
    return SourceEdit(
        start,
        end,
        text,
    )
