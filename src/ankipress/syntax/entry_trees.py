"""The trees of an entry: of its heading and of each of its parts, each read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ankipress.diagnostics import Location
from ankipress.model import KINDS, Entry, Part
from ankipress.syntax.blocks import Definition, read_blocks
from ankipress.syntax.dialect import Dialect, dialect_of
from ankipress.syntax.markdown_reading import Tree, read_heading, read_markdown, references_of
from ankipress.syntax.spans import line_and_column
from ankipress.syntax.tree import Content, Node, walk

_EMPTY = Part("", 1)


@dataclass(slots=True)
class PartTree:
    """A part of an entry and its tree, which can tell where its nodes stand in the file."""

    path: str
    part: Part
    tree: Tree

    @property
    def nodes(self) -> list[Node]:
        """The outermost nodes."""
        return self.tree.nodes

    def walk(self) -> Iterator[Node]:
        """All nodes in the order of the text."""
        return walk(self.tree.nodes)

    def place(self, start: int, end: int) -> Location:
        """Where a span of the part stands in the file."""
        return self.part.place(self.path, start, end)

    def place_of(self, node: Node) -> Location:
        """Where a node stands in the file."""
        return self.place(node.start, node.end)


@dataclass(slots=True)
class Passage:
    """What is shown as one field: a heading, if any, a part, and the footnotes of both.

    `question` and `body` may be empty. `body_text` is the Markdown of the body. `definitions` are
    those of links that stand elsewhere.
    """

    question: PartTree
    body: PartTree
    body_text: str
    definitions: str = ""
    footnotes: list[PartTree] = field(default_factory=list)
    dialect: Dialect = Dialect.GITHUB

    @property
    def text(self) -> str:
        """All of it as one text, in which a question is a heading.

        It is read as a heading, since "1. What …" would become a list in a paragraph.
        """
        texts = [self.body_text, *(each.part.text for each in self.footnotes)]
        below = "\n\n".join(filter(None, (*texts, self.definitions)))
        line = self.question.part.text.replace("\n", " ")
        if not line:
            return below
        return f"# {line} #\n\n{below}"

    @property
    def beginning(self) -> Location:
        """Where it begins in the file."""
        first = self.body
        if self.question.nodes:
            first = self.question
        return first.place(0, 1)

    @property
    def trees(self) -> list[PartTree]:
        """The heading, the part, and then the footnotes."""
        return [self.question, self.body, *self.footnotes]


def passage_of(text: str, heading: str = "") -> Passage:
    """A text that is no part of an entry, below a heading."""
    question = PartTree("", Part(heading, 1), read_heading(heading, hides="{{c" in heading))
    below = 1
    if heading:
        below = 2
    tree = read_markdown(text, hides="{{c" in text)
    return Passage(question, PartTree("", Part(text, below), tree), text)


class EntryTrees:
    """Reads the heading and the parts of an entry when they are asked for."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        definitions: list[Definition] = []
        if entry.definitions:
            definitions = read_blocks(entry.definitions).definitions
        self._references = references_of(definitions)
        self._known: dict[tuple[Part, bool], PartTree] = {}

    def part(self, name: str) -> PartTree:
        """The tree of a part; an empty one where it is not written.

        Where nothing in it is Markdown, all of it is one block of code.
        """
        if self.entry.is_bare(name):
            return self._bare(self.entry.parts.get(name, _EMPTY))
        return self.tree(self.entry.parts.get(name, _EMPTY))

    @property
    def heading(self) -> PartTree:
        """The tree of the heading: text without blocks."""
        if self._is_bare_heading:
            return self._bare(self.entry.question)
        return self.line(self.entry.question)

    def tree(self, part: Part) -> PartTree:
        """The tree of some Markdown of this entry."""
        return self._read(part, is_line=False)

    def line(self, part: Part) -> PartTree:
        """The tree of some Markdown of this entry that is text without blocks."""
        return self._read(part, is_line=True)

    def parts(self) -> Iterator[tuple[str, PartTree]]:
        """The parts with their names, in the order of the file."""
        for name, _ in sorted(self.entry.parts.items(), key=lambda item: item[1].line):
            yield name, self.part(name)

    def all(self) -> Iterator[PartTree]:
        """The tree of the heading, and those of the parts in the order of the file."""
        yield self.heading
        for _, tree in self.parts():
            yield tree

    def passage(self, part: Part, question: Part = _EMPTY) -> Passage:
        """A part below a heading, with the footnotes of both."""
        return self._passage(self.line(question), self.tree(part), part.text)

    def blocks(self, name: str, nodes: Sequence[Node]) -> Passage:
        """Some blocks of a part, with their footnotes."""
        whole = self.part(name)
        body = PartTree(whole.path, whole.part, replace(whole.tree, nodes=list(nodes)))
        text = _outdented(whole.part.text, nodes)
        return self._passage(self.line(_EMPTY), body, text)

    def _passage(
        self,
        question: PartTree,
        body: PartTree,
        text: str,
    ) -> Passage:
        passage = Passage(question, body, text, self.entry.definitions, dialect=self._dialect)
        passage.footnotes = self._footnotes(passage.trees)
        return passage

    def _read(self, part: Part, *, is_line: bool) -> PartTree:
        key = part, is_line
        if key not in self._known:
            read = read_markdown
            if is_line:
                read = read_heading
            hides = "{{c" in part.text
            tree = read(
                part.text,
                self._references,
                self.entry.footnotes.keys(),
                hides=hides,
                dialect=self._dialect,
            )
            self._known[key] = PartTree(self.entry.path, part, tree)
        return self._known[key]

    @property
    def _is_bare_heading(self) -> bool:
        entry = self.entry
        return not entry.is_labelled and entry.is_bare(entry.first_field)

    def _bare(self, part: Part) -> PartTree:
        """The tree of a text that is no Markdown: code, or nothing."""
        nodes: list[Node] = []
        if part.text:
            content = Content(part.text)
            nodes.append(Node("code", 0, len(part.text), part.text, content=content, markup="```"))
        return PartTree(self.entry.path, part, Tree(part.text, nodes))

    @property
    def _dialect(self) -> Dialect:
        """As it is read; a highlight is a deletion where its author has named such a kind."""
        kind = self.entry.attributes.kind
        hides = kind is not None and (kind == "cloze" or kind not in KINDS)
        hides = hides and not self.entry.is_adopted
        return dialect_of(self.entry.dialect, hides_highlights=hides)

    def _footnotes(self, trees: Iterable[PartTree]) -> list[PartTree]:
        """The footnotes that some trees refer to and do not define, and those of these."""
        defined: Mapping[str, Part] = self.entry.footnotes
        if not defined:
            return []
        found: dict[str, PartTree] = {}
        waiting = list(trees)
        own = {label for each in waiting for label in each.tree.footnotes}
        while waiting:
            for node in waiting.pop(0).walk():
                label = node.info
                if node.kind != "footnote_reference" or label in own or label in found:
                    continue
                found[label] = self.tree(defined[label])
                waiting.append(found[label])
        return list(found.values())


def _outdented(text: str, nodes: Sequence[Node]) -> str:
    """The Markdown of some blocks without the indentation of the first."""
    if not nodes:
        return ""
    first_node = nodes[0]
    if first_node.kind == "html_block" and len(nodes) == 1:
        return first_node.text
    start = first_node.start
    end = nodes[-1].end
    # The box of a task is no part of its text.
    if first_node.kind == "paragraph" and first_node.children:
        start = first_node.children[0].start
    _, column = line_and_column(text, start)
    first, *lines = text[start:end].split("\n")
    indented = re.compile(rf"[ \t]{{0,{column}}}")
    return "\n".join((first, *(indented.sub("", line, count=1) for line in lines)))
