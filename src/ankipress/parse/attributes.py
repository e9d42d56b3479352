"""The braces at the end of a heading: `{#id .tag kind=cloze reverse typed="text" lang=de}`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ankipress.diagnostics import suggestion
from ankipress.model import KINDS, Attributes
from ankipress.project.settings import is_language

_TOKEN = re.compile(
    r"""
    \s*(?:(?P<mark>[\#.])(?P<name>[^\s{}"'=]+)
    |(?P<key>[\w-]+)(?:=(?P<value>"[^"]*"|'[^']*'|[^\s{}"']+))?)(?=\s|$)
    """,
    re.VERBOSE,
)
_OPENING = re.compile(r"(?:^|(?<=[ \t\n]))\{:?")
# A device looks its voices up by language and country.
_VOICE = (
    re.compile(r"[A-Za-z]{2,3}[-_][A-Za-z]{2}").fullmatch,
    "a language and a country such as fr-FR",
)
_CHECKS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "lang": (is_language, "a language such as de or pt-BR"),
    "dir": (re.compile("ltr|rtl|auto").fullmatch, "ltr, rtl or auto"),
    "tts": _VOICE,
    "tts-front": _VOICE,
    "tts-back": _VOICE,
}
DEFAULTS = tuple(_CHECKS)
"""The keys that front matter may set for all cards of a file."""

FLAGS = ("reverse", "typed", "draft")
KEYS = ("kind", *FLAGS, *DEFAULTS)
_SWITCHES = ("reverse", "draft")
_SWITCH: Mapping[str | None, bool] = {None: True, "true": True, "false": False}
_NONE = Attributes()  # of most cards
_LONGEST = 2000  # characters: no list of attributes is longer, and hostile headings stay cheap


class AttributeProblem(NamedTuple):
    """What is wrong with a list of attributes. `words` are the part of it that is wrong."""

    code: str
    message: str
    words: str


def split_attributes(
    heading: str, kinds: Collection[str] = KINDS
) -> tuple[str, Attributes, tuple[AttributeProblem, ...]]:
    """A heading without its braces, the attributes in them, and what is wrong with these.

    Braces that are no list of attributes stay text.
    """
    if not heading.endswith("}"):
        return heading, _NONE, ()
    openings = list(_OPENING.finditer(heading, max(0, len(heading) - _LONGEST)))
    if not openings:
        return heading, _NONE, ()
    for opening in reversed(openings):
        tokens = _tokens(heading[opening.end() : -1])
        if _is_list(tokens):
            attributes, problems = _read_list(tokens, kinds)
            return heading[: opening.start()].rstrip(), attributes, tuple(problems)
    return heading, _NONE, tuple(_misspelt(heading[openings[-1].start() :]))


def _tokens(text: str) -> list[re.Match[str]]:
    """The tokens of a list, none where a part of the text is no token."""
    tokens: list[re.Match[str]] = []
    position = 0
    while found := _TOKEN.match(text, position):
        tokens.append(found)
        position = found.end()
    if text[position:].strip():
        return []
    return tokens


def _words(tokens: list[re.Match[str]]) -> list[str]:
    """The flags of a list, and words that are none."""
    return [token["key"] for token in tokens if token["key"] and token["value"] is None]


def _is_list(tokens: list[re.Match[str]]) -> bool:
    """Whether it is a list: words alone may be text, unless all of them are flags."""
    words = _words(tokens)
    if len(words) < len(tokens):
        return True
    return words != [] and set(words) <= set(FLAGS)


def _misspelt(braces: str) -> Iterator[AttributeProblem]:
    """Braces that were probably meant as a list of attributes: `{drfat}` or `{draft x}`."""
    words = _words(_tokens(braces[1:-1].removeprefix(":")))
    meant = [_likely_flag(word) for word in words]
    flags_and_keys = KEYS
    if len(words) == 1:
        flags_and_keys = FLAGS  # a key alone may well be text
    known = [word for word in words if word in flags_and_keys]
    if meant != words:
        guess = f"; did you mean {{{' '.join(meant)}}}?"
    elif known:
        guess = f": {known[0]} does not go with the rest"
    else:
        return
    message = f"{braces} is no list of attributes, so it is a part of the question{guess}"
    yield AttributeProblem("misspelt-attribute", message, braces)


def _likely_flag(word: str) -> str:
    """The flag of which a word is a typo, else the word."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - seldom needed

    if len(word) < 4:
        return word
    for flag in FLAGS:
        if OSA.distance(word.lower(), flag) <= 1:
            return flag
    return word


def _read_list(
    tokens: list[re.Match[str]], kinds: Collection[str]
) -> tuple[Attributes, list[AttributeProblem]]:
    values: dict[str, Any] = {}
    tags: list[str] = []
    keys: set[str] = set()
    problems: list[AttributeProblem] = []
    for token in tokens:
        name, key, value = token.group("name", "key", "value")
        wrong = None
        if token["mark"] == ".":
            tags.append(name)
        elif token["mark"]:
            if "id" in values:
                wrong = "bad-attribute", "a card has one id"
            values["id"] = name
        elif key in keys:
            wrong = "bad-attribute", f'"{key}" stands here twice'
        else:
            keys.add(key)
            if value and value[0] in "\"'":
                value = value[1:-1]
            wrong = _read_key(key, value, kinds, values)
        if wrong:
            problems.append(AttributeProblem(*wrong, words=token[0].strip()))
    return Attributes(tags=tuple(tags), **values), problems


def _read_key(
    key: str, value: str | None, kinds: Collection[str], values: dict[str, Any]
) -> tuple[str, str] | None:
    """Add what `key=value` or a flag says to the values.

    What is wrong with it is returned as a code and a message.
    """
    if key not in KEYS:
        return "unknown-attribute", f'there is no attribute "{key}"' + suggestion(key, KEYS)
    if key == "kind" and value not in kinds:
        kind = value or ""
        near = suggestion(kind, tuple(kinds))
        return "unknown-kind", f'there is no kind "{kind}" of card{near}'
    if key in DEFAULTS:
        if message := wrong_default(key, value or ""):
            return "bad-attribute", message
        values |= default_values(key, value or "")
    elif key in _SWITCHES:
        if value not in _SWITCH:
            return "bad-attribute", f'"{key}" is on or off: write {key} or {key}=false'
        values[key] = _SWITCH[value]
    elif value is None:
        values[key] = True
    else:
        values[key] = value
    return None


def wrong_default(key: str, value: object) -> str:
    """What is wrong with the value of one of `DEFAULTS`, empty where nothing is."""
    is_valid, expected = _CHECKS[key]
    if isinstance(value, str) and is_valid(value):
        return ""
    return f'"{key}" must be {expected}, not {value!r}'


def default_values(key: str, value: str) -> dict[str, str]:
    """The attributes that one of `DEFAULTS` with a valid value sets."""
    if not key.startswith("tts"):
        return {key: value}
    language, country = re.split("[-_]", value)
    voice = f"{language.lower()}_{country.upper()}"
    if key == "tts":
        return {"tts_front": voice, "tts_back": voice}
    return {key.replace("-", "_"): voice}


def with_defaults(attributes: Attributes, defaults: Mapping[str, str], lang: str) -> Attributes:
    """The attributes of a card, completed by those of its file and then of its project."""
    known = {"lang": lang, **defaults}
    missing: dict[str, Any] = {
        key: value for key, value in known.items() if value and getattr(attributes, key) is None
    }
    if not missing:
        return attributes
    return replace(attributes, **missing)


def normal_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in NFC, sorted, each of them once."""
    return tuple(sorted({unicodedata.normalize("NFC", tag) for tag in tags}))
