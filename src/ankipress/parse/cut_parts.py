"""The text below a heading, cut into the parts of a card."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

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
    """The parts of a span of lines, cut at the headings that name one and at the `---` that ends
    the question.

    `inner` are the headings in the span that could name a part or end one, the deepest of them of
    level `below`; `names` are the headings, in lower case, and the parts that they name. `dashes`
    are all lines `---` of the file, in order.
    """
    cuts = [(span.start, span.start, "Back")]
    for heading in inner:
        name = names.get(heading.text.strip().lower())
        if name:
            cuts.append((heading.start, heading.end, name))
        elif cuts[-1][2] != "Back":
            cuts.append((heading.start, heading.start, "Back"))
    ends = [start for start, _, _ in cuts[1:]] + [span.stop]
    pieces: dict[str, list[Part]] = {}
    for (_, start, name), end in zip(cuts, ends, strict=True):
        found = (
            _question_ended(lines, dashes, start, end)
            if name == "Back"
            else [(name, cut(lines, start, end))]
        )
        for piece_name, piece in found:
            pieces.setdefault(piece_name, []).append(piece)
    joined = {name: joined_parts(found) for name, found in pieces.items()}
    return {name: part for name, part in joined.items() if part.text or name == "Back"}


def _question_ended(
    lines: Sequence[str], dashes: Sequence[int], start: int, end: int
) -> list[tuple[str, Part]]:
    """What stands between two lines, as front and back where a `---` with content on both sides
    parts them.
    """
    dashes = dashes[bisect_left(dashes, start) : bisect_left(dashes, end)]
    rules = frozenset(dashes)
    texts = [line for line in range(start, end) if lines[line].strip() and line not in rules]
    if not texts:
        return [("Back", cut(lines, start, start))]
    # One at the start or the end only separates this card from another.
    parting = next((line for line in dashes if texts[0] < line < texts[-1]), None)
    if parting is None:
        return [("Back", cut(lines, texts[0], texts[-1] + 1))]
    back = texts[bisect_left(texts, parting)]
    return [("Front", cut(lines, texts[0], parting)), ("Back", cut(lines, back, texts[-1] + 1))]


def cut(lines: Sequence[str], start: int, end: int) -> Part:
    """The lines between two, without the blank ones around them."""
    while start < end and not lines[start].strip():
        start += 1
    while start < end and not lines[end - 1].strip():
        end -= 1
    return Part("\n".join(lines[start:end]), start + 1)


def joined_parts(pieces: Sequence[Part]) -> Part:
    """Several stretches as one, with as many empty lines between them as each line needs to keep
    its place.
    """
    first, *others = [each for each in pieces if each.text] or pieces[:1]
    text = first.text
    for each in others:
        text += "\n" * (each.line - first.line - text.count("\n")) + each.text
    return Part(text, first.line)
