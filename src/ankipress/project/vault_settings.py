"""The marks of cards in a vault of Obsidian, as the settings of its plug-ins say.

They stand in `.obsidian/plugins/PLUG-IN/data.json`, which anything may have written. A value that
is missing or cannot be meant so is the plug-in's own default. Regular expressions in them are never
run: a few that the plug-in's manual gives are known by their text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from ankipress.model import USUAL_SEPARATORS, Separators
from ankipress.project.door import LARGEST_SETTINGS, read_file
from ankipress.project.inputs import Inputs

_PLUGINS = Path(".obsidian/plugins")
_SPACED = "obsidian-spaced-repetition"
_FLASHCARDS = "flashcards-obsidian"
_TO_ANKI = "obsidian-to-anki-plugin"
_LONGEST = 40  # characters of a separator or a tag
_MOST_TAGS = 100
_MOST_NOTE_TYPES = 200
_MOST_FIELDS = 50

# Gaps of spaced-repetition: the switches of its older versions, and its patterns.
_SWITCHES = {
    "convertHighlightsToClozes": "==",
    "convertBoldTextToClozes": "**",
    "convertCurlyBracketsToClozes": "{{",
}
_ON_BY_DEFAULT = "convertHighlightsToClozes"

# Regular expressions from the manual of Obsidian_to_Anki, for `a::b` and for `question #tag`.
_LINES = r"^(.*[^\n:]{1}):{2}([^\n:]{1}.*)"
_BEFORE_TAG = r"((?:[^\n][\n]?)+) #"
_AFTER_TAG = r" ?\n*((?:\n(?:^.{1,3}$|^.{4}(?<!<!--).*))+)"


class VaultSettings:
    """Finds the separators of the vaults in a project, and records what it read."""

    def __init__(self, root: Path, inputs: Inputs) -> None:
        self._root = root
        self._inputs = inputs
        self._known: dict[Path, Separators] = {}

    def separators(self, folder: Path) -> Separators:
        """Those of the innermost vault around a folder, the defaults where there is none."""
        if folder not in self._known:
            self._known[folder] = self._around(folder)
        return self._known[folder]

    def _around(self, folder: Path) -> Separators:
        found = {name: self._read(folder / _PLUGINS / name) for name in _READERS}
        known = {name: data for name, data in found.items() if data is not None}
        if known:
            return _merged(known)
        if folder == self._root or self._root not in folder.parents:
            return USUAL_SEPARATORS
        return self.separators(folder.parent)

    def _read(self, plugin: Path) -> Mapping[str, Any] | None:
        """The settings of a plug-in, None where they cannot be read."""
        path = plugin / "data.json"
        try:
            content = read_file(path, self._root, LARGEST_SETTINGS)
        except OSError:
            self._inputs.found(path, "")
            return None
        digest = sha256(content).hexdigest()
        self._inputs.found(path, digest)
        try:
            data = json.loads(content)
        except (ValueError, RecursionError):
            return None
        if not isinstance(data, dict):
            return None
        return data


def _merged(known: Mapping[str, Mapping[str, Any]]) -> Separators:
    """The separators of all plug-ins of a vault. Of two sets of them, both count."""
    separators = USUAL_SEPARATORS
    one_way: list[str] = []
    both_ways: list[str] = []
    for name, data in known.items():
        separators = _READERS[name](separators, data)
        if name != _TO_ANKI:
            one_way += separators.one_way
            both_ways += separators.both_ways
    if _FLASHCARDS not in known and set(separators.card_tags) & set(separators.deck_tags):
        separators = replace(separators, card_tags=())
    if known.keys() == {_TO_ANKI}:
        return separators
    return replace(
        separators,
        one_way=tuple(dict.fromkeys(one_way)),
        both_ways=tuple(dict.fromkeys(both_ways)),
    )


def _spaced(separators: Separators, data: Mapping[str, Any]) -> Separators:
    """What spaced-repetition is set to. Versions before 2023 write `singleline`."""
    keys = _table(data, "settings")
    older = {key.replace("singleline", "singleLine"): value for key, value in keys.items()}
    keys = {**older, **keys}
    return replace(
        separators,
        one_way=_marks(keys, "singleLineCardSeparator", USUAL_SEPARATORS.one_way),
        both_ways=_marks(keys, "singleLineReversedCardSeparator", USUAL_SEPARATORS.both_ways),
        below=_mark(keys, "multilineCardSeparator", USUAL_SEPARATORS.below),
        below_both_ways=_mark(
            keys, "multilineReversedCardSeparator", USUAL_SEPARATORS.below_both_ways
        ),
        end=_mark(keys, "multilineCardEndMarker", ""),
        deck_tags=_tags(keys.get("flashcardTags"), USUAL_SEPARATORS.deck_tags),
        reads_all_files=keys.get("convertFoldersToDecks") is True,
        gaps=tuple(_gaps(keys)),
    )


def _gaps(keys: Mapping[str, Any]) -> Iterator[str]:
    patterns = keys.get("clozePatterns")
    for key, sign in _SWITCHES.items():
        if isinstance(patterns, list):
            is_on = any(isinstance(each, str) and each.startswith(sign) for each in patterns)
        else:
            is_on = keys.get(key, key == _ON_BY_DEFAULT) is True
        if is_on:
            yield sign


def _flashcards(separators: Separators, data: Mapping[str, Any]) -> Separators:
    """What flashcards-obsidian is set to."""
    tag = data.get("flashcardsTag")
    return replace(
        separators,
        one_way=_marks(data, "inlineSeparator", USUAL_SEPARATORS.one_way),
        both_ways=_marks(data, "inlineSeparatorReverse", USUAL_SEPARATORS.both_ways),
        card_tags=_tags([tag], USUAL_SEPARATORS.card_tags),
    )


def _to_anki(separators: Separators, data: Mapping[str, Any]) -> Separators:
    """What Obsidian_to_Anki is set to."""
    settings = _table(data, "settings")
    syntax = _table(settings, "Syntax")
    expressions = list(map(_written, _table(settings, "CUSTOM_REGEXPS").values()))
    note, note_on_line = separators.note, separators.note_on_line
    note = (_word(syntax, "Begin Note", note[0]), _word(syntax, "End Note", note[1]))
    note_on_line = (
        _word(syntax, "Begin Inline Note", note_on_line[0]),
        _word(syntax, "End Inline Note", note_on_line[1]),
    )
    tags = _tags([_tag_in(each) for each in expressions], ())
    return replace(
        separators,
        note=note,
        note_on_line=note_on_line,
        card_tags=(*separators.card_tags, *tags),
        reads_all_files=separators.reads_all_files or _LINES in expressions,
        has_curly_gaps=_table(settings, "Defaults").get("CurlyCloze") is True,
        fields=tuple(_fields(_table(data, "fields_dict"))),
    )


def _fields(table: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The note types that Obsidian_to_Anki knew of Anki, with the names of their fields."""
    for name, fields in islice(table.items(), _MOST_NOTE_TYPES):
        if isinstance(fields, list):
            names = filter(_is_field, fields[:_MOST_FIELDS])
            yield name, tuple(names)


