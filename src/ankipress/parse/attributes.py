"""The braces at the end of a heading: `{#id .tag kind=cloze reverse typed="text" lang=de draft}`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ankipress.diagnostics import suggestion
from ankipress.model import KINDS, Attributes
from ankipress.project.settings import is_language

FLAGS = ("reverse", "typed", "draft")
KEYS = ("kind", "reverse", "typed", "draft", "lang", "dir", "tts", "tts-front", "tts-back")
DEFAULTS = ("lang", "dir", "tts", "tts-front", "tts-back")
"""The keys that front matter may set for all cards of a file."""
_TOKEN = re.compile(
    r"""\s*(?:\#(?P<id>[^\s{}"'=]+)|\.(?P<tag>[^\s{}"'=]+)
    |(?P<key>[\w-]+)=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s{}"']+))
    |(?P<flag>[\w-]+))(?=\s|$)""",
    re.VERBOSE,
)
_OPENING = re.compile(r"(?:^|(?<=[ \t\n]))\{:?")
_NONE = Attributes()  # of most cards
_FARTHEST = 2000  # characters: no list of attributes is longer, and hostile headings stay cheap


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a list of attributes: a code, a message, and the words meant."""

    code: str
    message: str
    words: str


def split_attributes(
    heading: str, kinds: Collection[str] = KINDS
) -> tuple[str, Attributes, tuple[Problem, ...]]:
    """A heading without its braces, and what they say. Braces that are no list of attributes stay
    text.
    """
    if not heading.endswith("}"):
        return heading, _NONE, ()
    openings = list(_OPENING.finditer(heading, max(0, len(heading) - _FARTHEST)))
    for opening in reversed(openings[-16:]):
        tokens = _tokens(heading[opening.end() : -1])
        if tokens and _is_list(tokens):
            attributes, problems = _attributes(tokens, kinds)
            return heading[: opening.start()].rstrip(), attributes, problems
    return heading, _NONE, tuple(_misspelt(heading, openings[-1:]))


def _misspelt(heading: str, openings: Sequence[re.Match[str]]) -> Iterator[Problem]:
    """What was probably meant as a list of attributes: words of which one is a flag or nearly one,
    `{drfat}` or `{draft x}`.
    """
    for opening in openings:
        words = [token["flag"] for token in _tokens(heading[opening.end() : -1])]
        known = [word for word in words if word in FLAGS or (word in KEYS and len(words) > 1)]
        near = {
            word: flag for word in words for flag in FLAGS if word != flag and _is_slip(word, flag)
        }
        if near or known:
            written = heading[opening.start() :]
            meant = " ".join(near.get(word, word) for word in words)
            guess = (
                f"; did you mean {{{meant}}}?"
                if near
                else f": {known[0]} does not go with the rest"
            )
            yield Problem(
                "misspelt-attribute",
                f"{written} is no list of attributes, so it is a part of the question{guess}",
                written,
            )


def _is_slip(word: str, flag: str) -> bool:
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - where it is needed, which is seldom

    return len(word) >= 4 and OSA.distance(word.lower(), flag, score_cutoff=1) <= 1


def _tokens(text: str) -> list[re.Match[str]]:
    """The words of a list, or none where a part of the text is no such word."""
    tokens, position, text = [], 0, text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            return []
        tokens.append(found)
        position = found.end()
    return tokens


def _is_list(tokens: list[re.Match[str]]) -> bool:
    return any(not each["flag"] for each in tokens) or all(each["flag"] in FLAGS for each in tokens)


def _attributes(
    tokens: list[re.Match[str]], kinds: Collection[str]
) -> tuple[Attributes, tuple[Problem, ...]]:
    values: dict[str, Any] = {}
    tags: list[str] = []
    problems: list[Problem] = []
    for token in tokens:
        words = token[0].strip()
        if token["tag"]:
            tags.append(token["tag"])
        elif token["id"]:
            if "id" in values:
                problems.append(Problem("bad-attribute", "a card has one id", words))
            values["id"] = token["id"]
        else:
            problem = _set_key(values, token, kinds)
            problems += [Problem(*problem, words)] if problem else []
    return Attributes(tags=tuple(tags), **values), tuple(problems)


def _set_key(
    values: dict[str, Any], token: re.Match[str], kinds: Collection[str]
) -> tuple[str, str] | None:
    """Take `key=value` or a flag into the values; the code and message of what is wrong with it, or
    None.
    """
    key = token["key"] or token["flag"]
    value = next(
        (token[name] for name in ("double", "single", "bare") if token[name] is not None), None
    )
    if key not in KEYS:
        return "unknown-attribute", f'there is no attribute "{key}"' + suggestion(key, KEYS)
    if key in values:
        return "bad-attribute", f'"{key}" stands here twice'
    if key == "kind" and value not in kinds:
        return "unknown-kind", f'there is no kind "{value or ""}" of card' + suggestion(
            value or "", tuple(kinds)
        )
    if key in DEFAULTS:
        problem = wrong_default(key, value)
        values |= {} if problem else defaults_of(key, value or "")
        return ("bad-attribute", problem) if problem else None
    if key in {"reverse", "draft"}:
        if value not in _SWITCH:
            return "bad-attribute", f'"{key}" is on or off: write {key} or {key}=false'
        values[key] = _SWITCH[value]
    else:
        values[key] = True if value is None else value
    return None


def wrong_default(key: str, value: Any) -> str:
    """What is wrong with the value of one of `DEFAULTS`, empty where nothing is."""
    text = value if isinstance(value, str) else ""
    if key == "lang":
        return (
            ""
            if is_language(text)
            else f'"lang" must be a language such as de or pt-BR, not {text!r}'
        )
    if key == "dir":
        return (
            ""
            if text in {"ltr", "rtl", "auto"}
            else f'"dir" must be ltr, rtl or auto, not {text!r}'
        )
    # A device looks its voices up by language and country.
    is_voice = re.fullmatch(r"[A-Za-z]{2,3}[-_][A-Za-z]{2}", text)
    return (
        "" if is_voice else f'"{key}" must be a language and a country such as fr-FR, not {text!r}'
    )


def defaults_of(key: str, value: str) -> dict[str, str]:
    """The attributes that one of `DEFAULTS` with a valid value sets."""
    if not key.startswith("tts"):
        return {key: value}
    language, country = re.split("[-_]", value)
    voice = f"{language.lower()}_{country.upper()}"
    sides = ("front", "back") if key == "tts" else (key.removeprefix("tts-"),)
    return {f"tts_{side}": voice for side in sides}


def with_defaults(attributes: Attributes, defaults: Mapping[str, str], lang: str) -> Attributes:
    """The attributes of a card, those that it does not set taken from its file and from the
    language of the project.
    """
    known = {"lang": lang, **defaults} if lang else dict(defaults)
    missing: dict[str, Any] = {
        key: value for key, value in known.items() if getattr(attributes, key) is None
    }
    return replace(attributes, **missing) if missing else attributes


_SWITCH: Mapping[str | None, bool] = {None: True, "true": True, "false": False}
