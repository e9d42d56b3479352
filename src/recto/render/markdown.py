"""Markdown → HTML, by Python-Markdown with GitHub's blocks and literals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from recto.fences import Fence, Mistake, read_fence
from recto.render.blocks import GfmExtension
from recto.render.highlight import highlighted, is_known, nearest_language
from recto.render.inline import InlineExtension

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a block of code, by what stands behind its opening marks."""

    code: str
    info: str
    mistake: Mistake


class Converter:
    """Converts one text after another; made once, since making one costs as much as fifty cards."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._markdown = Markdown(
            extensions=["pymdownx.betterem", "pymdownx.tilde", InlineExtension(), GfmExtension(self._fence)],
            extension_configs={"pymdownx.tilde": {"subscript": False}},
        )
        self._question = _Question(self._markdown)
        self._markdown.treeprocessors.register(self._question, "recto_question", 0)

    def convert(self, text: str) -> tuple[str, tuple[Finding, ...]]:
        """The HTML of a text, not yet canonical, and what is wrong with its blocks of code."""
        self._findings = []
        result = self._markdown.reset().convert(text)
        return result, tuple(dict.fromkeys(self._findings))

    def convert_question(self, heading: str, more: str) -> tuple[str, tuple[Finding, ...]]:
        """The HTML of a heading, as a paragraph, and of what stands below it."""
        # As a heading of Markdown, "1. What …" stays a text where a paragraph would become a list.
        line = " ".join(heading.split("\n"))
        self._question.is_wanted = bool(line)
        try:
            return self.convert(f"# {line} #\n\n{more}" if line else more)
        finally:
            self._question.is_wanted = False

    def _fence(self, code: str, info: str) -> str:
        fence = read_fence(info)
        self._findings += [Finding("bad-code-option", info, mistake) for mistake in (*fence.mistakes, *_missing(fence, code))]
        if not is_known(fence.language):
            self._findings.append(Finding("unknown-language", info, _unknown(fence.language)))
        return highlighted(code, fence)


def _missing(fence: Fence, code: str) -> list[Mistake]:
    """The lines that are to be marked and are not there."""
    lines = code.count("\n", 0, len(code) - 1) + 1
    message = f"there is no line {max(fence.marked_lines, default=0)}: this code has {lines}"
    far = any(line > lines for line in fence.marked_lines)
    return [Mistake("hl_lines", message, "lines are counted from 1, those of this block")] if far else []


def _unknown(language: str) -> Mistake:
    near = nearest_language(language)
    message = f'the language "{language}" of this code is not known, so it is shown plain'
    return Mistake(language, message, f'did you mean "{near}"? ' * bool(near) + "write `text` for code without colours")


class _Question(Treeprocessor):
    """Turns the heading that holds the question into a paragraph: on a card it is text like any other."""

    is_wanted = False

    def run(self, root: Element) -> None:
        if self.is_wanted and len(root) and root[0].tag in _HEADINGS:
            root[0].tag = "p"


def fence_place(text: str, info: str, words: str) -> tuple[int, int]:
    """The 0-based line and column of some words behind the opening marks of code, 0 where they are not found."""
    pattern = re.compile(rf"^[ \t>*+-]*(?:[0-9]+[.)][ \t]+)?(?:`{{3,}}|~{{3,}})[ \t]*{re.escape(info)}[ \t]*$", re.MULTILINE)
    found = pattern.search(text)
    if not found:
        return 0, 0
    line = found[0].casefold()
    return text.count("\n", 0, found.start()), max(0, line.find(words.casefold(), line.find(info.casefold())))
