"""Deck tags of spaced-repetition, `#flashcards/rome`: that a file has cards, and of which deck."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.parse.shapes.vault_notes import CODE_SPAN, tags_pattern
from ankipress.syntax.tree import Content

_TAGS_KEY = re.compile(r"tags?[ \t]*:", re.IGNORECASE)
_KEY = re.compile(r"[\w-]+[ \t]*:")


class DeckTags:
    """The deck tags of a file. `is_any` tells whether it has one, in its text or its properties."""

    def __init__(self, file: ShapedFile) -> None:
        names = tags_pattern(file.separators.deck_tags)
        tag = rf"(?<!\S)#(?P<tag>{names}(?:/[\w/-]+)?)(?![\w/-])"
        self._tag = re.compile(tag, re.IGNORECASE)
        self._first = re.compile(rf"\s*(?:{tag}\s+)+", re.IGNORECASE)
        self._alone = re.compile(rf"\s*(?:{tag}\s*)+$", re.IGNORECASE)
        self._lines: list[int] = []
        self._decks: list[Sequence[str]] = []
        self.is_any = _is_in_front_matter(file, names)
        for line in range(file.first_line, len(file.body)):
            text = file.body[line]
            if "#" in text and line not in file.code_lines:
                self._read(line, text)

    def _read(self, line: int, text: str) -> None:
        """Note the deck tags on a line. Those that stand alone hold for all cards below."""
        visible = CODE_SPAN.sub("", text)
        if not self._tag.search(visible):
            return
        self.is_any = True
        if self._alone.match(text):
            self._lines.append(line)
            self._decks.append(self._below(text))

    def _below(self, text: str) -> Sequence[str]:
        """The tags in a text that name a deck below that of the tag itself."""
        tags = (each["tag"] for each in self._tag.finditer(text))
        return [tag for tag in tags if "/" in tag]

    def of_card(self, line: int, question: Content) -> tuple[Content, Sequence[str]]:
        """The question of a card on a line without the deck tags before it, and its deck tags."""
        found = self._first.match(question.text)
        if found:
            rest = question.without_start(found.end())
            return rest, self._below(found[0])
        number = bisect_left(self._lines, line)
        if number == 0:
            return question, ()
        return question, self._decks[number - 1]


def _is_in_front_matter(file: ShapedFile, names: str) -> bool:
    """Whether a deck tag is among the properties of a file."""
    tag = re.compile(rf"(?<![\w/-])#?{names}(?:/[\w/-]+)?(?![\w/-])", re.IGNORECASE)
    is_of_tags = False
    for line in file.lines[: file.first_line]:
        start = 0
        key = _KEY.match(line)
        if key:
            is_of_tags = _TAGS_KEY.match(line) is not None
            start = key.end()
        if is_of_tags and tag.search(line, start):
            return True
    return False
