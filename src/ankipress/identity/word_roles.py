"""The words of a plain text, with the part that each plays in its meaning."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from ankipress.identity.vocabulary import COMMANDS, CONTRACTED, NEGATIONS, STOPS


class Kind(IntEnum):
    """What a word does; everything from NUMBER on changes the meaning when it changes."""

    STOP = 0
    WORD = 1
    NUMBER = 2
    NAME = 3  # an identifier: useState, LD_LIBRARY_PATH, v4
    SYMBOL = 4  # an operator, a relation, a LaTeX command
    LETTER = 5  # x, or the i that is not I
    NEGATION = 6


class Word(NamedTuple):
    """A word as matching compares it: its key has no case, save where case carries meaning."""

    key: str
    kind: Kind


_WORDS = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*(?!\w))|(?P<word>\w+(?:['\u2019]\w+)*)|(?P<command>\\[A-Za-z]+)|(?P<symbol>[^\w\s])"
)
_MATHS = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)|(?P<command>\\[A-Za-z]+)|\\.|(?P<word>[^\W\d_])|(?P<symbol>[^\w\s{}$])|\w"
)
_SPANS = re.compile(r"(\$\$?[^$]+\$\$?|\\[(\[][^\\]*(?:\\[^()\[\]][^\\]*)*\\[)\]])")
_MIXED = re.compile(
    r"[\uac00-\ud7a3]+|[^\W\d\uac00-\ud7a3]+|\d+"
)  # Korean joins its particles to Latin letters and to numbers
_PLAIN_PUNCTUATION = frozenset(
    ".,;:?\"'`()[]{}\\$|"
    "\u00b4\u00ab\u00bb\u00b7\u00bf\u00a1\u00b6\u00a7\u2013\u2014\u2026\u2022\uff02"
)
_PLAIN_PUNCTUATION |= frozenset(
    map(
        chr,
        [
            *range(0x2018, 0x2020),
            0x2039,
            0x203A,
            *range(0x3001, 0x3003),
            *range(0x3008, 0x3012),
            0x30FB,
        ],
    )
)
_PLAIN_PUNCTUATION |= frozenset(map(chr, [0xFF01, 0xFF08, 0xFF09, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F]))
_LOOSE_SIGNS = frozenset("-/!*&_#~@<>=|")  # signs only beside a number or a single letter
_OPERATORS = frozenset("=&|<>!+-*/^()[]{}$\\~")
_INNER_CAPITAL = re.compile(r"[^\W\d_].*(?<=[^\WA-Z\d_])[A-Z]")
_NUMBERED = re.compile(r"([^\W\d_]+)(\d+)|(\d+)([^\W\d_]{1,3})")


def words(plain: str) -> tuple[Word, ...]:
    """The words of a plain text in their order; punctuation that ends or joins sentences is left
    out.
    """
    if "$" not in plain and "\\(" not in plain and "\\[" not in plain:
        return tuple(_prose(plain))
    found: list[Word] = []
    for index, span in enumerate(_SPANS.split(plain)):
        found += _mathematics(span) if index % 2 else _prose(span)
    return tuple(found)


def _prose(text: str) -> list[Word]:
    found: list[Word] = []
    for token in _WORDS.finditer(text):
        match token.lastgroup:
            case "word":
                found += _words_of(token[0], text, token)
            case "number":
                found.append(Word(token[0], Kind.NUMBER))
            case "command":
                found += _command(token[0])
            case _:
                if _is_sign(text, token.start()):
                    found.append(Word(token[0], Kind.SYMBOL))
    return found


def _words_of(text: str, line: str, token: re.Match[str]) -> list[Word]:
    if len(text) == 1 and text.isascii():
        return [_letter(text, line, token.start())]
    if is_hangul(text[-1]) and not all(map(is_hangul, text)):
        return [part for piece in _MIXED.findall(text) for part in _piece(piece)]
    if is_ideograph(text[0]):
        return [Word(character, _kind(character, character)) for character in text]
    if (numbered := _NUMBERED.fullmatch(text)) is not None:  # React15 is React v15, utf8 is utf-8
        return [part for piece in numbered.groups() if piece for part in _piece(piece)]
    key = text.casefold().replace("\u2019", "'").strip("_")
    if key.endswith("n't") or key == "cannot":
        return [Word(CONTRACTED.get(key, key[:-3]), Kind.STOP), Word("not", Kind.NEGATION)]
    kind = Kind.NAME if _is_called(line, token) else _kind(text, key)
    return [Word(key, kind)] if key else []


def _is_called(line: str, token: re.Match[str]) -> bool:
    """Whether a word is a name in code: list.insert(), os.path."""
    before, after = (
        line[max(0, token.start() - 2) : token.start()],
        line[token.end() : token.end() + 2],
    )
    return (
        after[:1] == "("
        or (after[:1] == "." and after[1:].isalpha())
        or (before[-1:] == "." and before[:1].isalnum())
    )


def _piece(text: str) -> list[Word]:
    if text.isdigit():
        return [Word(text, Kind.NUMBER)]
    if len(text) == 1 and text.isascii():
        return [] if text == "v" else [Word(text, Kind.LETTER)]
    return [Word(text.casefold(), _kind(text, text.casefold()))]


def _letter(text: str, line: str, position: int) -> Word:
    """A letter on its own: an article, part of an abbreviation ("e.g."), or the name of something,
    in which case matters.
    """
    dotted = line[position + 1 : position + 2] == "." and (
        position + 2 >= len(line) or line[position + 2 : position + 3].isalpha()
    )
    dotted = dotted or (
        line[position - 1 : position] == "." and line[position + 1 : position + 2] == "."
    )
    if dotted:
        return Word(text.lower(), Kind.STOP)
    return (
        Word("a", Kind.STOP)
        if text in ("a", "A") and line[position + 1 : position + 2] == " "
        else Word(text, Kind.LETTER)
    )


def _kind(text: str, key: str) -> Kind:
    if key in NEGATIONS:
        return Kind.NEGATION
    if key in STOPS:
        return Kind.STOP
    if "_" in key or any(map(str.isdigit, key)) or _INNER_CAPITAL.match(text):
        return Kind.NAME
    return Kind.WORD


def _mathematics(text: str) -> list[Word]:
    found: list[Word] = []
    for token in _MATHS.finditer(text):
        match token.lastgroup:
            case "number":
                found.append(Word(token[0], Kind.NUMBER))
            case "word":
                found.append(Word(token[0], Kind.LETTER))
            case "command":
                found += _command(token[0])
            case "symbol" if token[0] not in ".,;:":
                found.append(Word(token[0], Kind.SYMBOL))
    return found


def _command(text: str) -> list[Word]:
    name = COMMANDS.get(text[1:], text[1:])
    return [Word("\\" + name, Kind.SYMBOL)] if name else []


def _is_sign(text: str, position: int) -> bool:
    """Whether a mark stands for an operation, and not for the end or the join of phrases."""
    mark = text[position]
    if mark in _PLAIN_PUNCTUATION:
        return False
    if mark not in _LOOSE_SIGNS:
        return True
    left, right = _operand(text, position, -1), _operand(text, position, 1)
    if mark == "-" and right.isdigit():
        return not text[position - 1 : position].isalnum() or left.isdigit()
    if mark == "!":
        return len(left) == 1 or right == "="
    single = (len(left) == 1, len(right) == 1)
    return bool(left and right) and (all(single) if mark in "-/" else any(single))


def _operand(text: str, position: int, step: int) -> str:
    """What a mark joins on one side: a letter or digit on its own, "=" for other marks, two letters
    for a longer word.
    """
    mark = text[position]
    position += step
    while 0 <= position < len(text) and text[position] in (" ", mark):
        position += step
    if not 0 <= position < len(text) or text[position] in ".,;:?'\"":
        return ""
    if not text[position].isalnum():
        return "=" if text[position] in _OPERATORS else ""
    beside = position + step
    alone = text[position].isdigit() or not (0 <= beside < len(text) and text[beside].isalpha())
    return text[position] if alone else "ab"


def is_ideograph(character: str) -> bool:
    """Whether a character is a word by itself: Chinese characters and Japanese kana."""
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
    )


def is_hangul(character: str) -> bool:
    """Whether a character is a Korean syllable."""
    return "\uac00" <= character <= "\ud7a3"
