"""Markdown → HTML with GitHub's rules."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ankipress.render.code_blocks import CodeBlocks
from ankipress.render.findings import Finding
from ankipress.render.html import canonical, canonical_part
from ankipress.render.marking import Marking
from ankipress.render.simple_blocks import Read, read_simple, simple_line

if TYPE_CHECKING:
    from markdown.extensions import Extension

    from ankipress.render.gfm import GfmMarkdown

# Python-Markdown marks with these control characters, which are errors in a source.
_RESERVED = re.compile(r"[\x02\x03]")
_LINES_ABOVE = 2  # those of the heading, above the text below a question

Converted = tuple[str, tuple[Finding, ...]]
"""HTML, and what is wrong with the text that it was made of."""


class Converter:
    """Converts one text after another, with the extensions that a project adds.

    One converter should serve many texts: the first that is not simple costs as much as fifty.
    """

    def __init__(self, extensions: Sequence[Extension] = ()) -> None:
        self._extensions = extensions
        self._marking = Marking()
        self._code_blocks = CodeBlocks(self._marking)

    @functools.cached_property
    def _gfm(self) -> GfmMarkdown:
        # Most cards do without it, and importing it takes longer than rendering them.
        from ankipress.render.gfm import GfmMarkdown  # noqa: PLC0415

        return GfmMarkdown(self._code_blocks, self._marking, self._extensions)

    def convert(self, text: str, *, is_question: bool = False) -> Converted:
        """The HTML of a text, not yet canonical."""
        return self._gfm.convert(_RESERVED.sub("\ufffd", text), is_question=is_question)

    def convert_question(self, heading: str, more: str) -> Converted:
        """The HTML of a heading, as a paragraph, and of what is below it, not yet canonical.

        The lines of findings count from below the heading.
        """
        line = heading.replace("\n", " ")
        if not line:
            return self.convert(more)
        # It is read as a heading, since "1. What …" would become a list in a paragraph.
        html, findings = self.convert(f"# {line} #\n\n{more}", is_question=True)
        return html, tuple(each.below(_LINES_ABOVE) for each in findings)

    def convert_cloze(self, heading: str, more: str) -> Converted:
        """Convert a question with the deletions in code and mathematics marked.

        `read_cloze` reads the other deletions.
        """
        self._marking.is_on = True
        try:
            return self.convert_question(heading, more)
        finally:
            self._marking.is_on = False

    def field(self, text: str) -> Converted:
        """The canonical HTML of a text."""
        html, findings = self._part(text)
        return html.strip(), findings

    def question(self, heading: str, more: str) -> Converted:
        """The canonical HTML of a heading, as a paragraph, and of what is below it.

        The lines of findings count from below the heading.
        """
        # Python-Markdown takes other kinds of space for nothing where they stand alone.
        line = None
        if not (self._extensions or more.isspace() or "[^" in more):
            line = simple_line(heading)
        if line is None:
            html, findings = self.convert_question(heading, more)
            return canonical(html), findings
        if not more:
            return line, ()
        below, findings = self._part(more)
        return f"{line}\n{below}".strip(), findings

    def _part(self, text: str) -> Converted:
        """The canonical HTML of a text, with the space at its end."""
        read = self._read_simple(text)
        if read.html and read.end == len(text):
            return "\n".join(read.html), ()
        html, findings = self.convert(text[read.end :])
        lines = text.count("\n", 0, read.end)
        if lines:
            findings = tuple(each.lower(lines) for each in findings)
        return "\n".join((*read.html, canonical_part(html))), findings

    def _read_simple(self, text: str) -> Read:
        nothing = Read([], 0)
        # The ids of footnotes are made of the complete text.
        if self._extensions or "[^" in text:
            return nothing
        self._code_blocks.mistakes.clear()
        read = read_simple(text, self._code_blocks.render)
        # The places of mistakes are found in the complete text.
        return nothing if self._code_blocks.mistakes else read
