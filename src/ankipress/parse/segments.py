"""What an edit changed in a file, where that is nothing but some of its cards.

A whole file need not be read again to know it, if it is certain that all around these cards means
what it meant. Certain is what this module can show; of everything else it says nothing, and the
file is read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from ankipress.model import Entry, Source
from ankipress.parse.front_matter import read_front_matter
from ankipress.syntax.decoding import decode
from ankipress.syntax.outline import outline

_MOST = 50  # cards
# What may be the definition of a link or a footnote: it holds for the whole file.
_DEFINITION = re.compile(rb"\n {0,3}\[(?:\^[^\s\[\]]+|(?:[^\[\]\\]|\\.)+)\]:", re.DOTALL)
# What may mean one, be one, or hide one further down: where there are any, no card with such marks
# is compiled alone.
_BINDING = re.compile(rb"[\[`]|~~~|<!")


class Edit(NamedTuple):
    """A card before and after, each as the text of a file that has no other; the front matter of
    its own file is above it.

    `line` is that of its heading in its own file, as it was before; `longer` is how many lines the
    card has more.
    """

    before: str
    after: str
    same_headings: bool = True  # those in the answer too, of which the anchors below may count
    same_question: bool = True  # its heading, to the letter
    line: int = 0
    longer: int = 0


def other_headings(text: str, level: int, cards: Collection[int]) -> list[int]:
    """The ordinal numbers of the lines that look like the heading of a card, and are not among the
    lines of `cards`.
    """
    mark, line, position = _mark(level).decode(), 0, 0
    others = []
    text = f"\n{text}"
    for number, found in enumerate(re.finditer(re.escape(mark), text)):
        line += text.count("\n", position, found.start() + 1)
        position = found.start() + 1
        if line not in cards:
            others.append(number)
    return others


def other_headings_of(
    sources: Sequence[Source], level: int, entries: Iterable[Entry]
) -> dict[str, list[int]]:
    """The `other_headings` of each source, by path, given the cards that stand in them."""
    lines: dict[str, set[int]] = {each.path: set() for each in sources}
    for entry in entries:
        lines[entry.path].add(entry.location.line)
    return {each.path: other_headings(each.text, level, lines[each.path]) for each in sources}


def edits(before: bytes, after: bytes, level: int, others: Collection[int]) -> list[Edit] | None:
    """The cards that differ between two contents of a file, None where anything else may differ.

    `others` are the `other_headings` of the content before. The heading of each card is where it
    was, neither version of it opens or closes anything for the text below it, and neither can use a
    definition of a link or a footnote in the file.
    """
    before, after, mark = _text(before), _text(after), _mark(level)
    head = _front_matter(before[: max(0, before.find(mark))])
    stretch = _stretch(before, after, mark)
    if head is None or stretch is None:
        return None
    is_bound = any(b"]:" in text and _DEFINITION.search(text) for text in (before, after))
    found: list[Edit] = []
    last, next_line = stretch.first + len(stretch.before) - 1, stretch.line
    for number, (old, new) in enumerate(
        zip(stretch.before, stretch.after, strict=True), start=stretch.first
    ):
        line, next_line = next_line, next_line + 1 + old.count(b"\n")
        if old == new:
            continue
        follows = number < last or not stretch.ends_file
        edit = _edit(mark[1:] + old, mark[1:] + new, level, follows=follows)
        if is_bound and (_BINDING.search(old) or _BINDING.search(new)):
            return None
        if (
            edit is None
            or number in others
            or (follows and number + 1 in others)
            or len(found) == _MOST
        ):
            return None
        longer = new.count(b"\n") - old.count(b"\n")
        found.append(
            edit._replace(
                before=head + edit.before, after=head + edit.after, line=line, longer=longer
            )
        )
    return found


class _Stretch(NamedTuple):
    """All that differs, from the heading of a card to the next one, cut at the headings: as many
    before as after.

    `first` is the ordinal number of the first heading, `line` the one on which it stands.
    """

    before: list[bytes]
    after: list[bytes]
    first: int
    line: int
    ends_file: bool


def _stretch(before: bytes, after: bytes, mark: bytes) -> _Stretch | None:
    same = _common_start(before, after)
    start = before.rfind(mark, 0, same)
    end = before.find(mark, len(before) - _common_end(before[same:], after[same:]))
    if start < 0:
        return None
    stop = len(before) if end < 0 else end
    olds = before[start:stop].split(mark)[1:]
    news = after[start : stop + len(after) - len(before)].split(mark)[1:]
    if len(olds) != len(news):
        return None
    return _Stretch(
        olds, news, before.count(mark, 0, start), before.count(b"\n", 0, start) + 1, end < 0
    )


def _mark(level: int) -> bytes:
    """How the heading of a card begins, with the end of the line above."""
    return b"\n" + b"#" * level + b" "


def _text(content: bytes) -> bytes:
    """A content with one line end for every line, the first of them in front of it."""
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return b"\n" + content


def _common_start(one: bytes, other: bytes) -> int:
    """How many bytes two texts begin with in common, by halves: to compare is faster than to look."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle)
    return low


def _common_end(one: bytes, other: bytes) -> int:
    """How many bytes two texts end with in common."""
    low, high = 0, min(len(one), len(other))
    if one.endswith(other) or other.endswith(one):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        is_same = (
            one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]
        )
        low, high = (middle, high) if is_same else (low, middle)
    return low


def _front_matter(head: bytes) -> str | None:
    """The front matter in what stands above the first card, None where it is not plainly there or
    not there.
    """
    text = _decoded(head[1:])
    if text is None or not text.startswith("---"):
        return text and ""
    lines = text.split("\n")
    matter, problems = read_front_matter(lines, "")
    return "\n".join((*lines[: matter.lines], "")) if matter.lines and not problems else None


def _decoded(content: bytes) -> str | None:
    source, problems = decode(content, "")
    return source.text if source and not problems else None


def _edit(before: bytes, after: bytes, level: int, *, follows: bool) -> Edit | None:
    old, new = (_split(text, level, follows=follows) for text in (before, after))
    if old is None or new is None or old.rest != new.rest:
        return None
    return Edit(old.card, new.card, old.headings == new.headings, old.heading == new.heading)


class _Split(NamedTuple):
    """A text cut where a section begins: the card, its first line, what stands behind the card, and
    all headings.
    """

    card: str
    heading: str
    rest: str
    headings: list[tuple[int, str]]


def _split(content: bytes, level: int, *, follows: bool) -> _Split | None:
    """The card in a text that begins with its heading, if there is just one, and what comes next
    stands outside of it.

    `follows` says whether the heading of another card comes next.
    """
    text = _decoded(content)
    if text is None or "details" in text.lower():
        return None
    lines = text.split("\n")
    found = outline([*lines, "#" * level + " next"] if follows else lines)
    headings = list(found.headings)
    if (
        any(each.underlined for each in headings)
        or found.open_details
        or found.open_fence is not None
    ):
        return None
    if follows and headings.pop().start != len(lines):
        return None
    if not headings or (headings[0].start, headings[0].level) != (0, level):
        return None
    inner = headings[1:]
    if any(each.level == level for each in inner):
        return None
    end = next((each.start for each in inner if each.level < level), len(lines))
    texts = [(each.level, each.text) for each in headings]
    return _Split("\n".join(lines[:end]), lines[0], "\n".join(lines[end:]), texts)