def _is_field(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()


def _written(expression: object) -> str:
    """A regular expression with the ends of lines as the manual writes them."""
    if not isinstance(expression, str):
        return ""
    return expression.replace("\n", r"\n")


def _tag_in(expression: str) -> str:
    """The tag of a regular expression for `question #tag`, empty for any other expression."""
    if not expression.endswith(_AFTER_TAG):
        return ""
    question = expression.removesuffix(_AFTER_TAG)
    if not question.startswith(_BEFORE_TAG):
        return ""
    return question.removeprefix(_BEFORE_TAG)


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        return {}
    return value


def _mark(
    keys: Mapping[str, Any],
    key: str,
    usual: str,
) -> str:
    """A separator; an empty one is meant so."""
    value = keys.get(key)
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        return usual
    if value and not value.strip():
        return usual
    return value.strip()


def _marks(
    keys: Mapping[str, Any],
    key: str,
    usual: Sequence[str],
) -> tuple[str, ...]:
    mark = _mark(keys, key, usual[0])
    return tuple(filter(None, [mark]))


def _word(
    keys: Mapping[str, Any],
    key: str,
    usual: str,
) -> str:
    return _mark(keys, key, usual) or usual


def _tags(values: object, usual: tuple[str, ...]) -> tuple[str, ...]:
    """Tags without their `#`, in lower case."""
    if not isinstance(values, list):
        return usual
    tags: dict[str, None] = {}
    for each in values[:_MOST_TAGS]:
        if _is_tag(each):
            words = each.strip().lstrip("#")
            tag = words.strip("/").casefold()
            tags[tag] = None
    tags.pop("", None)
    return tuple(tags) or usual


def _is_tag(value: object) -> bool:
    if not isinstance(value, str) or len(value) > _LONGEST:
        return False
    return value.isprintable() and not any(sign.isspace() for sign in value.strip())


_READERS = {_SPACED: _spaced, _FLASHCARDS: _flashcards, _TO_ANKI: _to_anki}
