"""Python-Markdown with GitHub's blocks and text in place of its own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from ankipress.interruption import Interruption
from ankipress.render.element_blocks import GfmBlockParser, RawHtml, RenderCode
from ankipress.render.element_texts import Inline, Text
from ankipress.render.marking import Marking
from ankipress.render.text_problems import TextProblem, text_problems
from ankipress.syntax.blocks import without_reserved
from ankipress.syntax.dialect import Dialect
from ankipress.syntax.entry_trees import Passage
from ankipress.syntax.tree import Content, Node

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class ExtensionFailedError(Exception):
    """An extension of a project raised an error on a text; `__cause__` is that error."""


class GfmMarkdown(Extension):
    """Makes HTML of passages, with the extensions that a project adds."""

    def __init__(
        self,
        render_code: RenderCode,
        marking: Marking,
        extensions: Sequence[Extension],
    ) -> None:
        super().__init__()
        self._render_code = render_code
        self._marking = marking
        # Extensions as objects: by their names, Python-Markdown would search all that is installed.
        self._markdown = Markdown(extensions=[self, *extensions])
        self._parser.collect_extensions()
        self._question = _QuestionHeading(self._markdown)
        self._markdown.treeprocessors.register(self._question, "ankipress_question", 0)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Replace Python-Markdown's parsers."""
        for name in ("html_block", "normalize_whitespace"):
            md.preprocessors.deregister(name)
        parser = GfmBlockParser(md, self._render_code, self._marking)
        md.parser = self._parser = parser
        md.treeprocessors.register(Inline(md, parser.reader), "inline", 20)
        md.treeprocessors.register(parser.footnotes, "ankipress_footnotes", 19)
        md.postprocessors.register(RawHtml(md), "raw_html", 30)

    def convert(self, passage: Passage) -> str:
        """The HTML of a passage, not yet canonical. Its heading becomes a paragraph."""
        md = self._markdown.reset()
        self._question.is_wanted = False
        root = Element(md.doc_tag)
        self._parser.begin(passage.text)
        if passage.question.nodes:
            children = passage.question.nodes
            heading = Node("paragraph", 0, 0, children=children)
            text = passage.question.part.text.replace("\n", " ")
            heading.content = Content(text)
            SubElement(root, "p").text = Text(heading)
        for each in (passage.body, *passage.footnotes):
            self._parser.add(root, each.nodes)
        self._parser.footnotes.place(root)
        if not len(root):
            return ""
        return self._finished(root)

    def _finished(self, root: Element) -> str:
        """The HTML of a tree, as Python-Markdown makes it after its parser."""
        md = self._markdown
        for treeprocessor in md.treeprocessors:
            changed = treeprocessor.run(root)
            if changed is not None:
                root = changed
        html = md.serializer(root)
        start = html.index(">") + 1
        end = html.rindex("<")
        html = html[start:end].strip()
        for postprocessor in md.postprocessors:
            html = postprocessor.run(html)
        return html.strip()

    def convert_text(
        self,
        text: str,
        *,
        is_question: bool,
        dialect: Dialect,
    ) -> tuple[str, list[TextProblem]]:
        """The HTML of a text as the extensions of a project make it, not yet canonical, and what is
        wrong with the Markdown that they left to be read.

        If the text is a question, its first heading becomes a paragraph. Raises
        ExtensionFailedError.
        """
        text = without_reserved(text)
        self._parser.dialect = dialect
        self._parser.begin(text)
        self._question.is_wanted = is_question
        try:
            html = self._markdown.reset().convert(text)
        except (Interruption, KeyboardInterrupt):
            raise
        except BaseException as error:
            raise ExtensionFailedError(f"<pre>{escape(text)}</pre>") from error
        nodes = self._parser.reader.seen
        return html, list(text_problems(nodes, hides=self._marking.is_on))


class _QuestionHeading(Treeprocessor):
    """Turns the heading that holds the question into a paragraph."""

    is_wanted = False

    def run(self, root: Element) -> None:
        if self.is_wanted and len(root) and root[0].tag in _HEADINGS:
            root[0].tag = "p"
