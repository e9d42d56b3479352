"""Python-Markdown with GitHub's blocks and text in place of its own.

It is imported only for what `simple_blocks` cannot read.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from pymdownx.tasklist import TasklistExtension

from ankipress.render.blocks import GfmBlockParser, RawHtml
from ankipress.render.code_blocks import CodeBlocks
from ankipress.render.findings import (
    Finding,
    code_findings,
    extension_finding,
    footnote_finding,
)
from ankipress.render.inline import Inline
from ankipress.render.marking import Marking
from ankipress.render.sanitizer_report import SanitizerReport
from ankipress.render.tags import limit_nesting

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class GfmMarkdown(Extension):
    """Converts texts, with the extensions that a project adds."""

    def __init__(
        self,
        code_blocks: CodeBlocks,
        marking: Marking,
        extensions: Sequence[Extension],
    ) -> None:
        super().__init__()
        self._code_blocks = code_blocks
        self._marking = marking
        self._report = SanitizerReport()
        self._is_extended = bool(extensions)
        # Extensions as objects: by their names, Python-Markdown would search all that is installed.
        self._markdown = Markdown(extensions=[self, TasklistExtension(), *extensions])
        self._parser.collect_extensions()
        self._question = _QuestionHeading(self._markdown)
        self._markdown.treeprocessors.register(self._question, "ankipress_question", 0)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Replace Python-Markdown's parsers."""
        for name in ("html_block", "normalize_whitespace"):
            md.preprocessors.deregister(name)
        parser = GfmBlockParser(
            md,
            self._code_blocks.render,
            self._report,
            self._marking,
        )
        md.parser = self._parser = parser
        md.treeprocessors.register(Inline(md, parser.reader), "inline", 20)
        md.treeprocessors.register(parser.footnotes, "ankipress_footnotes", 19)
        md.postprocessors.register(RawHtml(md), "raw_html", 30)

    def convert(self, text: str, *, is_question: bool) -> tuple[str, tuple[Finding, ...]]:
        """The HTML of a text, not yet canonical, and what is wrong with it.

        If the text is a question, its first heading becomes a paragraph.
        """
        self._code_blocks.mistakes.clear()
        self._report.begin(text)
        # Python-Markdown does not parse a text of spaces.
        self._parser.footnotes.begin(text)
        self._question.is_wanted = is_question
        try:
            html = self._markdown.reset().convert(text)
        except Exception as error:
            if not self._is_extended:
                raise
            return f"<pre>{escape(text)}</pre>", (extension_finding(error),)
        if self._is_extended:
            self._report.check_output(html)
        if self._is_extended or self._report.saw_html:
            html = limit_nesting(html)
        missing = self._parser.footnotes.missing
        return html, (
            *code_findings(text, self._code_blocks.mistakes),
            *self._report.found,
            *(footnote_finding(text, words) for words in missing),
        )


class _QuestionHeading(Treeprocessor):
    """Turns the heading that holds the question into a paragraph."""

    is_wanted = False

    def run(self, root: Element) -> None:
        if self.is_wanted and len(root) and root[0].tag in _HEADINGS:
            root[0].tag = "p"
