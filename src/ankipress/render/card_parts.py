"""The parts of one note on their way to HTML, with the problems that are found on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Entry, Part
from ankipress.render.cloze_text import HIGHEST_NUMBER, read_cloze, wrong_numbers
from ankipress.render.footnotes import used_footnotes
from ankipress.render.html import canonical, is_visible
from ankipress.render.markdown import Converter, Finding
from ankipress.render.math import finish_math


class Parts:
    """What an author wrote of one note, rendered part by part. Whatever is wrong is kept in
    `problems`.
    """

    def __init__(self, converter: Converter, entry: Entry) -> None:
        self._converter = converter
        self.entry = entry
        self.problems: list[Diagnostic] = []

    def question(self, part: str = "Front") -> str:
        """The heading and a part below it, as one field."""
        html, findings = self._converter.question(
            self.entry.heading, self._defined(self.entry.part(part), self.entry.heading)
        )
        self._report(findings, self.entry.parts.get(part))
        return finish_math(html)

    def cloze(self, part: str, *, highlights: bool, alone: bool = False) -> str:
        """The heading and a part below it as the text of a cloze note; with `highlights`,
        `==text==` is a deletion.

        `alone` leaves the heading out.
        """
        heading = "" if alone else self.entry.heading
        html, findings = self._converter.convert_cloze(
            heading, self._defined(self.entry.part(part), heading)
        )
        self._report(findings, self.entry.parts.get(part))
        text = read_cloze(canonical(html), highlights=highlights)
        for words in text.unclosed:
            message = f'the deletion "{words}" never ends, so it hides nothing'
            self.report(
                "unclosed-deletion", message, "close it with }}", self._place_of_words(words)
            )
        for numbers in wrong_numbers(text.html):
            words = f"{{{{c{numbers}::"
            message = (
                f"the deletion {words}…}}}} hides nothing: Anki counts from 1 to {HIGHEST_NUMBER}"
            )
            self.report(
                "deletion-number", message, "give it another number", self._place_of_words(words)
            )
        return finish_math(text.html)

    def heading(self) -> str:
        """The heading alone."""
        return self.line(self.entry.heading)

    def context(self) -> str:
        """The heading of the table that a row stands in, smaller than the question; empty for all
        other cards.
        """
        return self.line(self.entry.context).replace("<p>", '<p class="context">', 1)

    def line(self, text: str) -> str:
        """A line of Markdown as a paragraph."""
        return (
            finish_math(self._converter.question(text, self._defined("", text))[0]) if text else ""
        )

    def field(self, name: str, then: Callable[[str], str] = str) -> str:
        """A part as a field, empty where it is not written."""
        part = self.entry.parts.get(name)
        return self.text(part, then) if part else ""

    def text(self, part: Part, then: Callable[[str], str] = str) -> str:
        """Any stretch of the note's Markdown as HTML."""
        if not part.text:
            return ""
        html, findings = self._converter.field(self._defined(part.text))
        self._report(findings, part)
        return finish_math(then(html))

    def _defined(self, text: str, heading: str = "") -> str:
        """A text with what its links, pictures and footnotes, and those of a heading above it,
        mean.

        The text goes first, so that its lines keep their numbers, and what it defines itself holds.
        """
        footnotes = (
            used_footnotes(f"{heading}\n{text}", self.entry.footnotes)
            if self.entry.footnotes
            else ""
        )
        return "\n\n".join(filter(None, (text, footnotes, self.entry.definitions)))

    def require(self, html: str, code: str, message: str, way_out: str) -> None:
        """Say that something is missing, unless a learner would see something of this HTML."""
        if not is_visible(html):
            self.report(code, message, way_out)

    def report(self, code: str, message: str, way_out: str, place: Location | None = None) -> None:
        """Keep a problem; without a place, it is one of the whole note."""
        self.problems.append(Diagnostic(code, place or self.entry.location, message, way_out))

    def _report(self, findings: Sequence[Finding], part: Part | None) -> None:
        for finding in findings:
            place = (
                self._place_of(finding, part)
                if part and finding.line is not None
                else self.entry.location
            )
            self.report(finding.code, finding.mistake.message, finding.mistake.help, place)

    def _place_of(self, finding: Finding, part: Part) -> Location:
        return Location(
            self.entry.path, part.line + (finding.line or 0), finding.column + 1, finding.width
        )

    def _place_of_words(self, words: str) -> Location | None:
        """Where some words stand below the heading; None where they are not found."""
        for part in sorted(self.entry.parts.values(), key=lambda part: part.line):
            if (place := part.text.find(words)) >= 0:
                column = place - part.text.rfind("\n", 0, place)
                return Location(
                    self.entry.path, part.line + part.text.count("\n", 0, place), column, len(words)
                )
        return None
