"""Deletions that cross elements: both are cut, so that each deletion holds complete elements.

An author may begin a deletion in a bold word and end it after that, or hide two items of a list at
once. Inline elements are closed and reopened at the ends of a deletion. A block cannot be cut, so
there the deletion is cut into several of the same number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from ankipress.render.html import TAG, is_visible
from ankipress.render.marking import CLOSE, HINT, opening_mark
from ankipress.syntax.spans import replace_spans

_TAG = re.compile(TAG)
_NAME = re.compile(r"[a-z0-9]+")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup tt u"
    " var".split()
)
# Parts need their container: HTML allows no text, and so no deletion, around one of them.
_PARTS = frozenset("caption dd dt figcaption li summary tbody td tfoot th thead tr".split())
_CONTAINERS = frozenset("details dl figure ol table ul".split())
_VOID = frozenset("br col hr img input source wbr".split())
_EMPTY = re.compile(
    r"<(a|abbr|b|cite|del|dfn|em|i|ins|mark|q|s|small|strong|sub|sup|u|p)(?: [^<>]*)?>\s*</\1>"
)


class Region(NamedTuple):
    """A deletion, by offsets in HTML: its start, text, hint, end, and what follows it."""

    start: int
    inner: int
    hint: int | None
    end: int
    after: int
    numbers: str

    @property
    def stop(self) -> int:
        """Where its text ends."""
        if self.hint is None:
            return self.end
        return self.hint


class _MarkedElement(NamedTuple):
    """An element, by the ends of its two tags."""

    start: int
    inner: int
    end: int
    after: int
    name: str

    def is_inside(self, start: int, stop: int) -> bool:
        return start <= self.start and self.after <= stop


class _TagSpan(NamedTuple):
    """One of the two tags of an element."""

    start: int
    after: int
    element: _MarkedElement


class _Piece(NamedTuple):
    """A span of HTML that becomes a deletion of its own."""

    start: int
    stop: int
    numbers: str
    hint: str


def nest_deletions(html: str, regions: Sequence[Region]) -> str:
    """HTML with our marks in place of the author's, given its deletions, sorted."""
    if not regions:
        return html
    tags = sorted(_tags(html))
    # The HTML without marks and hints, of the same length.
    visible = html
    pieces: list[_Piece] = []
    removed: list[tuple[int, int]] = []
    hints = [_hint(html, region, tags) for region in regions]
    for region in regions:
        for start, stop in _removed(html, region, keeps_tags=True):
            visible = visible[:start] + " " * (stop - start) + visible[stop:]
    for region, (hint, keeps_tags) in zip(regions, hints, strict=True):
        pieces += _pieces(
            visible,
            region,
            hint,
            tags,
        )
        removed += _removed(html, region, keeps_tags=keeps_tags)
    inserted = _insertions(html, pieces, tags)
    joined = replace_spans(html, _edits(inserted, removed))
    is_cut = [piece[:2] for piece in pieces] != [(each.inner, each.stop) for each in regions]
    if is_cut or any("</" in text for text in inserted.values()):
        while (cleaned := _EMPTY.sub("", joined)) != joined:
            joined = cleaned
    return joined


def _tags(html: str) -> Iterator[_TagSpan]:
    opened: list[tuple[str, int, int]] = []
    for found in _TAG.finditer(html):
        name = _NAME.search(found[0])
        if not name or name[0] in _VOID:
            continue
        start, after = found.span()
        if not found[0].startswith("</"):
            opened.append((name[0], start, after))
        elif opened and opened[-1][0] == name[0]:
            _, opening_start, inner = opened.pop()
            element = _MarkedElement(
                opening_start,
                inner,
                start,
                after,
                name[0],
            )
            yield _TagSpan(opening_start, inner, element)
            yield _TagSpan(start, after, element)


def _between(
    tags: Sequence[_TagSpan],
    start: int,
    stop: int,
) -> Sequence[_TagSpan]:
    by_start = attrgetter("start")
    first = bisect_left(tags, start, key=by_start)
    return tags[
        first : bisect_left(
            tags,
            stop,
            lo=first,
            key=by_start,
        )
    ]


