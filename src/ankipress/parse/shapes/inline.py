"""`inline`: `question::answer` on a line is a card, `question:::answer` is asked both ways too, and
a line `?` or `??` stands between the paragraphs of a question and an answer. In the dialect of
Obsidian, its plug-ins and Logseq say what a card is.
"""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.model import USUAL_SEPARATORS
from ankipress.parse.shapes.pieces import CardPieces, content_of, section_of
from ankipress.parse.shapes.separated_lines import separated
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile, paragraph_lines
from ankipress.syntax.dialect import OBSIDIAN


def read_inline(file: ShapedFile) -> Iterator[FoundSection]:
    """The cards of the lines with separators, and of the paragraphs around lines of separators."""
    if file.dialect == OBSIDIAN:
        # Most projects are no vault.
        from ankipress.parse.shapes.vault_cards import read_vault_cards  # noqa: PLC0415

        yield from read_vault_cards(file)
        return
    lines = sorted(paragraph_lines(file))
    end = 0
    for card in separated(file, lines, USUAL_SEPARATORS):
        if card.line < end:
            continue  # a line belongs to the first card that takes it
        end = card.end
        question = content_of(file.text, *card.question)
        answer = content_of(file.text, *card.answer)
        braces = ""
        if card.is_both_ways:
            braces = "{reverse}"
        pieces = CardPieces(question, (), (answer,), card.line, card.end, braces, is_split=True)
        yield section_of(file, pieces)
