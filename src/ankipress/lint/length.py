"""Answers that are too long to be recalled at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import (
    CardText,
    DeckText,
    Hidden,
    cloze_trees,
    deletions_by_number,
    words_of,
)
from ankipress.syntax.plain_text import plain_text

MOST_WORDS = 150
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
    back = card.trees.part("Back")
    return length(" ".join(words.text for words in words_of(back)))


def _longest_deletion(card: CardText) -> float:
    """The length of all deletions of one number, for the longest. A choice hides none."""
    longest = 0.0
    for hidden in deletions_by_number(cloze_trees(card)).values():
        # All deletions of one number are asked for at once.
        text = " ".join(map(_hidden_text, hidden))
        longest = max(longest, length(plain_text(text)))
    return longest


def _hidden_text(hidden: Hidden) -> str:
    """What a deletion hides, as Markdown."""
    deletion = hidden.deletion
    return hidden.tree.part.text[deletion.inner : deletion.text_end]
