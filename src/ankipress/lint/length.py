"""Answers that are too long to be recalled at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Card, Reading, prose
from ankipress.lint.cloze_deletions import deletions
from ankipress.syntax.plain_text import plain_text

MOST_WORDS = 150
_HTML = re.compile(r"<[^<>]*>")
# Scripts in which spaces do not part words, and how many characters make about as much text as an
# English word: Chinese characters, kana and Korean syllables; the letters of Thai, Lao, Burmese and
# Khmer.
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_WORD = re.compile(r"\w[\w'\u2019.+-]*")
_WAY_OUT = (
    "ask for less at a time in several cards, or move what need not be recalled below `### Extra`"
)


def long_answers(reading: Reading) -> Iterator[Diagnostic]:
    """Cards whose answer, code aside, is more than anyone recalls in one go."""
    for card in reading.cards:
        number = round(_answer(card) if card.answers_below else _hidden(card))
        if number > MOST_WORDS:
            message = f"this answer has about {number} words, too many to recall at once"
            yield Diagnostic("long-answer", card.entry.location, message, _WAY_OUT)


def length(text: str) -> float:
    """How long a text is, in English words; two characters of Chinese, Japanese or Korean count as
    one.
    """
    dense, unspaced = len(_DENSE.findall(text)), len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", _DENSE.sub(" ", text)) if dense or unspaced else text
    return len(_WORD.findall(spaced)) + dense / 2 + unspaced / 6


def _answer(card: Card) -> float:
    html = (
        _HTML.sub(" ", each.token.content)
        for each in card.of("Back")
        if each.token.type == "html_block"
    )
    return length(" ".join((*map(prose, card.of("Back")), *html)))


def _hidden(card: Card) -> float:
    """The longest that a learner of a cloze card must recall: all deletions of one number. A choice
    hides none.
    """
    texts: dict[int, list[str]] = {}
    for each in deletions(card.entry):
        for number in each.numbers:
            texts.setdefault(number, []).append(each.text)
    return max((length(plain_text(" ".join(found))) for found in texts.values()), default=0)
