"""The braces at the end of a heading: `{#id .tag kind=cloze reverse typed="text" lang=de}`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ankipress.diagnostics import suggestion
from ankipress.model import KINDS, Attributes, TextMode
from ankipress.parse.attribute_tokens import (
    DEFAULTS,
    KEYS,
    TEXT,
    AttributeProblem,
    Braces,
    braces_at_end,
    is_list,
    span_of_token,
    tag_of,
)
from ankipress.parse.near_attributes import nearly_a_list, slips, text_beside_list
from ankipress.project.languages import is_language, meant_language

# A device looks its voices up by language and country.
_VOICE = re.compile(r"([A-Za-z]{2,3})[-_][A-Za-z]{2}")


def _is_voice(value: str) -> bool:
    found = _VOICE.fullmatch(value)
    return found is not None and is_language(found[1]) and not value.upper().endswith("UK")


_CHECKS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "lang": (is_language, "a language such as de or pt-BR"),
    "dir": (re.compile("ltr|rtl|auto").fullmatch, "ltr, rtl or auto"),
    "tts": (_is_voice, "a language and a country such as fr-FR"),
}

_SWITCHES = ("reverse", "draft")
_SWITCH: Mapping[str | None, bool] = {None: True, "true": True, "false": False}
_NONE = Attributes()  # of most cards
_DRAFT = re.compile(r"(?<![.#\w-])draft(?![\w=-])")


def split_attributes(
    heading: str, kinds: Collection[str] = KINDS
) -> tuple[str, Attributes, tuple[AttributeProblem, ...]]:
    """A heading without its braces, the attributes in them, and what is wrong with these.

    Braces that are no list of attributes stay text.
    """
    if "{" not in heading:
        return heading, _NONE, ()
    braces = _list_at_end(heading)
    if braces is None:
        return heading, _NONE, tuple(map(_kept_in_deck, nearly_a_list(heading)))
    tokens = braces.tokens(heading)
    attributes, problems = _read_list(tokens, kinds)
    problems += text_beside_list(heading, braces)
    text = heading[: braces.start].rstrip()
    return text, attributes, tuple(map(_kept_in_deck, problems))


def _kept_in_deck(problem: AttributeProblem) -> AttributeProblem:
    """A problem whose fix takes no card out of the deck: that is for its author to do."""
    if problem.fix and _DRAFT.search(problem.fix):
        return problem._replace(fix=None)
    return problem


def _list_at_end(heading: str) -> Braces | None:
    """The braces at the end of a heading that are a list of attributes."""
    for braces in braces_at_end(heading, len(heading)):
        if is_list(braces.tokens(heading)):
            return braces
    return None


def span_of_attribute(heading: str, key: str) -> tuple[int, int]:
    """Where an attribute of a heading is written: its offset, and its width."""
    braces = _list_at_end(heading)
    if braces is not None:
        for token in braces.tokens(heading):
            if token["key"] == key:
                return span_of_token(token)
    return 0, max(1, len(heading))


def _read_list(
    tokens: Sequence[re.Match[str]], kinds: Collection[str]
) -> tuple[Attributes, list[AttributeProblem]]:
    values: dict[str, Any] = {}
    tags: list[str] = []
    keys: set[str] = set()
    problems = list(slips(tokens))
    known = {each.start for each in problems}
    for token in tokens:
        name, key, value = token.group("name", "key", "value")
        start, width = span_of_token(token)
        wrong = None
        tag = tag_of(token)
        if tag is not None:
            tags.append(tag)
        elif token["mark"]:
            if "id" in values:
                wrong = "bad-attribute", "a card has one id"
            # An id stays as written, slips and all: another one would be another note.
            values["id"] = name
        elif key in keys:
            wrong = "bad-attribute", f'"{key}" stands here twice'
        else:
            keys.add(key)
            if value and value[0] in "\"'":
                value = value[1:-1]
            wrong = _read_key(key, value, kinds, values)
        if wrong and start not in known:
            fix = _certain_fix(key, value)
            problems.append(AttributeProblem(*wrong, start, width, fix=fix))
    return Attributes(tags=tuple(tags), **values), problems


def _certain_fix(key: str | None, value: str | None) -> str | None:
    """What certainly was meant by an attribute that is wrong."""
    if key is None or value is None:
        return None
    if key == "lang" or key.startswith("tts"):
        meant = meant_default(key, value)
        if meant:
            return f"{key}={meant}"
        return None
    if key in _SWITCHES:
        if value.lower() in {"yes", "on", "1", "true"}:
            return key
        if value.lower() in {"no", "off", "0", "false"}:
            return f"{key}=false"
    return None


def _read_key(
    key: str,
    value: str | None,
    kinds: Collection[str],
    values: dict[str, Any],
) -> tuple[str, str] | None:
    """Add what `key=value` or a flag says to the values.

    What is wrong with it is returned as a code and a message.
    """
    if key == TEXT:
        return _read_mode(value or "", values)
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


def _read_mode(value: str, values: dict[str, Any]) -> tuple[str, str] | None:
    modes = tuple(TextMode)
    if value not in modes:
        near = suggestion(value, modes)
        message = f'"{TEXT}" must be {", ".join(modes[:-1])} or {modes[-1]}, not {value!r}{near}'
        return "bad-attribute", message
    values[TEXT] = TextMode(value)
    return None


def wrong_default(key: str, value: object) -> str:
    """What is wrong with the value of one of `DEFAULTS`, empty where nothing is."""
    is_valid, expected = _CHECKS[key.partition("-")[0]]
    if isinstance(value, str) and is_valid(value):
        return ""
    message = f'"{key}" must be {expected}, not {value!r}'
    if isinstance(value, str) and (meant := meant_default(key, value)):
        message += f'; did you mean "{meant}"?'
    return message


def meant_default(key: str, value: str) -> str:
    """The value that one of `DEFAULTS` was certainly meant to have, empty where it is not clear."""
    if key == "dir":
        return ""
    meant = meant_language(value)
    if key == "lang":
        return meant
    voice = re.sub("UK$", "GB", meant, flags=re.IGNORECASE)
    if _is_voice(voice):
        return voice
    return ""


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
