"""The deck and the tags that plug-ins of Obsidian name for all cards of a file: `TARGET DECK`,
`FILE TAGS` and `cards-deck`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ankipress.diagnostics import Diagnostic
from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.tag_names import normal_tag
from ankipress.syntax.dialect import OBSIDIAN

_CARDS_DECK = re.compile(r"cards-deck[ \t]*:[ \t]*(?P<value>(?:.*[^ \t])?)[ \t]*$")
_CARDS_KEY = re.compile(r"cards-[\w-]+[ \t]*:")
_VALUE = re.compile(r"(?::[ \t]*(?P<value>(?:.*[^ \t])?))?[ \t]*$")
_ID = re.compile(r"(?:^|\s)\^\d{13}[ \t]*$")


class VaultName(NamedTuple):
    """A deck, or tags, with the 0-based line and the column of the words."""

    text: str
    line: int
    column: int


def deck_of_vault(file: ShapedFile) -> VaultName | None:
    """The deck that a plug-in of Obsidian would put the cards of a file in, None for none."""
    if file.dialect != OBSIDIAN:
        return None
    for line, text in enumerate(file.lines[: file.first_line]):
        found = _CARDS_DECK.match(text)
        if found and found["value"]:
            value = found["value"].strip("\"'")
            return VaultName(value, line, text.index(value))
    return next(_named(file, "TARGET DECK"), None)


def without_read_keys(problems: Iterable[Diagnostic], file: ShapedFile) -> Iterator[Diagnostic]:
    """The problems of front matter without that of the key of a plug-in."""
    for each in problems:
        is_of_key = file.dialect == OBSIDIAN and each.code == "unknown-key"
        if not (is_of_key and _CARDS_DECK.match(file.lines[each.location.line - 1])):
            yield each


def tags_of_vault(file: ShapedFile) -> Sequence[str]:
    """The tags that Obsidian_to_Anki would give to all cards of a file."""
    if file.dialect != OBSIDIAN:
        return ()
    found = next(_named(file, "FILE TAGS"), None)
    if found is None:
        return ()
    return tuple(filter(None, map(normal_tag, found.text.split())))


def deck_lines(file: ShapedFile) -> Iterator[int]:
    """The lines that name the deck and the tags of a file."""
    for key in ("TARGET DECK", "FILE TAGS"):
        for each in _named(file, key):
            yield each.line


def _named(file: ShapedFile, key: str) -> Iterator[VaultName]:
    """What is named behind a key, or on the line below it."""
    for line in range(file.first_line, len(file.body)):
        text = file.body[line]
        if not text.startswith(key) or line in file.code_lines:
            continue
        found = _VALUE.match(text, len(key))
        if found is None:
            continue
        if found["value"]:
            yield VaultName(found["value"], line, found.start("value"))
            continue
        below = "".join(file.body[line + 1 : line + 2])
        words = below.strip()
        if words:
            yield VaultName(words, line + 1, below.index(words))


def is_for_flashcards(file: ShapedFile) -> bool:
    """Whether flashcards-obsidian has read a file: it has keys or ids of it."""
    if any(map(_CARDS_KEY.match, file.lines[: file.first_line])):
        return True
    lines = range(file.first_line, len(file.body))
    return any(_ID.search(file.body[line]) and line not in file.code_lines for line in lines)
