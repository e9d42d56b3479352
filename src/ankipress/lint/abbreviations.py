"""Abbreviations that no card of their deck spells out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.lint.card_text import Card, Reading, prose

_ABBREVIATION = re.compile(r"(?<![\w.\-/&@#'\u2019])([A-Z]{3,6})(s?)(?![\w\-/&@'(]|\.\w)")
_SHOUTED = re.compile(r"\b[A-Z]{2,}(?:[\s,;:!?]+[A-Z]{2,}\b){2,}")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_CODE = re.compile(r"`+[^`]*`+")
_WORDS = re.compile(r"[^\W\d_]+")
_JOINTS = frozenset(
    "of the and for in to a an on by with as at or von der die das und für im in zu".split()
)
_WAY_OUT = "write it out once in this deck, as in `convolutional neural network (CNN)`"
# Who learns from cards on a computer knows these; most are words by now.
_KNOWN = frozenset(
    """
    API APIS ASCII BIOS CEO CLI CPU CSS CSV DIY DNA DNS DOM DVD EOF EU FAQ FTP GIF GMT GPS GPU GUI HDMI HTML HTTP HTTPS IDE ISBN
    ISO JPEG JPG JSON LED MIT NASA NATO NOT NULL PDF PHP PIN PNG RAM REST RGB RNA ROM SMS SQL SSD SSH SSL SVG TCP TLS TODO TV UDP
    UNESCO UNICEF URI URL URLS USA USB UTC UTF WWW XHTML XML YAML ZIP COVID AIDS HIV GDP ATM VIP LASER RADAR SIM WLAN ADAC BRD DDR
    AJAX AKA ASAP CDN CEST CET EUR FYI GBP IMHO IOS LOL LTD OMG TBD UFO USD WIFI
    README NOTE TIP IMPORTANT WARNING CAUTION
    AND THE FOR NEW OLD YES ALL ANY TRUE FALSE NONE NAN UND ODER NICHT GET POST PUT HEAD PATCH DELETE SELECT FROM WHERE JOIN
""".split()
)


def unexplained_abbreviations(reading: Reading) -> Iterator[Diagnostic]:
    """The first use in each deck of an abbreviation that nothing in the deck explains."""
    decks: dict[str, list[Card]] = defaultdict(list)
    for card in reading.cards:
        decks[card.entry.deck].append(card)
    for deck, cards in decks.items():
        yield from _of_deck(deck, cards)


def _of_deck(deck: str, cards: Sequence[Card]) -> Iterator[Diagnostic]:
    texts = {id(card): _text(card) for card in cards}
    uses: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        for word in dict.fromkeys(_abbreviations(texts[id(card)])):
            uses[word].append(card)
    if not uses:
        return
    found = [each for text in texts.values() for each in _WORDS.findall(text)]
    words, capitals = frozenset(found), tuple(_initials(found))
    for word, users in uses.items():
        if (
            word.lower() in words
            or word.capitalize() in words
            or word in deck
            or any(word in each for each in capitals)
        ):
            continue
        if not _is_explained(word, [text for text in texts.values() if word in text]):
            message = f"{word} is spelled out nowhere in this deck"
            yield Diagnostic("unexplained-abbreviation", _place(users[0], word), message, _WAY_OUT)


def _text(card: Card) -> str:
    """What a card says, code aside, a line for each paragraph."""
    return "\n".join(
        (_CODE.sub(" ", card.entry.heading), *(prose(each, code=False) for each in card.blocks))
    )


def _abbreviations(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        for found in _ABBREVIATION.finditer(_SHOUTED.sub(" ", line)):
            if found[1] not in _KNOWN and not _ROMAN.fullmatch(found[1]):
                yield found[1]


def _is_explained(word: str, texts: Sequence[str]) -> bool:
    """Whether one of the texts that hold an abbreviation says what it stands for."""
    beside = (
        rf"\(\s*{word}s?\s*[),;:]"  # convolutional neural network (CNN)
        # CNN (convolutional neural network)
        rf"|\b{word}s?\s*\(\s*(?:[^()\s]{{1,40}}[\s-]{{1,3}}[^()]{{1,200}}|[^\x00-\x7f][^()]{{0,200}})\)"
        rf"|\b{word}s?,?\s+(?:stands for|is short for|short for|means|is an?|is the|ist eine?|steht für|bedeutet)\b"
        rf"|(?:abbreviated(?: as| to)?|abgekürzt|kurz:?|short:?|called|acronym)\s+[\"'\u201c`]?{word}\b"
    )
    return any(
        re.search(beside, text)
        or any(word.lower() in each.lower() for each in _initials(_WORDS.findall(text)))
        for text in texts
    )


def _initials(words: Sequence[str]) -> Iterator[str]:
    """The first letters of some words, abbreviations aside; of all of them, and of those that are
    not small.
    """
    found = [each for each in words if not (each.isupper() and len(each) > 1)]
    yield "".join(each[0] for each in found)
    yield "".join(each[0] for each in found if each not in _JOINTS)


def _place(card: Card, word: str) -> Location:
    heading = card.entry.location.line
    if word in card.question:
        return card.place(heading, word)
    for block in card.blocks:
        if block.token.type == "inline" and word in prose(block):
            return card.place(block.start, word, block.end)
    return card.entry.location
