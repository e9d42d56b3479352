"""Cards of spaced-repetition, `question::answer`, a line `?` between question and answer, and
paragraphs with `==gaps==`; and the lines of flashcards-obsidian that look the same.

Most `::` in notes are no cards. So a file must say that it has some: by a deck tag, the key
`cards-deck` or the ids of a plug-in; or nearly every item of a list must be one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from operator import attrgetter

from ankipress.parse.shapes.deck_tags import DeckTags
from ankipress.parse.shapes.gap_styles import CURLY, has_gap, with_gaps
from ankipress.parse.shapes.pieces import CardPieces, content_of, without_blank_lines
from ankipress.parse.shapes.separated_lines import LineCard, around_lines, on_line
from ankipress.parse.shapes.shaped_file import ShapedFile, paragraph_lines
from ankipress.parse.shapes.vault_deck import deck_lines, is_for_flashcards
from ankipress.parse.shapes.vault_notes import (
    VaultNote,
    braces,
    end_with_id,
    lines_between,
    question_and_front,
)
from ankipress.syntax.tree import Content, walk

_LISTS = frozenset({"bullets", "numbers"})
_FEWEST_ITEMS = 2
_NEARLY_ALL = 0.8
_SCHEDULE = re.compile(r"(?<![ \t])[ \t]*<!--SR:.*", re.DOTALL)
_SCHEDULE_BOX = re.compile(r"\n?> \[!sr\|[^\n]*\s*(?:\n>[ \t]*)?$")
_FOOTNOTE = re.compile(r"^\[\^\d+\]:", re.MULTILINE)


def read_spaced_lines(file: ShapedFile, taken: AbstractSet[int]) -> Iterator[VaultNote]:
    """The cards of lines with separators and of paragraphs with gaps."""
    free = paragraph_lines(file) - taken - set(deck_lines(file))
    tags = DeckTags(file)
    is_for_cards = tags.is_any or file.separators.reads_all_files or is_for_flashcards(file)
    if is_for_cards:
        cards = list(_on_lines(file, free | _heading_lines(file) - taken))
    else:
        cards = list(_in_lists(file, free))
    asked = {card.line for card in cards}
    for card in _around_lines(file, free - asked):
        lines = range(card.line, card.end)
        if asked.isdisjoint(lines) and taken.isdisjoint(lines):
            asked.update(lines)
            cards.append(card)
    for card in cards:
        yield _note(file, card, tags)
    if is_for_cards:
        yield from _clozes(file, free - asked, tags)


def _heading_lines(file: ShapedFile) -> set[int]:
    headings = file.outline.headings
    return {each.start for each in headings if not each.underlined}


def _on_lines(file: ShapedFile, lines: AbstractSet[int]) -> Iterator[LineCard]:
    """The cards on some lines of a file that says that it has cards."""
    for line in sorted(lines):
        card = on_line(file, line, file.separators)
        if card:
            yield _with_id(file, card)


def _in_lists(file: ShapedFile, free: AbstractSet[int]) -> Iterator[LineCard]:
    """The cards of the lists in which nearly every item is one."""
    for items in _lists(file):
        cards: list[LineCard] = []
        for line in items:
            card = None
            if line in free:
                card = on_line(file, line, file.separators, is_strict=True)
            if card:
                cards.append(card)
        most = _NEARLY_ALL * len(items)
        if len(cards) >= max(_FEWEST_ITEMS, most):
            for card in cards:
                yield _with_id(file, card)


def _lists(file: ShapedFile) -> Iterator[Sequence[int]]:
    """The first lines of the items of each list, outside quotes."""
    outermost = [node for node in file.nodes if node.kind in _LISTS]
    for node in walk(outermost):
        if node.kind in _LISTS:
            yield [file.line_of(item.start) for item in node.children]


def _with_id(file: ShapedFile, card: LineCard) -> LineCard:
    """A card with the id that a plug-in has written below it."""
    end = end_with_id(file, card.end)
    if end == card.end:
        return card
    start, _ = card.answer
    return replace(card, end=end, answer=(start, file.offset(end)))


def _around_lines(file: ShapedFile, free: AbstractSet[int]) -> Iterator[LineCard]:
    """The cards around lines that are a separator."""
    ends = _end_markers(file)
    for mark, card in around_lines(file, sorted(free), file.separators):
        asked = _below_headings(file, card, mark)
        whole = _to_end_marker(file, asked, ends)
        yield _with_id(file, whole)


def _below_headings(
    file: ShapedFile,
    card: LineCard,
    mark: int,
) -> LineCard:
    """A card whose question begins below a heading, unless the heading asks."""
    headings = file.outline.headings
    number = bisect_right(headings, mark, key=attrgetter("end"))
    if number == 0 or headings[number - 1].end <= card.line:
        return card
    line = headings[number - 1].end
    start = file.offset(line)
    if line == mark:
        line -= 1
        text = file.body[line]
        marks = len(text) - len(text.lstrip(" \t#"))
        start = file.offset(line) + marks
    _, end = card.question
    return replace(card, line=line, question=(start, end))


def _end_markers(file: ShapedFile) -> Sequence[int]:
    """The lines that end an answer, if the vault has set what stands on them."""
    marker = file.separators.end
    if not marker:
        return ()
    lines = range(file.first_line, len(file.body))
    marked = (line for line in lines if file.body[line].strip() == marker)
    return [line for line in marked if line not in file.code_lines]


def _to_end_marker(
    file: ShapedFile,
    card: LineCard,
    ends: Sequence[int],
) -> LineCard:
    """A card whose answer goes on to the next line that ends one, if there is such a line."""
    start, _ = card.answer
    number = bisect_left(ends, file.line_of(start))
    if number == len(ends):
        return card
    line = ends[number]
    return replace(card, end=line + 1, answer=(start, file.offset(line)))


def _note(
    file: ShapedFile,
    card: LineCard,
    tags: DeckTags,
) -> VaultNote:
    written = content_of(file.text, *card.question)
    text, own_tags = tags.of_card(card.line, written)
    question, front = question_and_front(text)
    answer = content_of(file.text, *card.answer)
    attribute = ""
    if card.is_both_ways:
        attribute = "reverse"
    pieces = CardPieces(
        question,
        (front,),
        (_without_schedule(answer),),
        card.line,
        card.end,
        braces(attribute, tags=own_tags),
        is_split=True,
    )
    lines = range(card.line, card.end)
    return VaultNote(pieces, frozenset(lines))


def _without_schedule(piece: Content) -> Content:
    """A text without what the plug-in has written below it of its reviews."""
    found = _SCHEDULE.search(piece.text)
    if found is None:
        return piece
    end = found.start()
    box = _SCHEDULE_BOX.search(piece.text[:end])
    if box:
        end = box.start()
    return piece.part(0, end)


def _clozes(
    file: ShapedFile,
    free: AbstractSet[int],
    tags: DeckTags,
) -> Iterator[VaultNote]:
    """The paragraphs with gaps. Lines that hang together are one."""
    styles = list(file.separators.gaps)
    if is_for_flashcards(file):
        styles = list(dict.fromkeys((*styles, "==", CURLY)))
    has_footnotes = _FOOTNOTE.search(file.text) is not None
    for start, end in _runs(free):
        written = lines_between(file, start, end)
        piece = without_blank_lines(_without_schedule(written))
        if not has_gap(piece.text, styles):
            continue
        text, own_tags = tags.of_card(start, piece)
        hidden = with_gaps(text, styles, has_footnotes=has_footnotes)
        question, rest = question_and_front(hidden)
        attributes = braces(tags=own_tags)
        card = CardPieces(question, (), (rest,), start, end, attributes, is_split=True)
        yield VaultNote(card, frozenset(range(start, end)))


def _runs(lines: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """The first line of each run of lines without a blank one between them, and the line after."""
    start = end = -1
    for line in sorted(lines):
        if line != end:
            if start >= 0:
                yield start, end
            start = line
        end = line + 1
    if start >= 0:
        yield start, end
