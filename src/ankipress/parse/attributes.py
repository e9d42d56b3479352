"""The braces at the end of a heading: `{#id .tag kind=cloze reverse typed="text" lang=de draft}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ankipress.diagnostics import suggestion
from ankipress.model import KINDS, Attributes
from ankipress.project.settings import is_language

_TOKEN = re.compile(
    r"""\s*(?:\#(?P<id>[^\s{}"'=]+)|\.(?P<tag>[^\s{}"'=]+)
    |(?P<key>[\w-]+)=(?P<value>"[^"]*"|'[^']*'|[^\s{}"']+)
    |(?P<flag>[\w-]+))(?=\s|$)""",
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
_SWITCH: Mapping[str | None, bool] = {None: True, "true": True, "false": False}
_NONE = Attributes()  # of most cards
# No list of attributes is longer or has more braces; hostile headings stay cheap.
_MOST_CHARACTERS = 2000
_MOST_BRACES = 16


@dataclass(frozen=True, slots=True)
class AttributeProblem:
    """What is wrong with a list of attributes; `words` are those that are meant."""

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
    openings = list(_OPENING.finditer(heading, max(0, len(heading) - _MOST_CHARACTERS)))
    if not openings:
        return heading, _NONE, ()
    for opening in reversed(openings[-_MOST_BRACES:]):
        tokens = _tokens(heading[opening.end() : -1])
        if _is_list(tokens):
            attributes, problems = _read_list(tokens, kinds)
            return heading[: opening.start()].rstrip(), attributes, tuple(problems)
    return heading, _NONE, tuple(_misspelt(heading[openings[-1].start() :]))


def _tokens(text: str) -> list[re.Match[str]]:
    """The words of a list; none where a part of the text is no such word."""
    tokens: list[re.Match[str]] = []
    position = 0
    while found := _TOKEN.match(text, position):
        tokens.append(found)
        position = found.end()
    return [] if text[position:].strip() else tokens


def _is_list(tokens: list[re.Match[str]]) -> bool:
    """Whether it is a list: words alone may be text, unless all of them are flags."""
    words = {token["flag"] for token in tokens}
    return None in words or (bool(words) and words <= set(FLAGS))


def _misspelt(braces: str) -> Iterator[AttributeProblem]:
    """Braces that were probably meant as a list of attributes: `{drfat}` or `{draft x}`."""
    words = [token["flag"] for token in _tokens(braces[1:-1].removeprefix(":"))]
    meant = [_likely_flag(word) for word in words]
    known = [word for word in words if word in FLAGS or (word in KEYS and len(words) > 1)]
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
    near = [flag for flag in FLAGS if OSA.distance(word.lower(), flag) <= 1]
    return near[0] if near else word


def _read_list(
    tokens: list[re.Match[str]], kinds: Collection[str]
) -> tuple[Attributes, list[AttributeProblem]]:
    values: dict[str, Any] = {}
    keys: set[str] = set()
    problems: list[AttributeProblem] = []
    for token in tokens:
        key, value = token["key"] or token["flag"], token["value"]
        if value and value[0] in "\"'":
            value = value[1:-1]
        wrong = None
        if token["id"]:
            if "id" in values:
                wrong = "bad-attribute", "a card has one id"
            values["id"] = token["id"]
        elif key in keys:
            wrong = "bad-attribute", f'"{key}" stands here twice'
        elif key:
            keys.add(key)
            wrong = _wrong(key, value, kinds)
            if wrong is None:
                values |= _values(key, value)
        if wrong:
            problems.append(AttributeProblem(*wrong, words=token[0].strip()))
    tags = tuple(token["tag"] for token in tokens if token["tag"])
    return Attributes(tags=tags, **values), problems


def _wrong(key: str, value: str | None, kinds: Collection[str]) -> tuple[str, str] | None:
    """The code and the message of what is wrong with `key=value` or a flag."""
    if key not in KEYS:
        return "unknown-attribute", f'there is no attribute "{key}"' + suggestion(key, KEYS)
    if key == "kind" and value not in kinds:
        kind = value or ""
        near = suggestion(kind, tuple(kinds))
        return "unknown-kind", f'there is no kind "{kind}" of card{near}'
    if key in {"reverse", "draft"} and value not in _SWITCH:
        return "bad-attribute", f'"{key}" is on or off: write {key} or {key}=false'
    if key in DEFAULTS and (message := wrong_default(key, value or "")):
        return "bad-attribute", message
    return None


def _values(key: str, value: str | None) -> dict[str, Any]:
    """The attributes that a valid `key=value` or flag sets."""
    if key in {"reverse", "draft"}:
        return {key: _SWITCH[value]}
    if value is None:
        return {key: True}
    if key in DEFAULTS:
        return default_values(key, value)
    return {key: value}


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
    """The attributes of a card; what it does not set is that of its file, then of its project."""
    known: dict[str, Any] = dict(defaults)
    if lang:
        known.setdefault("lang", lang)
    missing = {key: value for key, value in known.items() if getattr(attributes, key) is None}
    return replace(attributes, **missing) if missing else attributes
