"""The cards as the checks read them: the plain question, and the blocks of Markdown with the lines
they stand on.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ankipress.diagnostics import Location
from ankipress.model import Entry, Source
from ankipress.syntax.plain_text import plain_text

_SHOWING = frozenset(
    {"cloze", "choice"}
)  # kinds of card that show what stands below the heading, and hide only a part of it


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a card: its token, the field it is for, and the 1-based lines of the file from its
    first to behind its last.
    """

    token: Token
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Card:
    """An entry, its question as plain text, its blocks in the order of the file, and the lines of
    its file.

    `question` has the heading only; `front` what a learner sees before the answer.
    """

    entry: Entry
    question: str
    front: str
    blocks: tuple[Block, ...]
    lines: Sequence[str]

    @property
    def language(self) -> str:
        """The language that the author names, in lower case and without a region; empty where none
        is named.
        """
        return (self.entry.attributes.lang or "").partition("-")[0].lower()

    @property
    def answers_below(self) -> bool:
        """Whether what is for the back is hidden as a whole until a learner turns the card."""
        return self.entry.kind not in _SHOWING

    def of(self, name: str) -> Iterator[Block]:
        """The blocks for one field."""
        return (each for each in self.blocks if each.field == name)

    def place(self, start: int, words: str = "", end: int = 0) -> Location:
        """Where words stand in the lines from `start` to before `end`, or the whole first line
        where they do not.
        """
        for number in range(start, max(end, start + 1)):
            if (
                words
                and number <= len(self.lines)
                and (column := self.lines[number - 1].find(words)) >= 0
            ):
                return Location(self.entry.path, number, column + 1, len(words))
        line = self.lines[start - 1] if start <= len(self.lines) else ""
        indent = len(line) - len(line.lstrip())
        return Location(self.entry.path, start, indent + 1, max(1, len(line.strip())))

    def in_question(self, words: str) -> Location:
        """Where words of the plain question stand in its heading; the whole heading where markup
        stands between them.
        """
        found = self.place(self.entry.location.line, words)
        return found if self.lines and words else self.entry.location


@dataclass(frozen=True, slots=True)
class Reading:
    """All cards of a project, the files that their links may mean, by path, and their text where it
    has headings.
    """

    cards: tuple[Card, ...]
    files: Mapping[str, str] = field(default_factory=dict)


def read_cards(entries: Sequence[Entry], sources: Sequence[Source]) -> tuple[Card, ...]:
    """The cards of some entries, which stand in these sources."""
    lines = {source.path: source.text.split("\n") for source in sources}
    return tuple(read_card(entry, lines.get(entry.path, ())) for entry in entries)


def read_card(entry: Entry, lines: Sequence[str]) -> Card:
    """The card of an entry that stands in these lines."""
    question = plain_text(entry.heading)
    # Without a line `---`, what stands below the heading of such a card is in front of the learner
    # too.
    below = entry.part("Front") or (entry.part("Back") if entry.kind in _SHOWING else "")
    front = f"{question} {plain_text(below)}".strip()
    return Card(entry, question, front, tuple(_blocks(entry)), lines)


def _blocks(entry: Entry) -> Iterator[Block]:
    for name, part in sorted(entry.parts.items(), key=lambda item: item[1].line):
        start, end = 0, 0
        for token in _parser().parse(part.text):
            # The cells of a table have no lines of their own before some version: those of what
            # holds them.
            start, end = token.map or (start, end)
            yield Block(token, name, part.line + start, part.line + end)


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def prose(block: Block, *, code: bool = True) -> str:
    """The text of a block of prose, empty for any other block: pictures do not count, code spans
    where they are wanted.
    """
    if block.token.type != "inline":
        return ""
    pieces = (_inline_text(each, code=code) for each in block.token.children or ())
    return "".join(pieces).strip()


def _inline_text(token: Token, *, code: bool) -> str:
    if token.type in {"text", "text_special"} or (code and token.type == "code_inline"):
        return token.content
    return " " if token.type in {"softbreak", "hardbreak", "code_inline"} else ""
