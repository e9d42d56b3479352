"""Deletions and elements in each other: whatever crosses is cut, so that each deletion holds whole
elements.

An author may begin a deletion in a bold word and end it behind that, or hide two items of a list at
once. Inline elements are closed and opened again at the ends of a deletion. A block cannot be cut,
so there the deletion is, into several of the same number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ankipress.render.html import TAG, is_visible
from ankipress.render.marking import CLOSE, HINT, OPEN, TEXT

_TAG = re.compile(TAG)
_NAME = re.compile(r"[a-z0-9]+")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup tt u var".split()
)
# They are nothing without what holds them: a deletion around one would stand where HTML allows no
# text.
_PARTS = frozenset("caption dd dt figcaption li summary tbody td tfoot th thead tr".split())
_WHOLES = frozenset("details dl figure ol table ul".split())
_VOID = frozenset("br col hr img input source wbr".split())
_EMPTY = re.compile(
    r"<(a|abbr|b|cite|del|dfn|em|i|ins|mark|q|s|small|strong|sub|sup|u|p)(?: [^<>]*)?>\s*</\1>"
)


class Region(NamedTuple):
    """A deletion by the places of its marks in HTML: where it starts, its text, its hint, its end,
    and what is behind it.
    """

    start: int
    inner: int
    hint: int | None
    end: int
    behind: int
    numbers: str

    @property
    def stop(self) -> int:
        """Where its text ends."""
        return self.end if self.hint is None else self.hint


class _Element(NamedTuple):
    """An element by the ends of its two tags."""

    start: int
    inner: int
    end: int
    behind: int
    name: str


class _Tag(NamedTuple):
    """One of the two tags of an element."""

    start: int
    behind: int
    element: _Element


class _Piece(NamedTuple):
    """A stretch of HTML that becomes a deletion of its own."""

    start: int
    stop: int
    numbers: str
    hint: str


def nested(html: str, regions: Sequence[Region]) -> str:
    """HTML with marks in the place of what an author wrote to begin and end deletions, which are
    sorted.
    """
    if not regions:
        return html
    tags = sorted(_tags(html))
    shown = _blanked(html, regions)
    hints = [_hint(html, region, tags) for region in regions]
    pieces = [
        piece
        for region, (hint, _) in zip(regions, hints, strict=True)
        for piece in _pieces(shown, region, hint, tags)
    ]
    inserted = _inserted(html, pieces, tags)
    removed = sorted(
        gap
        for region, (_, keeps) in zip(regions, hints, strict=True)
        for gap in _gaps(html, region, keeps=keeps)
    )
    joined = _joined(html, inserted, removed)
    wholes = [(region.inner, region.stop) for region in regions]
    is_cut = [(piece.start, piece.stop) for piece in pieces] != wholes or any(
        "</" in text for text in inserted.values()
    )
    while is_cut and (cleaned := _EMPTY.sub("", joined)) != joined:
        joined = cleaned
    return joined


def _tags(html: str) -> Iterator[_Tag]:
    opened: list[tuple[str, int, int]] = []
    for found in _TAG.finditer(html):
        name = _NAME.search(found[0])
        if not name or name[0] in _VOID:
            continue
        if found[0][1] != "/":
            opened.append((name[0], found.start(), found.end()))
        elif opened and opened[-1][0] == name[0]:
            _, start, inner = opened.pop()
            element = _Element(start, inner, found.start(), found.end(), name[0])
            yield _Tag(start, inner, element)
            yield _Tag(found.start(), found.end(), element)


def _within(tags: Sequence[_Tag], start: int, stop: int) -> Sequence[_Tag]:
    return tags[
        bisect_left(tags, start, key=lambda tag: tag.start) : bisect_left(
            tags, stop, key=lambda tag: tag.start
        )
    ]


def _is_inside(element: _Element, start: int, stop: int) -> bool:
    return start <= element.start and element.behind <= stop


def _blanked(html: str, regions: Sequence[Region]) -> str:
    """The HTML without the text of marks and hints, of the same length."""
    for region in regions:
        for start, stop in _gaps(html, region, keeps=True):
            html = html[:start] + " " * (stop - start) + html[stop:]
    return html


def _hint(html: str, region: Region, tags: Sequence[_Tag]) -> tuple[str, bool]:
    """The hint of a deletion, and whether tags in it belong to the text around it: then the hint is
    plain.
    """
    if region.hint is None:
        return "", False
    html = html[region.hint + 2 : region.end]
    inside = _within(tags, region.hint, region.end)
    if all(
        tag.element.name in _INLINE and _is_inside(tag.element, region.hint, region.end)
        for tag in inside
    ):
        return html, False
    return " ".join(_TAG.sub(" ", html).split()), True


def _gaps(html: str, region: Region, *, keeps: bool) -> Iterator[tuple[int, int]]:
    """What goes: the marks of a deletion, and its hint, whose tags may have to stay."""
    yield region.start, region.inner
    position = region.stop
    for tag in _TAG.finditer(html, region.stop, region.end) if keeps else ():
        yield position, tag.start()
        position = tag.end()
    yield position, region.behind


def _pieces(shown: str, region: Region, hint: str, tags: Sequence[_Tag]) -> Sequence[_Piece]:
    """A deletion, cut at tags of blocks that begin or end in it, and at those of items without
    their list.
    """
    inside = _within(tags, region.inner, region.stop)
    wholes = [
        tag.element
        for tag in inside
        if tag.element.name in _WHOLES and _is_inside(tag.element, region.inner, region.stop)
    ]
    cuts = [tag for tag in inside if _cuts(tag.element, region, wholes)]
    starts = [region.inner, *(tag.behind for tag in cuts)]
    stops = [*(tag.start for tag in cuts), region.stop]
    pieces = [
        _Piece(start, stop, region.numbers, hint) for start, stop in zip(starts, stops, strict=True)
    ]
    return [piece for piece in pieces if is_visible(shown[piece.start : piece.stop])] or pieces[:1]


def _cuts(element: _Element, region: Region, wholes: Sequence[_Element]) -> bool:
    if not _is_inside(element, region.inner, region.stop):
        return element.name not in _INLINE
    return element.name in _PARTS and not any(
        _is_inside(element, whole.start, whole.behind) for whole in wholes
    )


def _inserted(html: str, pieces: Sequence[_Piece], tags: Sequence[_Tag]) -> dict[int, str]:
    """The marks of the pieces by their places. Where several meet, what ends is first, the inner
    one before the outer one.
    """
    ends: dict[int, list[tuple[int, str]]] = {}
    starts: dict[int, list[tuple[int, str]]] = {}
    for piece in pieces:
        opening, closing = (
            f"{OPEN}{piece.numbers}{TEXT}",
            f"{HINT}{piece.hint}{CLOSE}" if piece.hint else CLOSE,
        )
        if piece.start == piece.stop:
            starts.setdefault(piece.start, []).append((0, opening + closing))
            continue
        inside = [tag.element for tag in _within(tags, piece.start, piece.stop)]
        before = [each for each in inside if each.start < piece.start]
        beyond = [each for each in inside if each.end >= piece.stop]
        starts.setdefault(piece.start, []).append((-piece.stop, _around(opening, before, html)))
        ends.setdefault(piece.stop, []).append((-piece.start, _around(closing, beyond, html)))
    places = sorted({*starts, *ends})
    return {
        place: "".join(
            text for _, text in sorted(ends.get(place, ())) + sorted(starts.get(place, ()))
        )
        for place in places
    }


def _around(mark: str, crossed: Sequence[_Element], html: str) -> str:
    """A mark with the elements that cross it closed before and opened again behind it."""
    closed = "".join(f"</{each.name}>" for each in sorted(crossed, reverse=True))
    return closed + mark + "".join(html[each.start : each.inner] for each in sorted(crossed))


def _joined(html: str, inserted: dict[int, str], removed: Sequence[tuple[int, int]]) -> str:
    pieces, position = [], 0
    stops = {start: stop for start, stop in removed if start < stop}
    for place in sorted({*inserted, *stops}):
        pieces += [html[position:place], inserted.get(place, "")]
        position = max(position, stops.get(place, place))
    return "".join(pieces) + html[position:]
