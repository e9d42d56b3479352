"""The text below a heading, cut into the parts of a card."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ankipress.model import Part
from ankipress.syntax.outline import Heading

FIELD_HEADINGS: Mapping[str, str] = {"hint": "Hint", "extra": "Extra", "source": "Source"}


def cut_parts(
    lines: Sequence[str],
    dashes: Sequence[int],
    span: range,
    inner: Sequence[Heading],
    names: Mapping[str, str],
) -> dict[str, Part]:
    """The parts of a span of lines, cut at the headings that name one and where a question ends.

    `dashes` are all lines `---` of the file, in order. `inner` are the headings in the span that
    could name a part or end one. `names` are such headings, in lower case, with their parts.
    """
    # Of each piece: where the one before ends, where it begins itself, and its part.
    cuts = [(span.start, span.start, "Back")]
    for heading in inner:
        named = names.get(heading.text.strip().lower())
        if named:
            cuts.append((heading.start, heading.end, named))
        elif cuts[-1][2] != "Back":
            cuts.append((heading.start, heading.start, "Back"))
    cuts.append((span.stop, span.stop, ""))
    pieces: dict[str, list[Part]] = defaultdict(list)
    for (_, start, name), (end, _, _) in pairwise(cuts):
        if name != "Back":
            pieces[name].append(cut(lines, start, end))
            continue
        rules = dashes[bisect_left(dashes, start) : bisect_left(dashes, end)]
        piece = cut(lines, start, end, rules)
        first = piece.line - 1
        last = first + piece.text.count("\n")
        # A rule at the start or the end only separates this card from another.
        inside = [rule for rule in rules if first < rule < last]
        if inside:
            pieces["Front"].append(cut(lines, first, inside[0]))
            piece = cut(lines, inside[0], last + 1, rules)
        pieces[name].append(piece)
    joined = {name: joined_parts(found) for name, found in pieces.items()}
    return {name: part for name, part in joined.items() if part.text or name == "Back"}


def cut(
    lines: Sequence[str], start: int, end: int, rules: Sequence[int] = (), *, first: int = 1
) -> Part:
    """The lines between two, without blank ones and rules around them.

    `first` is the number of the first of all lines in the file.
    """
    while start < end and (start in rules or not lines[start].strip()):
        start += 1
    while start < end and (end - 1 in rules or not lines[end - 1].strip()):
        end -= 1
    return Part("\n".join(lines[start:end]), start + first)


def joined_parts(pieces: Sequence[Part]) -> Part:
    """Several pieces as one, with empty lines between them so that each line keeps its place."""
    first, *others = [each for each in pieces if each.text] or pieces[:1]
    text = first.text
    for each in others:
        text += "\n" * (each.line - first.line - text.count("\n")) + each.text
    return Part(text, first.line)
