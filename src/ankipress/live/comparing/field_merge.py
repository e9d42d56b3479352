"""One field in three versions: what happened to it, and what it should become."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ankipress.importing.fields.appearance import Token, looks_same
from ankipress.live.comparing.editor_noise import EditorNoise
from ankipress.live.comparing.field_pieces import (
    Container,
    FieldPiece,
    container_of,
    joined_pieces,
    pieces_of,
)
from ankipress.live.comparing.three_way import Stretch, merged_stretches
from ankipress.render.html import TAG

_MOST_PIECES = 1000
_TAG = re.compile(TAG)
_WORD = re.compile(r"\w+")
# What a part of a table or list must stand in to be read as what it is.
_AROUND = {
    "li": ("<ul>", "</ul>"),
    "tbody": ("<table>", "</table>"),
    "td": ("<table><tbody><tr>", "</tr></tbody></table>"),
    "th": ("<table><tbody><tr>", "</tr></tbody></table>"),
    "thead": ("<table>", "</table>"),
    "tr": ("<table><tbody>", "</tbody></table>"),
}


class FieldCase(enum.Enum):
    """What happened to a field since it was packed."""

    SAME = enum.auto()
    THERE = enum.auto()
    HERE = enum.auto()
    MERGED = enum.auto()
    CONFLICT = enum.auto()


@dataclass(frozen=True, slots=True)
class MergedField:
    """What happened to a field. `wanted` is its HTML with all that is not in conflict, and `theirs`
    with all edits of Anki; both are None where the field stays as it is here.
    """

    case: FieldCase
    wanted: str | None = None
    theirs: str | None = None


_SAME = MergedField(FieldCase.SAME)
_HERE = MergedField(FieldCase.HERE)


def is_unedited(
    here: str,
    there: str,
    *,
    in_paragraphs: bool,
) -> bool:
    """Whether a field looks in Anki as it does here, but for the noise of an editor."""
    if looks_same(there, here):
        return True
    noise = EditorNoise.of([here], in_paragraphs=in_paragraphs)
    return noise.look(there) == noise.look(here)


def merge_field(
    base: str | None,
    here: str,
    there: str,
    *,
    in_paragraphs: bool,
) -> MergedField:
    """Merge a field by its blocks. `base` is None where nobody knows how it was packed.

    Blocks that look as they do here are taken from here to the letter.
    """
    if there in (here, base):
        return _untouched(here, there)
    shown = _Shown.of(base, here, there, in_paragraphs=in_paragraphs)
    if shown.unedited is not None:
        return shown.unedited
    merger = _FieldMerger(shown.noise)
    if base is None:
        theirs = merger.merged(here, here, shown.there).theirs
        return MergedField(FieldCase.CONFLICT, theirs=theirs)
    if not shown.is_edited_here:
        base = here
    merged = merger.merged(base, here, shown.there)
    return _told(merged, here, is_edited_here=shown.is_edited_here)


def merge_value(
    base: str | None,
    here: str,
    there: str,
) -> MergedField:
    """The same of a field that is a value of its own, and no text with blocks."""
    if there in (here, base):
        return _untouched(here, there)
    shown = _Shown.of(base, here, there, in_paragraphs=False)
    if shown.unedited is not None:
        return shown.unedited
    if shown.is_edited_here:
        return MergedField(FieldCase.CONFLICT, theirs=shown.there)
    return MergedField(FieldCase.THERE, shown.there, shown.there)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A field that is not the same to the letter: what it shows here and in Anki, and where that is
    known, as it was packed. `there` is its HTML in Anki as it was meant.
    """

    noise: EditorNoise
    there: str
    look_base: Sequence[Token] | None
    look_here: Sequence[Token]
    look_there: Sequence[Token]

    @classmethod
    def of(
        cls,
        base: str | None,
        here: str,
        there: str,
        *,
        in_paragraphs: bool,
    ) -> _Shown:
        """What three versions show."""
        versions = [here]
        if base is not None:
            versions.append(base)
        noise = EditorNoise.of(versions, in_paragraphs=in_paragraphs)
        there = noise.without(there)
        look_base = None
        if base is not None:
            look_base = noise.look(base)
        return cls(noise, there, look_base, noise.look(here), noise.look(there))

    @property
    def unedited(self) -> MergedField | None:
        """What happened to a field that nobody edited in Anki, None where somebody did."""
        if self.look_there == self.look_here:
            return _SAME
        if self.look_there == self.look_base:
            return _HERE
        return None

    @property
    def is_edited_here(self) -> bool:
        """Whether somebody edited it here, as far as that is known."""
        return self.look_here != self.look_base


def _untouched(here: str, there: str) -> MergedField:
    if here == there:
        return _SAME
    return _HERE


def _told(
    merged: _Merged,
    here: str,
    *,
    is_edited_here: bool,
) -> MergedField:
    wanted: str | None = merged.wanted
    if wanted == here:
        wanted = None
    if merged.is_conflict:
        return MergedField(FieldCase.CONFLICT, wanted, merged.theirs)
    if wanted is None:
        return _HERE
    if is_edited_here:
        return MergedField(FieldCase.MERGED, wanted, wanted)
    return MergedField(FieldCase.THERE, wanted, wanted)


