"""The parts of one note on their way to HTML, with the problems that are found in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Part
from ankipress.render.cloze_text import read_cloze
from ankipress.render.deletion_problems import deletion_problems
from ankipress.render.html import canonical, is_visible
from ankipress.render.markdown import Converter
from ankipress.render.math import finish_math
from ankipress.syntax.entry_trees import EntryTrees, PartTree, Passage
from ankipress.syntax.tree import Node


class Parts:
    """The parts of a note, rendered one by one. `problems` gathers what is wrong.

    `layout` makes canonical HTML of what was converted; deletions and mathematics are finished in
    it after that.
    """

    def __init__(self, converter: Converter, trees: EntryTrees) -> None:
        self._converter = converter
        self.trees = trees
        self.entry = trees.entry
        self.problems: list[Diagnostic] = []
        self.layout: Callable[[str], str] = canonical

    def question(self, part: str = "Front") -> str:
        """The heading and a part below it, as one field."""
        return self._field(self._part(part), self.entry.question)

    def cloze(self, part: str, *, highlights: bool, alone: bool = False) -> str:
        """The heading and a part below it as the text of a cloze note.

        With `highlights`, `==text==` is a deletion. `alone` leaves the heading out.
        """
        passage = self._passage(self._part(part), None if alone else self.entry.question)
        html, problems = self._converter.convert(passage, hides=True)
        self.problems += problems
        self.problems += deletion_problems(passage)
        field = read_cloze(self.layout(html), highlights=highlights)
        return finish_math(field)

    def heading(self) -> str:
        """The heading alone, whose problems are told with the question."""
        question = self.entry.question
        if not question.text:
            return ""
        html, _ = self._converter.convert(self._passage(Part("", question.line), question))
        return finish_math(canonical(html))

    def context(self) -> str:
        """The heading of the table of a row, smaller than the question; empty for other cards."""
        table = self.entry.table
        if table is None or not table.text:
            return ""
        # Each row tells the problems of the heading: they are equal, and so are told once.
        part = Part("", table.line)
        html = self._field(part, table)
        return html.replace("<p>", '<p class="context">', 1)

    def field(self, name: str) -> str:
        """A part as a field, empty if it is not written."""
        part = self.entry.parts.get(name)
        return self.text(part)

    def text(self, part: Part | None) -> str:
        """Any span of the note's Markdown as HTML."""
        if part is None or not part.text:
            return ""
        return self._field(part)

    def blocks(self, name: str, nodes: Sequence[Node]) -> str:
        """Some blocks of a part as HTML."""
        html, problems = self._converter.convert(self.trees.blocks(name, nodes))
        self.problems += problems
        return finish_math(canonical(html))

    def _field(self, part: Part, question: Part | None = None) -> str:
        html, problems = self._converter.convert(self._passage(part, question))
        self.problems += problems
        return finish_math(self.layout(html))

    def _part(self, name: str) -> Part:
        return self.entry.parts.get(name, Part("", self.entry.location.line))

    def _passage(self, part: Part, question: Part | None) -> Passage:
        if question is None or not question.text:
            return self.trees.passage(part)
        return self.trees.passage(part, question)

    def written(self, *names: str, below_heading: bool = False) -> Iterator[PartTree]:
        """The trees of some parts and of their footnotes, and of the heading above them."""
        question = None
        if below_heading:
            question = self.entry.question
        for name in names:
            yield from self._passage(self._part(name), question).trees
            question = None

    def require(self, html: str, code: str, message: str, help: str) -> None:
        """Report that something is missing, unless a learner would see something of this HTML."""
        if not is_visible(html):
            self.report(code, message, help)

    def report(
        self,
        code: str,
        message: str,
        help: str,
        place: Location | None = None,
    ) -> None:
        """Add a problem; without a place, it is one of the note."""
        location = place or self.entry.location
        self.problems.append(Diagnostic(code, location, message, help))
