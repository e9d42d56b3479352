"""Questions that can be answered by yes or no, and so by a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardText, DeckText
from ankipress.syntax.plain_text import plain


class _Language(NamedTuple):
    """How a language asks: how yes/no questions begin, words that no other language has, and words
    that ask for more than yes or no.
    """

    beginnings: frozenset[str]
    markers: frozenset[str]
    more: frozenset[str]


def _language(
    beginnings: str,
    markers: str,
    more: str,
) -> _Language:
    return _Language(
        frozenset(beginnings.split()),
        frozenset(markers.split()),
        frozenset(more.split()),
    )


_LANGUAGES: Mapping[str, _Language] = {
    "en": _language(
        """is are was were do does did can could should would will has have had may must
        isn't aren't doesn't don't can't""",
        """the a an of to it this that these those there you we i they be with for any all by
        your as""",
        "or why how what which who whose where when explain describe give name list",
    ),
    "de": _language(
        """ist sind war waren hat haben hatte kann können könnte darf dürfen muss müssen soll
        sollte sollten wird werden gibt""",
        """der die das den dem des ein eine einen einem einer es man er sie wir ihr und im zu
        auch nicht""",
        """oder warum wieso weshalb wie was welche welcher welches welchen wer wo wann erkläre
        begründe nenne beschreibe""",
    ),
}
_ANY_MORE = frozenset[str]().union(*(language.more for language in _LANGUAGES.values()))
_ANSWER = re.compile(
    "(?:yes|no|nope|ja|nein|nee|nej|oui|non|sí|si|sì|sim|não|tak|nie|да|нет|네|예|아니오|아니요|아뇨"
    "|はい|いいえ|是的|不是)"
    r"(?=\s*(?:[,.;:!。、，—–]|-\s|$))",
    re.IGNORECASE,
)
_TRUE_OR_FALSE = re.compile(
    r"\W*(?:true or false|richtig oder falsch|wahr oder falsch|vrai ou faux|verdadero o falso)\b",
    re.IGNORECASE,
)
_QUESTION_ENDS = ("?", "\uff1f", "까", "か")
_WORD = re.compile(r"[^\W_][\w'\u2019-]*")
_HELP = "ask for the reason, the condition or the difference: why, when, what"


def yes_no_questions(reading: DeckText) -> Iterator[Diagnostic]:
    """Find questions to which a guess is right every other time."""
    for card in reading.cards:
        entry = card.entry
        if entry.kind != "basic" or entry.attributes.typed:
            continue
        if _can_be_guessed(card):
            yield Diagnostic(
                "yes-no-question",
                entry.location,
                "this question can be answered by yes or no, so half of the answers are guesses",
                _HELP,
            )


def _can_be_guessed(card: CardText) -> bool:
    if _TRUE_OR_FALSE.match(card.question):
        return True
    question = re.split(r"(?<=[.!:;])\s", card.question)[-1]  # "Suppose that …. Is it …?"
    # Two questions in a row ask for more than yes or no.
    if question.count("?") > 1 or not question.rstrip(" )\"'").endswith(_QUESTION_ENDS):
        return False
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(question)]
    if not _ANY_MORE.isdisjoint(words):
        return False
    answer = plain(card.trees.part("Back").tree)
    return _ANSWER.match(answer) is not None or _begins_as_yes_no(words, card.language)


def _begins_as_yes_no(words: list[str], card_language: str) -> bool:
    for code, language in _LANGUAGES.items():
        if card_language not in {"", code} or not words:
            continue
        # Some beginnings are words of both languages, so another word must tell which one it is.
        if words[0] in language.beginnings and not language.markers.isdisjoint(words[1:]):
            return True
    return False
