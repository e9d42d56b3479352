"""Cards as the checks read them: the trees of an entry, its plain question, and its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ankipress.diagnostics import Location
from ankipress.model import Entry
from ankipress.syntax.deletions import Deletion
from ankipress.syntax.entry_trees import EntryTrees, PartTree
from ankipress.syntax.plain_text import plain
from ankipress.syntax.raw_html import raw_html
from ankipress.syntax.shown_text import shown_nodes, shown_text, text_blocks
from ankipress.syntax.tree import Content, Kind, Node
from ankipress.syntax.tree_deletions import tree_deletions

# Kinds of card that show what stands below the heading, and hide only a part of it.
_SHOWING = frozenset({"cloze", "choice"})
_DEEPEST = 10  # Anki reads no deletion that stands in more of them
_LONGEST_NUMBER = 5  # digits


class CardNode(NamedTuple):
    """A node of a part of a card."""

    tree: PartTree
    node: Node

    @property
    def place(self) -> Location:
        """Where its first line stands in the file, without blanks at its end."""
        text = self.tree.part.text
        start = self.node.start
        line = text[start : self.node.end].partition("\n")[0].rstrip()
        return self.tree.place(start, start + len(line))


class Words(NamedTuple):
    """The words of a paragraph or another text of a card, as a learner reads them."""

    tree: PartTree
    content: Content

    @property
    def text(self) -> str:
        """All of them."""
        return self.content.text

    def place(self, start: int, end: int) -> Location:
        """Where a span of them stands in the file."""
        return self.tree.place(*self.content.span(start, end))


@dataclass(frozen=True, slots=True)
class CardText:
    """The trees of an entry, with its plain question.

    `question` has the heading only; `front` is what a learner sees before the answer.
    """

    trees: EntryTrees
    question: str
    front: str

    @property
    def entry(self) -> Entry:
        """The entry that was read."""
        return self.trees.entry

    @property
    def language(self) -> str:
        """The language that the author names, in lower case and without a region, or empty."""
        language = self.entry.attributes.lang or ""
        return language.partition("-")[0].lower()

    @property
    def hides_back(self) -> bool:
        """Whether the back is hidden as a whole until a learner turns the card."""
        return self.entry.kind not in _SHOWING

    @property
    def below(self) -> PartTree:
        """What a learner sees below the heading before the answer.

        Without a line `---`, all is seen of a card that hides only a part of it.
        """
        front = self.trees.part("Front")
        if not front.part.text and not self.hides_back:
            return self.trees.part("Back")
        return front

    def nodes(self, *kinds: Kind, part: str = "") -> Iterator[CardNode]:
        """The nodes of some kinds in a part or, without its name, in all, from top to bottom."""
        for name, tree in self.trees.parts():
            if (part and name != part) or _is_no_markdown(self.entry, name):
                continue
            for node in shown_nodes(tree.nodes):
                if node.kind in kinds:
                    yield CardNode(tree, node)


@dataclass(frozen=True, slots=True)
class DeckText:
    """All cards of a project."""

    cards: tuple[CardText, ...]


def read_cards(entries: Iterable[Entry]) -> tuple[CardText, ...]:
    """Read the cards of entries."""
    return tuple(map(_read_card, entries))


def _is_no_markdown(entry: Entry, name: str) -> bool:
    """Whether a field of a learners' note type is packed as it is written."""
    if not entry.is_adopted:
        return False
    return entry.is_bare(name) or raw_html(entry.part(name)) is not None


def _read_card(entry: Entry) -> CardText:
    trees = EntryTrees(entry)
    for _ in trees.parts():
        pass  # they are read now, so that reading can be given up between two cards
    question = plain(trees.heading.tree)
    card = CardText(trees, question, question)
    below = plain(card.below.tree)
    return CardText(trees, question, f"{question} {below}".strip())


def heading_words(card: CardText, *without: Kind) -> Words:
    """The words of a heading, with a blank for each node of some kinds."""
    return _words(card.trees.heading, card.trees.heading.nodes, without)


def words_of(tree: PartTree, *without: Kind) -> Iterator[Words]:
    """The words of each text of a part, with a blank for each node of some kinds."""
    for nodes in text_blocks(tree.nodes):
        yield _words(tree, nodes, without)


def _words(tree: PartTree, nodes: Iterable[Node], without: Sequence[Kind]) -> Words:
    return Words(tree, shown_text(nodes, tree.part.text, without))


def cloze_trees(card: CardText) -> tuple[PartTree, PartTree]:
    """The heading of a cloze card, and what belongs to its text below it."""
    return card.trees.heading, card.below


class Hidden(NamedTuple):
    """A deletion and the part that it stands in."""

    tree: PartTree
    deletion: Deletion


def deletions_by_number(trees: Iterable[PartTree]) -> Mapping[int, Sequence[Hidden]]:
    """The deletions that Anki reads, by the numbers of their cards."""
    found: dict[int, list[Hidden]] = defaultdict(list)
    for tree in trees:
        deletions = tree_deletions(tree.nodes, tree.part.text)
        for each in _not_too_deep(sorted((*deletions.in_prose, *deletions.elsewhere))):
            for digits in each.numbers.split(","):
                # Python would refuse to read a number of many thousand digits.
                if len(digits) <= _LONGEST_NUMBER:
                    found[int(digits)].append(Hidden(tree, each))
    return found


def _not_too_deep(deletions: Iterable[Deletion]) -> Iterator[Deletion]:
    ends: list[int] = []  # of the deletions around the current one
    for deletion in deletions:
        # Deletions come in the order of their beginnings, outer ones first.
        while ends and ends[-1] < deletion.start:
            ends.pop()
        ends.append(deletion.end)
        if len(ends) <= _DEEPEST:
            yield deletion