def _hint(
    html: str,
    region: Region,
    tags: Sequence[_TagSpan],
) -> tuple[str, bool]:
    """The hint of a deletion, and whether its tags belong to the text around it.

    If they do, the hint is plain text.
    """
    if region.hint is None:
        return "", False
    hint = html[region.hint + 2 : region.end]
    for _, _, element in _between(tags, region.hint, region.end):
        if element.name not in _INLINE or not element.is_inside(region.hint, region.end):
            return " ".join(_TAG.sub(" ", hint).split()), True
    return hint, False


def _removed(
    html: str,
    region: Region,
    *,
    keeps_tags: bool,
) -> Iterator[tuple[int, int]]:
    """The spans that go: the marks of a deletion, and its hint, whose tags may have to stay."""
    yield region.start, region.inner
    position = region.stop
    if keeps_tags:
        for tag in _TAG.finditer(html, region.stop, region.end):
            yield position, tag.start()
            position = tag.end()
    yield position, region.after


def _pieces(
    visible: str,
    region: Region,
    hint: str,
    tags: Sequence[_TagSpan],
) -> Sequence[_Piece]:
    """A deletion, cut at the tags of blocks that cross it, and of parts without their container."""
    start = region.inner
    stop = region.stop
    inside = _between(tags, start, stop)
    containers: list[_MarkedElement] = []
    for _, _, element in inside:
        if element.name in _CONTAINERS and element.is_inside(start, stop):
            containers.append(element)
    pieces: list[_Piece] = []
    for tag in inside:
        if _cuts(tag.element, region, containers):
            pieces.append(
                _Piece(
                    start,
                    tag.start,
                    region.numbers,
                    hint,
                )
            )
            start = tag.after
    pieces.append(
        _Piece(
            start,
            stop,
            region.numbers,
            hint,
        )
    )
    shown = [piece for piece in pieces if is_visible(visible[piece.start : piece.stop])]
    return shown or pieces[:1]


def _cuts(
    element: _MarkedElement,
    region: Region,
    containers: Iterable[_MarkedElement],
) -> bool:
    if not element.is_inside(region.inner, region.stop):
        return element.name not in _INLINE
    if element.name not in _PARTS:
        return False
    return not any(element.is_inside(each.start, each.after) for each in containers)


def _insertions(
    html: str,
    pieces: Sequence[_Piece],
    tags: Sequence[_TagSpan],
) -> dict[int, str]:
    """The marks of the pieces, by offset. Ends come before starts, inner before outer ends."""
    marks: list[tuple[int, bool, int, str]] = []
    for start, stop, numbers, hint in pieces:
        opening = opening_mark(numbers)
        closing = CLOSE
        if hint:
            closing = f"{HINT}{hint}{CLOSE}"
        if start == stop:
            marks.append((start, True, 0, opening + closing))
            continue
        inside = [tag.element for tag in _between(tags, start, stop)]
        crossed = [each for each in inside if each.start < start]
        marks.append((start, True, -stop, _reopened(opening, crossed, html)))
        crossed = [each for each in inside if each.end >= stop]
        marks.append((stop, False, -start, _reopened(closing, crossed, html)))
    insertions: dict[int, str] = {}
    for place, _, _, mark in sorted(marks):
        insertions[place] = insertions.get(place, "") + mark
    return insertions


def _reopened(
    mark: str,
    crossed: Iterable[_MarkedElement],
    html: str,
) -> str:
    """A mark, with the elements that cross it closed before and reopened after it."""
    closing = opening = ""
    for each in sorted(crossed):
        closing = f"</{each.name}>{closing}"
        opening += html[each.start : each.inner]
    return closing + mark + opening


def _edits(
    inserted: dict[int, str], removed: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    stops = {start: stop for start, stop in sorted(removed) if start < stop}
    position = 0
    for place in sorted({*inserted, *stops}):
        # What is inserted within a removed span comes at its end.
        start = max(position, place)
        position = max(position, stops.get(place, place))
        yield start, position, inserted.get(place, "")
