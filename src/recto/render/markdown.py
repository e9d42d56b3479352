"""Markdown → HTML, by Python-Markdown with GitHub's blocks and literals."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from recto.render.blocks import GfmExtension
from recto.render.highlight import highlighted, is_known
from recto.render.inline import InlineExtension

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Converter:
    """Converts one text after another; made once, since making one costs as much as fifty cards."""

    def __init__(self) -> None:
        self._unknown: list[str] = []
        self._markdown = Markdown(
            extensions=["pymdownx.betterem", "pymdownx.tilde", InlineExtension(), GfmExtension(self._fence)],
            extension_configs={"pymdownx.tilde": {"subscript": False}},
        )
        self._question = _Question(self._markdown)
        self._markdown.treeprocessors.register(self._question, "recto_question", 0)

    def convert(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The HTML of a text, not yet canonical, and the languages of its code that are not known."""
        self._unknown = []
        result = self._markdown.reset().convert(text)
        return result, tuple(dict.fromkeys(self._unknown))

    def convert_question(self, heading: str, more: str) -> tuple[str, tuple[str, ...]]:
        """The HTML of a heading, as a paragraph, and of what stands below it."""
        # As a heading of Markdown, "1. What …" stays a text where a paragraph would become a list.
        line = " ".join(heading.split("\n"))
        self._question.is_wanted = bool(line)
        try:
            return self.convert(f"# {line} #\n\n{more}" if line else more)
        finally:
            self._question.is_wanted = False

    def _fence(self, code: str, info: str) -> str:
        language = (info.split() or [""])[0].strip("{}.")
        if not is_known(language):
            self._unknown.append(language)
        return highlighted(code, language)


class _Question(Treeprocessor):
    """Turns the heading that holds the question into a paragraph: on a card it is text like any other."""

    is_wanted = False

    def run(self, root: Element) -> None:
        if self.is_wanted and len(root) and root[0].tag in _HEADINGS:
            root[0].tag = "p"


def fence_line(text: str, language: str) -> int:
    """The 0-based line on which a fence of this language opens, 0 where none is found."""
    pattern = re.compile(rf"^[ \t>*+-]*(?:`{{3,}}|~{{3,}})[ \t]*(?:\{{[ \t]*\.?)?{re.escape(language)}", re.MULTILINE)
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) if found else 0
