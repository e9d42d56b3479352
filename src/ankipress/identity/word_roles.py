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
    r"(?P<number>\d+(?:[.,]\d+)*(?!\w))|(?P<word>\w+(?:['\u2019]\w+)*)"
    r"|(?P<command>\\[A-Za-z]+)|(?P<mark>[^\w\s])"
)
_MATHS = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*)|(?P<command>\\[A-Za-z]+)|\\."
    r"|(?P<letter>[^\W\d_])|(?P<symbol>[^\w\s{}$.,;:])"
)
_SPANS = re.compile(r"(\$\$?[^$]+\$\$?|\\[(\[][^\\]*(?:\\[^()\[\]][^\\]*)*\\[)\]])")
# Korean joins its particles to Latin letters and to numbers.
_MIXED = re.compile(r"[\uac00-\ud7a3]+|[^\W\d\uac00-\ud7a3]+|\d+")
_PLAIN_PUNCTUATION = frozenset(
    ".,;:?\"'`()[]{}\\$|"
    "\u00b4\u00ab\u00bb\u00b7\u00bf\u00a1\u00b6\u00a7\u2013\u2014\u2026\u2022\uff02"
    "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a"
    "\u3001\u3002\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011\u30fb"
    "\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
)
_LOOSE_SIGNS = frozenset("-/!*&_#~@<>=")  # signs only beside a number or a single letter
_OPERATORS = frozenset("=&|<>!+-*/^()[]{}$\\~")
_INNER_CAPITAL = re.compile(r"[^\W\d_].*(?<=[^\WA-Z\d_])[A-Z]")
_NUMBERED = re.compile(r"([^\W\d_]+)(\d+)|(\d+)([^\W\d_]{1,3})")


def words(plain: str) -> tuple[Word, ...]:
    """The words of a plain text in their order; punctuation that ends or joins sentences is left
    out.
    """
    if "$" not in plain and "\\(" not in plain and "\\[" not in plain:
        return tuple(_read(_WORDS, plain))
    found: list[Word] = []
    for index, span in enumerate(_SPANS.split(plain)):
        pattern = _WORDS
        if index % 2:
            pattern = _MATHS
        found += _read(pattern, span)
    return tuple(found)


def _read(pattern: re.Pattern[str], text: str) -> list[Word]:
    found: list[Word] = []
    for token in pattern.finditer(text):
        match token.lastgroup:
            case "word":
                found += _words_of(token)
            case "number":
                found.append(Word(token[0], Kind.NUMBER))
            case "letter":
                found.append(Word(token[0], Kind.LETTER))
            case "command":
                found += _command(token[0])
            case "symbol":
                found.append(Word(token[0], Kind.SYMBOL))
            case "mark" if _is_sign(text, token.start()):
                found.append(Word(token[0], Kind.SYMBOL))
    return found


def _words_of(token: re.Match[str]) -> list[Word]:
    text = token[0]
    if len(text) == 1 and text.isascii():
        return [_letter(token)]
    if is_hangul(text[-1]) and not all(map(is_hangul, text)):
        return _pieces(_MIXED.findall(text))
    if is_ideograph(text[0]):
        return [Word(character, _kind(character, character)) for character in text]
    numbered = _NUMBERED.fullmatch(text)
    if numbered is not None:  # React15 is React v15, utf8 is utf-8
        return _pieces(numbered.groups(default=""))
    return _plain_words(token)


def _plain_words(token: re.Match[str]) -> list[Word]:
    text = token[0]
    key = text.casefold().replace("\u2019", "'").strip("_")
    if not key:
        return []
    if key.endswith("n't") or key == "cannot":
        verb = CONTRACTED.get(key, key[:-3])
        return [Word(verb, Kind.STOP), Word("not", Kind.NEGATION)]
    if _is_code_name(token):
        return [Word(key, Kind.NAME)]
    return [Word(key, _kind(text, key))]


def _is_code_name(token: re.Match[str]) -> bool:
    """Whether a word is a name in code: list.insert(), os.path."""
    text = token.string
    start = token.start()
    end = token.end()
    before = text[max(0, start - 2) : start]
    after = text[end : end + 2]
    if after[:1] == "(":
        return True
    is_owner = after[:1] == "." and after[1:].isalpha()
    is_owned = before[-1:] == "." and before[:1].isalnum()
    return is_owner or is_owned


def _pieces(texts: list[str] | tuple[str, ...]) -> list[Word]:
    return [_piece(text) for text in texts if text not in {"", "v"}]


def _piece(text: str) -> Word:
    if text.isdigit():
        return Word(text, Kind.NUMBER)
    if len(text) == 1 and text.isascii():
        return Word(text, Kind.LETTER)
    key = text.casefold()
    return Word(key, _kind(text, key))


def _letter(token: re.Match[str]) -> Word:
    """A letter on its own: an article, part of an abbreviation ("e.g."), or the name of something,
    in which case matters.
    """
    letter = token[0]
    line = token.string
    position = token.start()
    before = line[position - 1 : position]
    after = line[position + 1 : position + 2]
    if after == ".":
        further = line[position + 2 : position + 3]
        if before == "." or not further or further.isalpha():
            return Word(letter.lower(), Kind.STOP)
    if letter in {"a", "A"} and after == " " and before in {"", " "}:
        return Word("a", Kind.STOP)
    return Word(letter, Kind.LETTER)


def _kind(text: str, key: str) -> Kind:
    if key in NEGATIONS:
        return Kind.NEGATION
    if key in STOPS:
        return Kind.STOP
    if "_" in key or has_digit(key) or _INNER_CAPITAL.match(text):
        return Kind.NAME
    return Kind.WORD


def _command(text: str) -> list[Word]:
    name = COMMANDS.get(text[1:], text[1:])
    if name:
        return [Word("\\" + name, Kind.SYMBOL)]
    return []


def _is_sign(text: str, position: int) -> bool:
    """Whether a mark stands for an operation, and not for the end or the join of phrases."""
    mark = text[position]
    if mark not in _LOOSE_SIGNS:
        return mark not in _PLAIN_PUNCTUATION
    left = _operand(text, position, -1)
    right = _operand(text, position, 1)
    if mark == "-" and right.isdigit():
        return not text[position - 1 : position].isalnum() or left.isdigit()
    if mark == "!":
        return len(left) == 1 or right == "="
    if not left or not right:
        return False
    if mark in "-/":
        return len(left) == len(right) == 1
    return len(left) == 1 or len(right) == 1


def _operand(
    text: str,
    position: int,
    step: int,
) -> str:
    """What a mark joins on one side: a letter or digit on its own, "=" for other marks, two letters
    for a longer word.
    """
    mark = text[position]
    position += step
    while 0 <= position < len(text) and text[position] in {" ", mark}:
        position += step
    if not 0 <= position < len(text) or text[position] in ".,;:?'\"":
        return ""
    character = text[position]
    if not character.isalnum():
        if character in _OPERATORS:
            return "="
        return ""
    neighbour = position + step
    has_neighbour = 0 <= neighbour < len(text) and text[neighbour].isalpha()
    if character.isdigit() or not has_neighbour:
        return character
    return "ab"


def has_digit(text: str) -> bool:
    """Whether one of the characters is a digit."""
    return any(map(str.isdigit, text))


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
