"""The text below a heading, cut into the parts of a card."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ankipress.model import Part
from ankipress.syntax.outline import Heading

FIELD_HEADINGS: Mapping[str, str] = {"hint": "Hint", "extra": "Extra", "source": "Source"}


class _CutLines(NamedTuple):
    """Lines from `start` up to `end`, and the part that they belong to."""

    name: str
    start: int
    end: int


def cut_parts(
    lines: Sequence[str],
    dashes: Sequence[int],
    span: range,
    inner: Sequence[Heading],
    names: Mapping[str, str],
) -> dict[str, Part]:
    """The parts of a span of lines, cut at headings of fields and at the end of the question.

    `dashes` are all lines `---` of the file, in order. `inner` are the headings in the span that
    could name a part or end one. `names` are such headings, in lower case, with their parts.
    """
    pieces: dict[str, list[Part]] = defaultdict(list)
    for piece in _pieces(span, inner, names):
        if piece.name != "Back":
            pieces[piece.name].append(cut(lines, piece.start, piece.end))
            continue
        rules = dashes[bisect_left(dashes, piece.start) : bisect_left(dashes, piece.end)]
        back = cut(lines, piece.start, piece.end, rules)
        first = back.line - 1
        last = first + back.text.count("\n")
        # A rule at the start or the end only separates this card from another.
        inside = [rule for rule in rules if first < rule < last]
        if inside:
            pieces["Front"].append(cut(lines, first, inside[0]))
            back = cut(lines, inside[0], last + 1, rules)
        pieces["Back"].append(back)
    parts = {}
    for name, found in pieces.items():
        part = joined_parts(found)
        if part.text or name == "Back":
            parts[name] = part
    return parts


def _pieces(span: range, inner: Sequence[Heading], names: Mapping[str, str]) -> Iterator[_CutLines]:
    """The lines between the headings, each with the name of the part that they belong to."""
    name = "Back"
    start = span.start
    for heading in inner:
        named = names.get(heading.text.strip().lower())
        if named:
            yield _CutLines(name, start, heading.start)
            name = named
            start = heading.end
        elif name != "Back":
            # Any other heading of that level ends the part, and stands on the back itself.
            yield _CutLines(name, start, heading.start)
            name = "Back"
            start = heading.start
    yield _CutLines(name, start, span.stop)


def cut(
    lines: Sequence[str],
    start: int,
    end: int,
    rules: Sequence[int] = (),
    *,
    first: int = 1,
) -> Part:
    """The lines from `start` up to `end`, without blank ones and rules around them.

    `first` is the number of the first line in the file.
    """
    while start < end and (start in rules or not lines[start].strip()):
        start += 1
    while start < end and (end - 1 in rules or not lines[end - 1].strip()):
        end -= 1
    return Part("\n".join(lines[start:end]), start + first)


def joined_parts(pieces: Sequence[Part]) -> Part:
    """Several pieces as one, with empty lines between them so that each line keeps its place."""
    filled = [each for each in pieces if each.text]
    if not filled:
        return pieces[0]
    first, *others = filled
    text = first.text
    for each in others:
        missing_lines = each.line - first.line - text.count("\n")
        text += "\n" * missing_lines + each.text
    return Part(text, first.line)
