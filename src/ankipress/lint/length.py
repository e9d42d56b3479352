"""Answers that are too long to be recalled at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardText, DeckText, cloze_text, deletions_by_number, prose
from ankipress.syntax.plain_text import plain_text

MOST_WORDS = 150
_HTML = re.compile(r"<[^<>]*>")
# Scripts without spaces between words. As much text as an English word takes two characters of
# Chinese, Japanese or Korean, or six letters of Thai, Lao, Burmese or Khmer.
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_WORD = re.compile(r"\w[\w'\u2019.+-]*")
_HELP = (
    "ask for less at a time in several cards, or move what need not be recalled below `### Extra`"
)


def long_answers(reading: DeckText) -> Iterator[Diagnostic]:
    """Find cards whose answer, code aside, is more than anyone recalls in one go."""
    for card in reading.cards:
        number = round(_answer_length(card))
        if number > MOST_WORDS:
            yield Diagnostic(
                "long-answer",
                card.entry.location,
                f"this answer has about {number} words, too many to recall at once",
                _HELP,
            )


def length(text: str) -> float:
    """The length of a text in English words."""
    text, dense = _DENSE.subn(" ", text)
    text, unspaced = _UNSPACED.subn(" ", text)
    return len(_WORD.findall(text)) + dense / 2 + unspaced / 6


def _answer_length(card: CardText) -> float:
    if not card.hides_back:
        return _longest_deletion(card)
    pieces = []
    for block in card.back():
        # A table in HTML is an answer like any other.
        if block.token.type == "html_block":
            pieces.append(_HTML.sub(" ", block.token.content))
        else:
            pieces.append(prose(block))
    return length(" ".join(pieces))


def _longest_deletion(card: CardText) -> float:
    """The length of all deletions of one number, for the longest. A choice hides none."""
    text = cloze_text(card.entry)
    longest = 0.0
    for hidden in deletions_by_number(text).values():
        pieces = []
        # All deletions of one number are asked for at once.
        for each in hidden:
            end = each.end if each.hint is None else each.hint
            pieces.append(text[each.inner : end])
        longest = max(longest, length(plain_text(" ".join(pieces))))
    return longest
