"""Questions that only make sense beside something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Card, Reading

_WAY_OUT = "Anki shows cards in any order, each alone: name in the question what it is about"
_BELOW_WAY_OUT = (
    "put what it speaks of below the heading, and a line `---` between that and the answer"
)


class _Phrases(NamedTuple):
    """How a language refers to another card, to what stands above, and to what stands below."""

    card: re.Pattern[str]
    above: re.Pattern[str]
    below: re.Pattern[str]
    bare: frozenset[str] = frozenset()  # questions that say nothing alone


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NEVER = r"(?!)"
_ENGLISH = _Phrases(
    _any(r"\b(?:previous|preceding|prior|above|last|next) (?:question|card|flashcard)s?\b"),
    _any(
        r"\b(?:the|this|these|those|all|of) above\b(?! (?:\d|sea|average|ground|zero|water)|-)|\bsee above\b"
        r"|\b(?:mentioned|shown|seen|described|discussed|listed|defined|given|used) (?:above|earlier)\b"
        r"|\b(?:code|example|snippet|picture|image|figure|diagram|table|list|text|equation|formula|function|query) above\b"
        r"|\b(?:the|this) (?:previous|preceding) (?:example|snippet|picture|image|figure|diagram|section|chapter|exercise)s?\b"
    ),
    _any(
        r"\b(?:the|these|this) following (?:code|example|snippet|program|picture|image|figure|diagram|table|output|query)\b"
        r"|\b(?:code|example|snippet|program|picture|image|figure|diagram|table|output|query|function) below\b|\bthe below\b"
        r"|\bof the following\b"
    ),
    frozenset(
        "why;why not;how;how so;and why;and how;when;where;what else;which ones;for example".split(
            ";"
        )
    ),
)
_GERMAN = _Phrases(
    _any(r"\b(?:vorig|vorherig|vorangehend|vorangegangen|letzt|nächst)e[nrs]? (?:frage|karte|aufgabe)n?\b"),
    _any(r"\b(?:obige[nrms]?|obenstehende[nrms]?|obengenannte[nrms]?)\b|\b(?:siehe|wie) oben\b"
         r"|\boben (?:genannt|gezeigt|beschrieben|erwähnt|aufgeführt|stehend|angegeben)\w*"
         r"|\b(?:code|beispiel|bild|abbildung|tabelle|grafik|text|formel|funktion) oben\b"),
    _any(r"\bfolgende[nrms]? (?:code|beispiel|programm|bild|abbildung|tabelle|grafik|ausgabe|funktion|abfrage)\b"
         r"|\b(?:code|beispiel|programm|bild|abbildung|tabelle|grafik|funktion) unten\b"),
    frozenset("warum;wieso;weshalb;warum nicht;wie;und warum;und wie;wann;wo;zum beispiel".split(";")),
)  # fmt: skip
_FRENCH = _Phrases(
    _any(r"\b(?:question|carte) précédente\b"),
    _any(r"\bci-dessus\b"),
    _any(r"\bci-dessous\b"),
    frozenset(["pourquoi"]),
)
_SPANISH = _Phrases(
    _any(r"\b(?:pregunta|tarjeta) anterior\b"),
    _any(r"\b(?:de|más) arriba\b"),
    _any(_NEVER),
    frozenset(["por qué"]),
)
_EAST_ASIAN = _Phrases(
    _any(r"(?:이전|앞의|앞선|위의) ?(?:질문|문제|카드)|前の(?:質問|問題|カード)|[上前]一[题題]"),
    _any(r"(?:^|\s)위의? ?(?:코드|예제|예시|그림|표|함수)|上記の|上述|上面的"),
    _any(
        r"다음 (?:코드|예제|그림|표|함수)|아래의? ?(?:코드|예제|그림|표|함수)|次のコード|以下のコード|下面的代[码碼]|以下代[码碼]"
    ),
    frozenset(["왜", "왜요", "なぜ", "为什么", "為什麼"]),
)
_LANGUAGES: Mapping[str, _Phrases] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "": _EAST_ASIAN,
}
# What the question itself brings along: something behind a colon, or code or mathematics right
# behind the phrase.
_BROUGHT = re.compile(r"\s*(?:[`$]|\w+\()|.*[:\uff1a]", re.DOTALL)


def needs_context(reading: Reading) -> Iterator[Diagnostic]:
    """Questions that speak of another card, of what stands above them, or of something below that
    the front does not show.
    """
    for card in reading.cards:
        for language, phrases in _LANGUAGES.items():
            if not (card.language and language and card.language != language) and (
                found := _advice(card, phrases)
            ):
                yield found
                break


def _advice(card: Card, phrases: _Phrases) -> Diagnostic | None:
    question = card.question
    if found := phrases.card.search(card.front):
        return _diagnostic(
            card,
            found[0],
            f'"{found[0].strip()}" is another card, which a learner may not have seen',
        )
    if found := phrases.above.search(question):
        return _diagnostic(
            card, found[0], f'"{found[0].strip()}" means something that this card does not show'
        )
    alone = not card.entry.part("Front") and card.answers_below
    if alone and question.strip(" ?!.…？。").casefold() in phrases.bare:
        return _diagnostic(card, question, "this question says nothing when it stands alone")
    found = phrases.below.search(question) if alone else None
    if found and not _BROUGHT.match(
        card.entry.heading, card.entry.heading.find(found[0]) + len(found[0])
    ):
        message = f'"{found[0].strip()}" stands in the answer, where a learner sees it too late'
        return Diagnostic(
            "needs-context", card.in_question(found[0].strip()), message, _BELOW_WAY_OUT
        )
    return None


def _diagnostic(card: Card, words: str, message: str) -> Diagnostic:
    return Diagnostic("needs-context", card.in_question(words.strip()), message, _WAY_OUT)
