"""Files that are copies of others: translations, and files of the same text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple

from ankipress.model import Source
from ankipress.parse.shapes.words import without_counter
from ankipress.syntax.outline import outline

_LANGUAGES = frozenset(
    """
    ar ar-ar ar-eg az be bg bn bs ca cs cz da de de-de el en en-us en-gb eo es es-es es-la es-mx et
    eu fa fa-ir fi fil fr fr-fr gl gu he hi hr hu hy id it it-it ja ja-jp jp ka kk km ko ko-kr kr
    ku lt lv mk ml mn mr ms my ne nl no pl pl-pl pt pt-br pt-pt ro ru ru-ru si sk sl sq sr sv sw ta
    te th tl tr tr-tr tw ua uk ua-ua ur uz uz-uz vi vi-vn vn zh zh-cn zh-tw zh-hans zh-hant
    ch cn ptbr english chinese spanish french german russian korean japanese portuguese
    """.split()
)
# Names of languages that are as well topics of a folder of notes.
_TOPICS = frozenset(
    """
    ar be ch cs da et hr id it ka ml ms no si sl sq te tr tw ua vi
    english chinese spanish french german russian korean japanese portuguese
    """.split()
)
_FEWEST = 10  # headings of a file that may be a copy
_LONG = 12  # characters of a heading that says more than `Question 3` or `Summary`
_REPEATED = 0.6  # the part of them that stand elsewhere
_ENGLISH = ("", "en", "en-us", "en-gb", "english")
_BETWEEN_WORDS = re.compile(r"[-_ ]+")
# `name_de-DE`, `name.zh`, `name (ru)`
_SUFFIXES = (
    re.compile(r"(?P<name>.+?)[-_. (\[]+(?P<language>[A-Za-z]{2,3}[-_][A-Za-z]{2,4})[\])]?"),
    re.compile(r"(?P<name>.+)[-_. (\[]+(?P<language>[A-Za-z]{2,10})[\])]?"),
)


class Copies(NamedTuple):
    """The files that are no copies, and the paths of those that are."""

    kept: Sequence[Source]
    left_out: Sequence[str]


class _AnyLanguage(NamedTuple):
    """A path without what names its language, and the language, empty where none is named."""

    path: str
    language: str


def without_copies(sources: Sequence[Source]) -> Copies:
    """The files of one language, the one with no name or English where there is one, each once.

    Of files with the same headings the largest one is kept, which has the answers. A README that
    gathers the headings of all others is a copy.
    """
    names = _names([source.path for source in sources])
    languages: dict[str, set[str]] = defaultdict(set)
    for named in names.values():
        languages[named.path].add(named.language)
    sizes = Counter[str]()
    for source in sources:
        sizes[names[source.path].language] += len(source.text)
    kept: list[Source] = []
    left_out: list[str] = []
    seen: set[str] = set()
    for source in sources:
        named = names[source.path]
        others = languages[named.path]
        text = source.text.strip()
        is_translation = named.language != _chosen(others, sizes)
        if is_translation or (text and text in seen):
            left_out.append(source.path)
            continue
        seen.add(text)
        kept.append(source)
    repeating = _repeating(kept)
    left_out += [source.path for source in kept if source.path in repeating]
    return Copies([source for source in kept if source.path not in repeating], left_out)


def _repeating(sources: Sequence[Source]) -> set[str]:
    """The files most of whose headings stand in another one, or of a README in all others."""
    headings = {source.path: _headings(source) for source in sources}
    times = Counter(chain.from_iterable(headings.values()))
    repeating: set[str] = set()
    kept: list[set[str]] = []
    for source in sorted(sources, key=lambda each: -len(each.text)):
        own = headings[source.path]
        if len(own) < _FEWEST:
            continue
        elsewhere = sum(times[each] > 1 for each in own)
        is_readme = PurePosixPath(source.path).stem.casefold() == "readme"
        if elsewhere < _REPEATED * len(own):
            kept.append(own)
        elif is_readme or any(len(own & other) >= _REPEATED * len(own) for other in kept):
            repeating.add(source.path)
        else:
            kept.append(own)
    return repeating


def _headings(source: Source) -> set[str]:
    found = outline(source.text.split("\n")).headings
    texts = {heading.text.strip().casefold() for heading in found}
    return {text for text in texts if len(without_counter(text)) >= _LONG}


def _chosen(languages: set[str], sizes: Mapping[str, int]) -> str:
    for language in _ENGLISH:
        if language in languages:
            return language
    return max(sorted(languages), key=lambda each: sizes[each])


def _names(paths: Sequence[str]) -> dict[str, _AnyLanguage]:
    """Each path as that of the same file in any language.

    `cs` and `ml` are languages where others are there, and topics else.
    """
    names = {path: _named(path) for path in paths}
    languages = {named.language for named in names.values()}
    if len(languages - _TOPICS - {""}) > 1:
        return names
    for path, named in names.items():
        if named.language in _TOPICS:
            names[path] = _AnyLanguage(path, "")
    return names


def _named(path: str) -> _AnyLanguage:
    """A path as that of the same file in any language."""
    *folders, file = PurePosixPath(path).parts
    language = ""
    kept = []
    for folder in folders:
        name = _language(folder)
        language = language or name
        if not name:
            kept.append(folder)
    stem = PurePosixPath(file).stem
    if "-" in _language(stem):  # `zh-CN.md` beside README.md
        language = language or _language(stem)
        stem = "readme"
    for pattern in _SUFFIXES:
        found = pattern.fullmatch(stem)
        if found and _language(found["language"]):
            language = language or _language(found["language"])
            stem = found["name"]
    path = "/".join([*kept, _BETWEEN_WORDS.sub("-", stem)])
    return _AnyLanguage(path.casefold(), language)


def _language(word: str) -> str:
    """A word as the name of a language, empty where it is none."""
    name = word.lower().replace("_", "-")
    if name in _LANGUAGES:
        return name
    first, _, second = name.partition("-")
    is_region = len(first) == len(second) == 2
    return name if is_region and first in _LANGUAGES else ""
