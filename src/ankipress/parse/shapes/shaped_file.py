"""What every reader of a shape is given, the body of a file with its blocks, and what it gives: the
sections of the cards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import itemgetter

from ankipress.diagnostics import Diagnostic
from ankipress.model import USUAL_SEPARATORS, Breaks, Separators
from ankipress.parse.attributes import split_attributes
from ankipress.parse.cut_parts import FIELD_HEADINGS
from ankipress.parse.shapes.levels import question_level
from ankipress.parse.shapes.words import names_answer
from ankipress.project.settings import CardLevel
from ankipress.syntax.blocks import read_blocks
from ankipress.syntax.dialect import OBSIDIAN, dialect_of
from ankipress.syntax.obsidian_comments import without_comments
from ankipress.syntax.outline import Heading, Outline, outline
from ankipress.syntax.plain_text import plain_heading
from ankipress.syntax.tree import Node, walk

Trail = tuple[str, ...]
"""The plain texts of the headings above a card."""

_NO_TEXT = frozenset({"code", "html_block", "math_block"})
_LISTS = frozenset({"bullets", "item", "numbers"})


@dataclass(frozen=True, slots=True)
class FoundSection:
    """A card as a shape found it, in a text as the shape `headings` would have it.

    It stands on the 0-based lines of the file from `line` up to `end`. `breaks` say where the
    pieces of the text stand below `line`; none where it is made of the complete lines of the file.
    `problems` are those of the marks that the shape reads, with no path.
    """

    text: str
    line: int
    end: int
    trail: Trail
    breaks: Breaks = ()
    problems: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class ShapedFile:
    """The lines of a file, those before `first_line` of front matter. `card_level` is the level of
    the headings that make cards, and `stem` the name of the file without its ending.
    `answer_headings` are headings, in lower case, that belong to answers wherever they stand.
    `dialect` is that of its Markdown, and `separators` are the marks of cards in its vault.
    """

    lines: Sequence[str]
    first_line: int = 0
    card_level: CardLevel = 2
    stem: str = ""
    answer_headings: frozenset[str] = frozenset()
    dialect: str = "github"
    separators: Separators = USUAL_SEPARATORS

    @cached_property
    def level(self) -> int:
        """The level of the headings that make cards in this file."""
        if isinstance(self.card_level, str):
            return question_level(self.outline.headings)
        return self.card_level

    @cached_property
    def body(self) -> Sequence[str]:
        """The lines with blanks for front matter and for Obsidian's comments: places stay those of
        the file.
        """
        matter = self.lines[: self.first_line]
        blanks = [" " * len(line) for line in matter]
        body = [*blanks, *self.lines[self.first_line :]]
        if self.dialect == OBSIDIAN:
            return without_comments(body)
        return body

    @property
    def front_matter(self) -> str:
        """The text of the front matter, with the marks around it."""
        return "\n".join(self.lines[: self.first_line])

    @cached_property
    def outline(self) -> Outline:
        """The headings and rules of the outermost level."""
        return outline(self.body)

    @cached_property
    def text(self) -> str:
        """The body as one text."""
        return "\n".join(self.body)

    @cached_property
    def nodes(self) -> Sequence[Node]:
        """The outermost blocks, without those that `<details>` hide and headings in them."""
        return [node for node in self.all_nodes if not self.is_hidden(node)]

    @cached_property
    def all_nodes(self) -> Sequence[Node]:
        """The outermost blocks."""
        return read_blocks(self.text).nodes

    @cached_property
    def code_blocks(self) -> Mapping[int, int]:
        """The first line of each block of code, mathematics or HTML, and the line after it."""
        blocks = (node for node in walk(self.all_nodes) if node.kind in _NO_TEXT)
        lines = map(self.lines_of, blocks)
        return {each.start: each.stop for each in lines}

    @cached_property
    def code_lines(self) -> AbstractSet[int]:
        """The lines of all blocks of code, mathematics and HTML."""
        ranges = (range(start, end) for start, end in self.code_blocks.items())
        return frozenset(line for each in ranges for line in each)

    @property
    def details(self) -> Sequence[tuple[int, int]]:
        """The outermost ranges of 0-based lines between tags `<details>` that match."""
        return self.outline.details

    def is_of_answer(self, heading: Heading) -> bool:
        """Whether the settings say that such a heading is a part of an answer."""
        if not self.answer_headings:
            return False
        text = split_attributes(heading.text)[0]
        name = text.strip().casefold()
        return name in self.answer_headings

    def ends_answer(self, heading: Heading) -> bool:
        """Whether a heading ends an answer that is below no heading of its own: any but `Answer`
        and such, and those of fields of the card.
        """
        text = split_attributes(heading.text)[0]
        if names_answer(text) or text.strip().lower() in FIELD_HEADINGS:
            return False
        return not self.is_of_answer(heading)

    def is_hidden(self, node: Node) -> bool:
        """Whether a block stands between the tags of a `<details>`."""
        line = self.line_of(node.start)
        number = bisect_right(self.details, line, key=itemgetter(0)) - 1
        if number < 0:
            return False
        start, end = self.details[number]
        return start < line <= end

    @cached_property
    def _heading_lines(self) -> Sequence[int]:
        """The 0-based lines on which the headings begin."""
        return [each.start for each in self.outline.headings]

    def headings_in(
        self,
        start: int,
        end: int,
    ) -> Sequence[Heading]:
        """The headings that begin on the 0-based lines from `start` up to `end`."""
        first = bisect_left(self._heading_lines, start)
        last = bisect_left(self._heading_lines, end)
        return self.outline.headings[first:last]

    def heading_above(self, line: int) -> Heading | None:
        """The last heading that begins above a 0-based line."""
        number = bisect_left(self._heading_lines, line) - 1
        if number < 0:
            return None
        return self.outline.headings[number]

    @cached_property
    def _starts(self) -> Sequence[int]:
        """The offset of each line."""
        return [0, *accumulate(len(line) + 1 for line in self.body)]

    def offset(self, line: int) -> int:
        """The offset at which a 0-based line begins; the end of the text for the line after it."""
        return min(self._starts[line], len(self.text))

    def line_of(self, offset: int) -> int:
        """The 0-based line on which an offset stands."""
        return bisect_right(self._starts, offset) - 1

    def lines_of(self, node: Node) -> range:
        """The 0-based lines of a block."""
        first = self.line_of(node.start)
        last = self.line_of(max(node.start, node.end - 1))
        return range(first, last + 1)

    @cached_property
    def _trails(self) -> Sequence[Trail]:
        """The trail below each heading; one in an answer has that of its card."""
        headings = self.outline.headings
        sections = [each for each in headings if self.ends_answer(each)]
        trail_of = dict(trails(sections, self.dialect))
        found: list[Trail] = []
        above: Trail = ()
        for heading in headings:
            above = trail_of.get(heading, above)
            found.append(above)
        return found

    def trail(self, line: int) -> Trail:
        """The headings above a line, and on it."""
        number = bisect_right(self._heading_lines, line) - 1
        if number < 0:
            return ()
        return self._trails[number]


Reader = Callable[[ShapedFile], Iterator[FoundSection]]
"""Finds the cards of a file in their order."""


def trails(headings: Sequence[Heading], dialect: str) -> Iterator[tuple[Heading, Trail]]:
    """Each heading with the trail of what stands below it.

    The first heading of level 1 names the deck, and is in no trail.
    """
    above: dict[int, str] = {}
    is_titled = False
    for heading in headings:
        _leave(above, heading.level)
        if heading.level == 1 and not is_titled:
            is_titled = True
        else:
            above[heading.level] = name_of(heading, dialect)
        names = filter(None, above.values())
        yield heading, tuple(names)


def _leave(above: dict[int, str], level: int) -> None:
    """Take out the headings that one of a level ends."""
    for each in list(above):
        if each >= level:
            del above[each]


def name_of(heading: Heading, dialect: str) -> str:
    """The plain text of a heading without its braces."""
    markdown = split_attributes(heading.text)[0]
    syntax = dialect_of(dialect, hides_highlights=False)
    return plain_heading(markdown, syntax)


def unquoted(nodes: Sequence[Node]) -> Iterator[Node]:
    """Blocks with those in lists among them, in the order of the text, but none in a quote."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        if node.kind in _LISTS:
            waiting += reversed(node.children)


def paragraph_lines(file: ShapedFile) -> set[int]:
    """The 0-based lines of all paragraphs, also in lists, but not in quotes.

    So no line of code, of HTML or of a comment is one.
    """
    lines: set[int] = set()
    for node in unquoted(file.nodes):
        if node.kind == "paragraph":
            lines.update(file.lines_of(node))
    return lines
