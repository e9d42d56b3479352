"""Options that begin with letters in their order, `A.`, `B)`: as items, lines or paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ankipress.syntax.choice_lines import line_ranges
from ankipress.syntax.choice_options import (
    MOST_CANDIDATES,
    TAGS,
    Option,
    Options,
    cut_answer,
    label_of,
    label_of_blocks,
    line_text,
    part_of_paragraph,
    task_option,
)
from ankipress.syntax.choice_words import ALPHABETS, end_of_naming
from ankipress.syntax.tree import Node, Span

_BY_FIRST = {letters[0]: letters for letters in ALPHABETS}
_WALLS = frozenset({"heading", "html_block", "rule"})


@dataclass(slots=True)
class _OptionPiece:
    """Blocks of a card that are one option, or none: a block, an item, or lines of a paragraph.

    `block` is the number of the block, `lines` the numbers of the nodes of a paragraph.
    """

    block: int
    blocks: list[Node]
    source: Span
    label: str = ""
    box: str = ""
    tag: str = "ul"
    is_answer: bool = False
    lines: range | None = None


def labelled_options(nodes: Sequence[Node], text: str) -> Iterator[Options]:
    """Options that begin with letters in their order, the last ones first."""
    found: list[_OptionPiece] = []
    for number, node in enumerate(nodes):
        found += _pieces_of(number, node, text)
    runs: list[list[int]] = []
    for start, piece in enumerate(found):
        alphabet = _BY_FIRST.get(piece.label, "")
        run = _run(found, start, alphabet)
        if len(run) > 1:
            runs.append(run)
    for run in runs[: -MOST_CANDIDATES - 1 : -1]:
        yield _options(nodes, found, run, text)


def _run(
    found: Sequence[_OptionPiece],
    start: int,
    alphabet: str,
) -> list[int]:
    """The numbers of the pieces from one on that begin with letters of an alphabet, in order."""
    run: list[int] = []
    if not alphabet:
        return run
    for number in range(start, len(found)):
        piece = found[number]
        if len(run) < len(alphabet) and piece.label == alphabet[len(run)]:
            run.append(number)
        elif piece.label or piece.is_answer or piece.blocks[0].kind in _WALLS:
            break
    return run


def _options(
    nodes: Sequence[Node],
    found: Sequence[_OptionPiece],
    run: Sequence[int],
    text: str,
) -> Options:
    """Options that begin with pieces, the numbers of which are given. What stands between two of
    them belongs to the one above.
    """
    ends = [*run[1:], run[-1] + 1]
    has_code = any(after - number > 1 for number, after in pairwise(run))
    while has_code and ends[-1] < len(found) and _is_code(found[ends[-1]]):
        ends[-1] += 1
    options = []
    for number, end in zip(run, ends, strict=True):
        first = found[number]
        blocks = _blocks(found[number:end])
        options.append(Option(blocks, first.source, first.label, first.box))
    first, last = found[run[0]], found[ends[-1] - 1]
    lead = [each for each in found[: run[0]] if each.block == first.block]
    rest = [each for each in found[ends[-1] :] if each.block == last.block]
    before = [*nodes[: first.block], *_joined(nodes, lead, text)]
    after = cut_answer(options[-1].blocks, text)
    after += [*_joined(nodes, rest, text), *nodes[last.block + 1 :]]
    source = Span(options[0].source.start, options[-1].source.end)
    return Options(before, options, after, first.tag, source)


def _blocks(found: Sequence[_OptionPiece]) -> list[Node]:
    return [node for piece in found for node in piece.blocks]


def _joined(
    nodes: Sequence[Node],
    found: Sequence[_OptionPiece],
    text: str,
) -> list[Node]:
    """The blocks of some pieces of one block. Lines of a paragraph are one paragraph again."""
    if not found:
        return []
    first, last = found[0].lines, found[-1].lines
    if first is None or last is None:
        return _blocks(found)
    return [part_of_paragraph(nodes[found[0].block], first.start, last.stop, text)]


def _is_code(piece: _OptionPiece) -> bool:
    return all(node.kind == "code" for node in piece.blocks)


def _pieces_of(
    number: int,
    node: Node,
    text: str,
) -> Iterator[_OptionPiece]:
    """A block as one piece, or a piece for each item or line that begins with a letter."""
    if node.kind in TAGS:
        options = [task_option(item) for item in node.children]
        labels = [label_of_blocks(each.blocks) for each in options]
        if all(labels):
            for each, label in zip(options, labels, strict=True):
                yield _OptionPiece(
                    number,
                    each.blocks,
                    each.source,
                    label,
                    each.box,
                    TAGS[node.kind],
                )
            return
    elif node.kind == "paragraph":
        yield from _pieces_of_paragraph(number, node, text)
        return
    yield _OptionPiece(number, [node], node.span)


def _pieces_of_paragraph(
    number: int,
    node: Node,
    text: str,
) -> Iterator[_OptionPiece]:
    """What stands above the first line that begins with a letter, and a piece for each such line
    with the lines below it.
    """
    label = ""
    labels: list[str] = []
    starts: list[int] = []
    for line in line_ranges(node.children):
        words = line_text(node, line)
        own, _ = label_of(words)
        is_end = label != "" and end_of_naming(words) > 0
        if own or is_end or not starts:
            starts.append(line.start)
            labels.append(own)
        label = own or label
        if is_end:
            break
    if not label:
        yield _OptionPiece(number, [node], node.span)
        return
    ends = (*starts[1:], len(node.children))
    for start, end, own in zip(starts, ends, labels, strict=True):
        part = part_of_paragraph(node, start, end, text)
        piece = _OptionPiece(number, [part], part.span, own, lines=range(start, end))
        piece.is_answer = start == starts[-1] and not own
        yield piece
