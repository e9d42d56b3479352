"""Questions that can be answered by yes or no, and so by a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Card, Reading
from ankipress.syntax.plain_text import plain_text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class _Language(NamedTuple):
    """How yes/no questions of a language begin, words that only this language has, and words that
    ask for more.
    """

    beginnings: frozenset[str]
    markers: frozenset[str]
    more: frozenset[str]


_LANGUAGES: Mapping[str, _Language] = {
    "en": _Language(
        _words(
            "is are was were do does did can could should would will has have had may must isn't aren't doesn't don't can't"
        ),
        _words(
            "the a an of to it this that these those there you we i they be with for any all by your as"
        ),
        _words("or why how what which who whose where when explain describe give name list"),
    ),
    "de": _Language(
        _words(
            "ist sind war waren hat haben hatte kann können könnte darf dürfen muss müssen soll sollte sollten wird werden gibt"
        ),
        _words(
            "der die das den dem des ein eine einen einem einer es man er sie wir ihr und im zu auch nicht"
        ),
        _words(
            "oder warum wieso weshalb wie was welche welcher welches welchen wer wo wann erkläre begründe nenne beschreibe"
        ),
    ),
}
_ANSWER = re.compile(
    r"(?:yes|no|nope|ja|nein|nee|nej|oui|non|sí|si|sì|sim|não|tak|nie|да|нет|네|예|아니오|아니요|아뇨|はい|いいえ|是的|不是)"
    r"(?=\s*(?:[,.;:!。、，—–]|-\s|$))",
    re.IGNORECASE,
)
_TRUE_OR_FALSE = re.compile(
    r"\W*(?:true or false|richtig oder falsch|wahr oder falsch|vrai ou faux|verdadero o falso)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_][\w'\u2019-]*")
_WAY_OUT = "ask for the reason, the condition or the difference: why, when, what"


def yes_no_questions(reading: Reading) -> Iterator[Diagnostic]:
    """Questions of which half the answer is a guess."""
    for card in reading.cards:
        if card.entry.kind == "basic" and not card.entry.attributes.typed and _is_guessed(card):
            message = (
                "this question can be answered by yes or no, so half of the answers are guesses"
            )
            yield Diagnostic("yes-no-question", card.entry.location, message, _WAY_OUT)


def _is_guessed(card: Card) -> bool:
    question = re.split(r"(?<=[.!:;])\s", card.question)[-1]  # "Suppose that …. Is it …?"
    if _TRUE_OR_FALSE.match(card.question):
        return True
    if (
        not question.rstrip(" )\"'").endswith(("?", "\uff1f", "까", "か"))
        or question.count("?") > 1
    ):
        return False
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(question)]
    if any(words and set(words) & each.more for each in _LANGUAGES.values()):
        return False
    return _says_yes_or_no(card) or any(
        card.language in {"", code}
        and words[:1]
        and words[0] in each.beginnings
        and not each.markers.isdisjoint(words[1:])
        for code, each in _LANGUAGES.items()
    )


def _says_yes_or_no(card: Card) -> bool:
    return _ANSWER.match(plain_text(card.entry.part("Back")[:200])) is not None
