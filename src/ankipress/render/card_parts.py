"""The parts of one note on their way to HTML, with the problems that are found in it."""

from __future__ import annotations

from collections.abc import Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Entry, Part
from ankipress.render.cloze_text import HIGHEST_NUMBER, read_cloze, wrong_numbers
from ankipress.render.findings import Finding
from ankipress.render.html import canonical, is_visible
from ankipress.render.markdown import Converter
from ankipress.render.math import finish_math
from ankipress.syntax.footnote_definitions import used_footnotes
from ankipress.syntax.spans import line_and_column


class Parts:
    """The parts of a note, rendered one by one. `problems` gathers what is wrong."""

    def __init__(self, converter: Converter, entry: Entry) -> None:
        self._converter = converter
        self.entry = entry
        self.problems: list[Diagnostic] = []

    def question(self, part: str = "Front") -> str:
        """The heading and a part below it, as one field."""
        heading = self.entry.heading
        text = self._with_definitions(self.entry.part(part), heading)
        html, findings = self._converter.question(heading, text)
        self._report_findings(findings, self.entry.parts.get(part))
        return finish_math(html)

    def cloze(
        self,
        part: str,
        *,
        highlights: bool,
        alone: bool = False,
    ) -> str:
        """The heading and a part below it as the text of a cloze note.

        With `highlights`, `==text==` is a deletion. `alone` leaves the heading out.
        """
        heading = "" if alone else self.entry.heading
        text = self._with_definitions(self.entry.part(part), heading)
        html, findings = self._converter.convert_cloze(heading, text)
        self._report_findings(findings, self.entry.parts.get(part))
        cloze = read_cloze(canonical(html), highlights=highlights)
        for words in cloze.unclosed:
            message = f'the deletion "{words}" never ends, so it hides nothing'
            place = self._place_of_words(words)
            self.report(
                "unclosed-deletion",
                message,
                "close it with }}",
                place,
            )
        for numbers in wrong_numbers(cloze.html):
            words = f"{{{{c{numbers}::"
            place = self._place_of_words(words)
            message = (
                f"the deletion {words}…}}}} hides nothing: Anki counts from 1 to {HIGHEST_NUMBER}"
            )
            self.report(
                "deletion-number",
                message,
                "give it another number",
                place,
            )
        return finish_math(cloze.html)

    def heading(self) -> str:
        """The heading alone."""
        return self._line(self.entry.heading)

    def context(self) -> str:
        """The heading of the table of a row, smaller than the question; empty for other cards."""
        return self._line(self.entry.context).replace("<p>", '<p class="context">', 1)

    def _line(self, text: str) -> str:
        """A line of Markdown as a paragraph."""
        if not text:
            return ""
        html, _ = self._converter.question(text, self._with_definitions("", text))
        return finish_math(html)

    def field(self, name: str) -> str:
        """A part as a field, empty if it is not written."""
        return self.text(self.entry.parts.get(name))

    def text(self, part: Part | None) -> str:
        """Any span of the note's Markdown as HTML."""
        if part is None or not part.text:
            return ""
        html, findings = self._converter.field(self._with_definitions(part.text))
        self._report_findings(findings, part)
        return finish_math(html)

    def _with_definitions(self, text: str, heading: str = "") -> str:
        """A text with the definitions of its links, pictures and footnotes, and of its heading's.

        The text goes first, so that its lines keep their numbers, and its own definitions count.
        """
        footnotes = used_footnotes(f"{heading}\n{text}", self.entry.footnotes)
        return "\n\n".join(filter(None, (text, footnotes, self.entry.definitions)))

    def require(
        self,
        html: str,
        code: str,
        message: str,
        help: str,
    ) -> None:
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
        self.problems.append(
            Diagnostic(
                code,
                place or self.entry.location,
                message,
                help,
            )
        )

    def _report_findings(self, findings: Sequence[Finding], part: Part | None) -> None:
        for code, mistake, line, column, width in findings:
            place = None
            if part and line is not None:
                place = Location(
                    self.entry.path,
                    part.line + line,
                    column + 1,
                    width,
                )
            self.report(
                code,
                mistake.message,
                mistake.help,
                place,
            )

    def place_in(self, part: Part, offset: int, width: int) -> Location:
        """Where a span of a part stands in the file."""
        line, column = line_and_column(part.text, offset)
        return Location(self.entry.path, part.line + line, column + 1, width)

    def _place_of_words(self, words: str) -> Location | None:
        """Where some words stand below the heading."""
        for part in sorted(self.entry.parts.values(), key=lambda part: part.line):
            offset = part.text.find(words)
            if offset >= 0:
                return self.place_in(part, offset, len(words))
        return None
