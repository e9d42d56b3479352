"""Cards as the checks read them: the plain question, and blocks of Markdown with their lines."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ankipress.diagnostics import Location
from ankipress.model import Entry, Source
from ankipress.syntax.deletions import Deletion, find_deletions
from ankipress.syntax.plain_text import plain_text

# Kinds of card that show what stands below the heading, and hide only a part of it.
_SHOWING = frozenset({"cloze", "choice"})
# Tokens that checks look at. A large deck has many others, which would slow everything down.
_KEPT = frozenset(
    """
    inline html_block fence code_block list_item_open
    bullet_list_open bullet_list_close ordered_list_open ordered_list_close
    """.split()
)
_TEXT = frozenset({"text", "text_special"})
_TEXT_AND_CODE = _TEXT | {"code_inline"}
_SPACES = frozenset({"softbreak", "hardbreak", "code_inline"})
_DEEPEST = 10  # Anki reads no deletion that stands in more of them
_LONGEST_NUMBER = 5  # digits


@dataclass(frozen=True, slots=True)
class CardBlock:
    """A block of a card: its token, its field, its first line and the line after its last.

    Lines count from 1 in the file.
    """

    token: Token
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CardText:
    """An entry with its plain question, its blocks in their order, and the lines of its file.

    `question` has the heading only; `front` is what a learner sees before the answer.
    """

    entry: Entry
    question: str
    front: str
    blocks: tuple[CardBlock, ...]
    lines: Sequence[str]

    @property
    def language(self) -> str:
        """The language that the author names, in lower case and without a region, or empty."""
        language = self.entry.attributes.lang or ""
        return language.partition("-")[0].lower()

    @property
    def hides_back(self) -> bool:
        """Whether the back is hidden as a whole until a learner turns the card."""
        return self.entry.kind not in _SHOWING

    def back(self) -> Iterator[CardBlock]:
        """The blocks of the back."""
        return (each for each in self.blocks if each.field == "Back")

    def locate(self, words: str, block: CardBlock) -> Location:
        """Locate words in a block; its first line where no line of it holds them."""
        lines = range(block.start, block.end)
        return self._find(words, lines) or self.locate_line(block.start)

    def locate_in_question(self, words: str) -> Location:
        """Locate words in the heading; the whole heading where markup stands between them."""
        heading = self.entry.location
        return self._find(words, [heading.line]) or heading

    def locate_line(self, number: int) -> Location:
        """Locate the text of a line."""
        line = self._line(number)
        text = line.strip()
        return Location(
            self.entry.path,
            number,
            column=line.find(text) + 1,
            width=max(1, len(text)),
        )

    def _find(self, words: str, lines: Iterable[int]) -> Location | None:
        for number in lines:
            index = self._line(number).find(words)
            if index >= 0:
                return Location(self.entry.path, number, index + 1, len(words))
        return None

    def _line(self, number: int) -> str:
        if number > len(self.lines):
            return ""
        return self.lines[number - 1]


@dataclass(frozen=True, slots=True)
class DeckText:
    """All cards of a project, and the text of each file that a link of theirs means, by path.

    A file without headings has an empty text; a file that is not there is left out.
    """

    cards: tuple[CardText, ...]
    files: Mapping[str, str] = field(default_factory=dict)


def read_cards(entries: Iterable[Entry], sources: Iterable[Source]) -> tuple[CardText, ...]:
    """Read the cards of entries that stand in these sources."""
    lines = {source.path: source.text.split("\n") for source in sources}
    return tuple(_read_card(entry, lines.get(entry.path, ())) for entry in entries)


def _read_card(entry: Entry, lines: Sequence[str]) -> CardText:
    question = plain_text(entry.heading)
    below = entry.part("Front")
    # Without a line `---`, a learner sees what stands below the heading of such a card.
    if not below and entry.kind in _SHOWING:
        below = entry.part("Back")
    return CardText(
        entry,
        question,
        front=f"{question} {plain_text(below)}".strip(),
        blocks=tuple(read_blocks(entry)),
        lines=lines,
    )


def read_blocks(entry: Entry) -> Iterator[CardBlock]:
    """Parse the parts of an entry, in the order of their lines."""
    # Fields stand in any order in the file, and advice is read from top to bottom.
    parts = sorted(entry.parts.items(), key=lambda item: item[1].line)
    for name, part in parts:
        start, end = 0, 0
        for token in _parser().parse(part.text):
            # A token without lines, such as a cell, has those of the token before it.
            start, end = token.map or (start, end)
            if token.type in _KEPT:
                yield CardBlock(
                    token,
                    field=name,
                    start=part.line + start,
                    end=part.line + end,
                )


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def prose(block: CardBlock, *, code: bool = True) -> str:
    """The text of a block of prose without pictures, empty for any other block.

    Without `code`, a space stands in the place of each code span.
    """
    if block.token.type != "inline":
        return ""
    kept = _TEXT_AND_CODE if code else _TEXT
    pieces = []
    for token in block.token.children or ():
        if token.type in kept:
            pieces.append(token.content)
        elif token.type in _SPACES:
            pieces.append(" ")
    return "".join(pieces).strip()


def cloze_text(entry: Entry) -> str:
    """The heading of a cloze card and what belongs to its text below it."""
    below = entry.part("Front") or entry.part("Back")
    return f"{entry.heading}\n\n{below}"


def deletions_by_number(text: str) -> Mapping[int, Sequence[Deletion]]:
    """The deletions of a text that Anki reads, by the numbers of their cards."""
    found = defaultdict(list)
    ends: list[int] = []  # of the deletions around the current one
    for deletion in find_deletions(text).deletions:
        # Deletions come in the order of their beginnings, outer ones first.
        while ends and ends[-1] < deletion.start:
            ends.pop()
        ends.append(deletion.end)
        if len(ends) > _DEEPEST:
            continue
        for digits in deletion.numbers.split(","):
            # Python would refuse to read a number of many thousand digits.
            if len(digits) <= _LONGEST_NUMBER:
                found[int(digits)].append(deletion)
    return found
