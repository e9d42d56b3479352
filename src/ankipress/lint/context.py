"""Questions that only make sense together with something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import CardText, DeckText, Words, heading_words, words_of

_HELP = "Anki shows cards in any order, each alone: name in the question what it is about"
_HELP_BELOW = (
    "put what it speaks of below the heading, and a line `---` between that and the answer"
)


class _Phrases(NamedTuple):
    """How a language refers to another card, to what stands above, and to what stands below."""

    card: re.Pattern[str]
    above: re.Pattern[str]
    below: re.Pattern[str]
    bare: frozenset[str] = frozenset()  # questions that say nothing alone


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# A pattern that matches nothing, for a language without such a phrase.
_NEVER = r"(?!)"
_ENGLISH = _Phrases(
    _any(r"\b(?:previous|preceding|prior|above|last|next) (?:question|card|flashcard)s?\b"),
    _any(
        r"\b(?:the|this|these|those|all|of) above\b"
        r"(?! (?:\d|sea|average|ground|zero|water)|-)",
        r"\bsee above\b",
        r"\b(?:mentioned|shown|seen|described|discussed|listed|defined|given|used)"
        r" (?:above|earlier)\b",
        r"\b(?:code|example|snippet|picture|image|figure|diagram|table|list|text|equation"
        r"|formula|function|query) above\b",
        r"\b(?:the|this) (?:previous|preceding)"
        r" (?:example|snippet|picture|image|figure|diagram|section|chapter|exercise)s?\b",
    ),
    _any(
        r"\b(?:the|these|this) following"
        r" (?:code|example|snippet|program|picture|image|figure|diagram|table|output|query)\b",
        r"\b(?:code|example|snippet|program|picture|image|figure|diagram|table|output|query"
        r"|function) below\b",
        r"\bthe below\b",
        r"\bof the following\b",
    ),
    frozenset(
        "why;why not;how;how so;and why;and how;when;where;what else;which ones;for example".split(
            ";"
        )
    ),
)
_GERMAN = _Phrases(
    _any(
        r"\b(?:vorig|vorherig|vorangehend|vorangegangen|letzt|nächst)e[nrs]?"
        r" (?:frage|karte|aufgabe)n?\b"
    ),
    _any(
        r"\b(?:obige[nrms]?|obenstehende[nrms]?|obengenannte[nrms]?)\b",
        r"\b(?:siehe|wie) oben\b",
        r"\boben (?:genannt|gezeigt|beschrieben|erwähnt|aufgeführt|stehend|angegeben)\w*",
        r"\b(?:code|beispiel|bild|abbildung|tabelle|grafik|text|formel|funktion) oben\b",
    ),
    _any(
        r"\bfolgende[nrms]?"
        r" (?:code|beispiel|programm|bild|abbildung|tabelle|grafik|ausgabe|funktion|abfrage)\b",
        r"\b(?:code|beispiel|programm|bild|abbildung|tabelle|grafik|funktion) unten\b",
    ),
    frozenset(
        "warum;wieso;weshalb;warum nicht;wie;und warum;und wie;wann;wo;zum beispiel".split(";")
    ),
)
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
    _any(
        r"(?:이전|앞의|앞선|위의) ?(?:질문|문제|카드)", "前の(?:質問|問題|カード)", "[上前]一[题題]"
    ),
    _any(r"(?:^|\s)위의? ?(?:코드|예제|예시|그림|표|함수)", "上記の|上述|上面的"),
    _any(
        "다음 (?:코드|예제|그림|표|함수)",
        "아래의? ?(?:코드|예제|그림|표|함수)",
        "次のコード|以下のコード|下面的代[码碼]|以下代[码碼]",
    ),
    frozenset(["왜", "왜요", "なぜ", "为什么", "為什麼"]),
)
_LANGUAGES: Mapping[str, _Phrases] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "": _EAST_ASIAN,  # Korean, Japanese and Chinese, whatever language the author names
}
# What follows the phrase where the question itself shows what it means: code, mathematics, or
# something after a colon.
_SHOWN_IN_QUESTION = re.compile(r"\s*(?:[`$]|\w+\()|.*[:\uff1a]", re.DOTALL)


def needs_context(reading: DeckText) -> Iterator[Diagnostic]:
    """Find questions that speak of another card, or of something that their front does not show."""
    for card in reading.cards:
        for language, phrases in _LANGUAGES.items():
            if card.language and language not in {"", card.language}:
                continue
            problem = _problem(card, phrases)
            if problem:
                yield problem
                break


def _problem(card: CardText, phrases: _Phrases) -> Diagnostic | None:
    heading = heading_words(card)
    # The whole front is read: what stands below the heading may speak of another card, too.
    for words in (heading, *words_of(card.below)):
        found = phrases.card.search(words.text)
        if found:
            message = f'"{_words(found)}" is another card, which a learner may not have seen'
            return _diagnostic(words, found, message, _HELP)
    found = phrases.above.search(heading.text)
    if found:
        message = f'"{_words(found)}" means something that this card does not show'
        return _diagnostic(heading, found, message, _HELP)
    # What stands below the heading of other cards is shown with the question.
    if card.entry.part("Front") or not card.hides_back:
        return None
    if card.question.strip(" ?!.…？。").casefold() in phrases.bare:
        message = "this question says nothing when it stands alone"
        whole = re.search(r"\S.*\S|\S", heading.text)
        place = card.entry.location
        if whole:
            place = heading.place(*whole.span())
        return Diagnostic("needs-context", place, message, _HELP)
    found = phrases.below.search(heading.text)
    if found and not _is_shown(heading, found):
        message = f'"{_words(found)}" stands in the answer, where a learner sees it too late'
        return _diagnostic(heading, found, message, _HELP_BELOW)
    return None


def _words(found: re.Match[str]) -> str:
    return found[0].strip()


def _diagnostic(
    words: Words,
    found: re.Match[str],
    message: str,
    help: str,
) -> Diagnostic:
    start = found.start() + len(found[0]) - len(found[0].lstrip())
    place = words.place(start, start + len(_words(found)))
    return Diagnostic("needs-context", place, message, help)


def _is_shown(heading: Words, found: re.Match[str]) -> bool:
    end = heading.content.span(*found.span()).end
    return _SHOWN_IN_QUESTION.match(heading.tree.part.text, end) is not None
