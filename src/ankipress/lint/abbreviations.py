"""Abbreviations that no card of their deck spells out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.lint.card_text import CardText, DeckText, Words, heading_words, words_of
from ankipress.syntax.tree import Kind

# Capital letters by themselves: no parts of names, paths, addresses or tags.
_ABBREVIATION = re.compile(r"(?<![\w.\-/&@#'\u2019])([A-Z]{3,6})s?(?![\w\-/&@'(]|\.\w)")
# Three words in capitals or more are emphasis.
_SHOUTED = re.compile(r"\b[A-Z]{2,}(?:[\s,;:!?]+[A-Z]{2,}\b){2,}")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NO_PROSE: Sequence[Kind] = ("code_span", "math", "math_block")
_WORDS = re.compile(r"[^\W\d_]+")
_SMALL_WORDS = frozenset(
    "of the and for in to a an on by with as at or von der die das und für im in zu".split()
)
# Who learns from cards on a computer knows these; most are words by now.
_KNOWN = frozenset(
    """
    API APIS ASCII BIOS CEO CLI CPU CSS CSV DIY DNA DNS DOM DVD EOF EU FAQ FTP GIF GMT GPS GPU GUI
    HDMI HTML HTTP HTTPS IDE ISBN ISO JPEG JPG JSON LED MIT NASA NATO NOT NULL PDF PHP PIN PNG RAM
    REST RGB RNA ROM SMS SQL SSD SSH SSL SVG TCP TLS TODO TV UDP UNESCO UNICEF URI URL URLS USA USB
    UTC UTF WWW XHTML XML YAML ZIP COVID AIDS HIV GDP ATM VIP LASER RADAR SIM WLAN ADAC BRD DDR
    AJAX AKA ASAP CDN CEST CET EUR FYI GBP IMHO IOS LOL LTD OMG TBD UFO USD WIFI
    README NOTE TIP IMPORTANT WARNING CAUTION
    AND THE FOR NEW OLD YES ALL ANY TRUE FALSE NONE NAN UND ODER NICHT
    GET POST PUT HEAD PATCH DELETE SELECT FROM WHERE JOIN
    """.split()
)
_HELP = "write it out once in this deck, as in `convolutional neural network (CNN)`"


def unexplained_abbreviations(reading: DeckText) -> Iterator[Diagnostic]:
    """Find the first use in each deck of an abbreviation that nothing in the deck explains."""
    decks: dict[str, list[CardText]] = defaultdict(list)
    for card in reading.cards:
        decks[card.entry.deck].append(card)
    for deck, cards in decks.items():
        yield from _check_deck(deck, cards)


def _check_deck(deck: str, cards: Sequence[CardText]) -> Iterator[Diagnostic]:
    texts: list[str] = []
    first_uses: dict[str, Location] = {}
    for card in cards:
        lines = list(_lines(card))
        texts.append("\n".join(line.text for line in lines))
        for line in lines:
            for found in _abbreviations(line.text):
                if found[1] not in first_uses:
                    first_uses[found[1]] = line.place(*found.span(1))
    if not first_uses:
        return
    # A word that is also written small is no abbreviation, as in "NEVER".
    words = [word for text in texts for word in _WORDS.findall(text)]
    # The initials of a phrase anywhere in the deck explain it, too.
    initials = _initials(words)
    known = frozenset(words)
    for word, place in first_uses.items():
        if word.lower() in known or word.capitalize() in known or word in deck:
            continue
        if any(word in each for each in initials) or _is_explained(word, texts):
            continue
        yield Diagnostic(
            "unexplained-abbreviation",
            place,
            f"{word} is spelled out nowhere in this deck",
            _HELP,
        )


def _lines(card: CardText) -> Iterator[Words]:
    """What a card says, code and mathematics aside, a line for each paragraph."""
    # The heading comes first, as on the card.
    yield heading_words(card, *_NO_PROSE)
    for _, tree in card.trees.parts():
        yield from words_of(tree, *_NO_PROSE)


def _abbreviations(line: str) -> Iterator[re.Match[str]]:
    for found in _ABBREVIATION.finditer(_SHOUTED.sub(_blanks, line)):
        if found[1] not in _KNOWN and not _ROMAN.fullmatch(found[1]):
            yield found


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _is_explained(word: str, texts: Sequence[str]) -> bool:
    """Whether one of the texts that hold an abbreviation says what it stands for."""
    explanation = re.compile(
        # convolutional neural network (CNN)
        rf"\(\s*{word}s?\s*[),;:]"
        # CNN (convolutional neural network)
        rf"|\b{word}s?\s*\(\s*"
        r"(?:[^()\s]{1,40}[\s-]{1,3}[^()]{1,200}|[^\x00-\x7f][^()]{0,200})\)"
        # CNN stands for convolutional neural network
        rf"|\b{word}s?,?\s+"
        r"(?:stands for|is short for|short for|means|is an?|is the|ist eine?|steht für|bedeutet)\b"
        # abbreviated as CNN
        r"|(?:abbreviated(?: as| to)?|abgekürzt|kurz:?|short:?|called|acronym)"
        rf"\s+[\"'\u201c`]?{word}\b"
    )
    for text in texts:
        if word not in text:
            continue
        if explanation.search(text):
            return True
        if any(word.lower() in each.lower() for each in _initials(_WORDS.findall(text))):
            return True
    return False


def _initials(words: Sequence[str]) -> tuple[str, str]:
    """The first letters of all words but abbreviations, with the small words and without them."""
    spelled_out = [word for word in words if len(word) == 1 or not word.isupper()]
    important = [word for word in spelled_out if word not in _SMALL_WORDS]
    return _first_letters(spelled_out), _first_letters(important)


def _first_letters(words: Sequence[str]) -> str:
    return "".join([word[0] for word in words])