@dataclass(frozen=True, slots=True)
class _Merged:
    wanted: str
    theirs: str
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Some pieces of a merged field, as they are wanted and if the edits of Anki win."""

    wanted: Sequence[FieldPiece]
    theirs: Sequence[FieldPiece]
    is_conflict: bool = False


@dataclass(frozen=True, slots=True)
class _PieceLook:
    """What is shown of a piece. Pieces are the same where that is."""

    is_line: bool
    tokens: Sequence[Token]
    html: str = field(compare=False)

    def words(self) -> Counter[str]:
        """The words in it, as often as they are in it; without a text those of its tags."""
        words = _WORD.findall(_TAG.sub(" ", self.html)) or _WORD.findall(self.html)
        return Counter(words)


def _likeness(one: _PieceLook, other: _PieceLook) -> float:
    """How many words two pieces share, from 0 to 1."""
    words = one.words()
    others = other.words()
    return 2 * (words & others).total() / max(1, words.total() + others.total())


class _FieldMerger:
    """Merges the pieces of a field, and those in its lists, tables and quotes."""

    def __init__(self, noise: EditorNoise) -> None:
        self._noise = noise
        self._known: dict[str, Sequence[Token]] = {}

    def merged(
        self,
        base: str,
        here: str,
        there: str,
        *,
        is_inside: bool = False,
    ) -> _Merged:
        """Merge canonical HTML. With `is_inside` it stands in a block."""
        by_line = not self._noise.rules.in_paragraphs and not is_inside
        versions = (base, here, there)
        pieces = [_few_pieces(each, by_line=by_line) for each in versions]
        if not all(map(self._noise.can_read, versions)):
            pieces = [[FieldPiece(each, is_line=False)] for each in versions]
        before, now, edited = map(self._looks, pieces)
        stretches = merged_stretches(before, now, edited, _likeness)
        chosen = [self._chosen(stretch, *pieces) for stretch in stretches]
        wanted = joined_pieces([piece for each in chosen for piece in each.wanted])
        theirs = joined_pieces([piece for each in chosen for piece in each.theirs])
        return _Merged(wanted, theirs, any(each.is_conflict for each in chosen))

    def _looks(self, pieces: Sequence[FieldPiece]) -> Sequence[_PieceLook]:
        looks: list[_PieceLook] = []
        for piece in pieces:
            before, behind = _AROUND.get(piece.tag, ("", ""))
            html = f"{before}{piece.html}{behind}"
            if html not in self._known:
                self._known[html] = self._noise.look(html)
            looks.append(_PieceLook(piece.is_line, self._known[html], piece.html))
        return looks

    def _chosen(
        self,
        stretch: Stretch,
        base: Sequence[FieldPiece],
        here: Sequence[FieldPiece],
        there: Sequence[FieldPiece],
    ) -> _Chosen:
        pieces_here = here[slice(*stretch.here)]
        pieces_there = there[slice(*stretch.there)]
        if not stretch.is_there:
            return _Chosen(pieces_here, pieces_here)
        pieces_base = base[slice(*stretch.base)]
        inside = self._merged_inside(pieces_base, pieces_here, pieces_there)
        if inside is not None:
            return inside
        if stretch.is_here:
            return _Chosen(pieces_here, pieces_there, is_conflict=True)
        return _Chosen(pieces_there, pieces_there)

    def _merged_inside(
        self,
        base: Sequence[FieldPiece],
        here: Sequence[FieldPiece],
        there: Sequence[FieldPiece],
    ) -> _Chosen | None:
        """Merge what is in a block that holds others; None where it is not the same in all."""
        if not len(base) == len(here) == len(there) == 1:
            return None
        containers = [container_of(each[0]) for each in (base, here, there)]
        outer = containers[1]
        if outer is None or not all(map(self._is_like(outer), containers)):
            return None
        inners = [each.inner for each in containers if each is not None]
        merged = self.merged(*inners, is_inside=True)
        wanted = _with_inner(here[0], outer, merged.wanted)
        theirs = _with_inner(here[0], outer, merged.theirs)
        return _Chosen([wanted], [theirs], merged.is_conflict)

    def _is_like(self, outer: Container) -> Callable[[Container | None], bool]:
        return lambda each: each is not None and each.opening == outer.opening


def _few_pieces(
    html: str,
    *,
    by_line: bool,
) -> Sequence[FieldPiece]:
    """The pieces of HTML; one of so many pieces that no person wrote it is a piece by itself."""
    pieces = pieces_of(html, by_line=by_line)
    if len(pieces) > _MOST_PIECES:
        return (FieldPiece(html, is_line=False),)
    return pieces


def _with_inner(
    piece: FieldPiece,
    outer: Container,
    inner: str,
) -> FieldPiece:
    """A block with something else in it; the line ends at its edges stay."""
    start = len(outer.inner) - len(outer.inner.lstrip())
    end = len(outer.inner.rstrip())
    edges = outer.inner[:start], outer.inner[end:]
    html = f"{outer.opening}{edges[0]}{inner.strip()}{edges[1]}{outer.closing}"
    return FieldPiece(html, is_line=False, gap=piece.gap)
