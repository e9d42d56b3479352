"""Markdown → HTML, by Python-Markdown with GitHub's blocks and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from pymdownx.tasklist import TasklistExtension

from ankipress.render.blocks import GfmExtension
from ankipress.render.highlight import highlighted, is_known, nearest_language
from ankipress.render.html import canonical, canonical_part
from ankipress.render.limit_nesting import flat
from ankipress.render.marking import Marking
from ankipress.render.math import display_math
from ankipress.render.sanitizer_report import Drop, Drops
from ankipress.render.simple_blocks import Read, read_simple, simple_line
from ankipress.render.time_limit import OverBudgetError, limited
from ankipress.syntax.fences import Fence, Mistake, read_fence

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HELD = re.compile(
    r"[\x02\x03]"
)  # what Python-Markdown marks with: control characters, which are errors elsewhere
_SECONDS = 2  # for the colours of a block of code: a thousand lines take a twentieth of one
_MOST_SLOW = 5  # blocks that may take so long: a file could hold thousands
_ABOVE = 2  # lines that stand above the text below a question


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text: its code, the mistake, and the line and column, from 0; no line
    where it has no place.
    """

    code: str
    mistake: Mistake
    line: int | None = None
    column: int = 0
    width: int = 1


class Converter:
    """Converts one text after another; made once, since making one costs as much as fifty cards.

    `extensions` are those that a project adds.
    """

    def __init__(self, extensions: Sequence[Extension] = ()) -> None:
        self._findings: list[tuple[str, str, Mistake]] = []
        self._slow = 0  # blocks of code
        self._drops = Drops()
        self._marking = Marking()
        gfm = GfmExtension(self._fence, self._drops, self._marking)
        # By its name, Python-Markdown would look through all that is installed.
        self._markdown = Markdown(extensions=[gfm, TasklistExtension(), *extensions])
        gfm.finish()
        self._footnotes = gfm.parser.footnotes
        self._is_extended = bool(extensions)
        self._question = _Question(self._markdown)
        self._markdown.treeprocessors.register(self._question, "ankipress_question", 0)

    def convert(self, text: str) -> tuple[str, tuple[Finding, ...]]:
        """The HTML of a text, not yet canonical, and what is wrong with the text."""
        self._findings = []
        text = _HELD.sub("\ufffd", text)
        self._drops.begin(text)
        self._footnotes.begin(text)  # of nothing but spaces, Python-Markdown would parse nothing
        try:
            html = self._markdown.reset().convert(text)
        except Exception as error:
            if not self._is_extended:
                raise
            return f"<pre>{escape(text)}</pre>", (_of_extension(error),)
        if self._is_extended:
            self._drops.see_output(html)
        if self._is_extended or self._drops.saw_html:
            html = flat(html)
        missing = (_of_footnote(text, words) for words in self._footnotes.missing)
        return html, (
            *_of_fences(text, self._findings),
            *map(_of_drop, self._drops.found),
            *missing,
        )

    def convert_question(self, heading: str, more: str) -> tuple[str, tuple[Finding, ...]]:
        """The HTML of a heading, as a paragraph, and of what stands below it. The lines of findings
        count from there.
        """
        # As a heading of Markdown, "1. What …" stays a text where a paragraph would become a list.
        line = " ".join(heading.split("\n"))
        if not line:
            return self.convert(more)
        self._question.is_wanted = True
        try:
            html, findings = self.convert(f"# {line} #\n\n{more}")
        finally:
            self._question.is_wanted = False
        return html, tuple(map(_below, findings))

    def field(self, text: str) -> tuple[str, tuple[Finding, ...]]:
        """The canonical HTML of a text, and what is wrong with the text."""
        html, findings = self._part(text)
        return html.strip(), findings

    def _part(self, text: str) -> tuple[str, tuple[Finding, ...]]:
        self._findings = []
        # The ids of footnotes are made of the whole text.
        read = Read([], 0) if self._is_extended or "[^" in text else read_simple(text, self._fence)
        if self._findings:  # their places are found in the whole text
            read = Read([], 0)
        if read.html and read.end == len(text):
            return "\n".join(read.html), ()
        html, findings = self.convert(text[read.end :])
        lines = text.count("\n", 0, read.end)
        whole = "\n".join((*read.html, canonical_part(html)))
        return whole, tuple(_lower(each, lines) for each in findings) if lines else findings

    def question(self, heading: str, more: str) -> tuple[str, tuple[Finding, ...]]:
        """The canonical HTML of a heading, as a paragraph, and of what is below it. The lines of
        findings count from there.
        """
        # Spaces of other sorts are text below a heading, and Python-Markdown takes them for nothing
        # where they stand alone.
        line = None if self._is_extended or more.isspace() or "[^" in more else simple_line(heading)
        if line is None:
            html, findings = self.convert_question(heading, more)
            return canonical(html), findings
        below, findings = self._part(more) if more else ("", ())
        return f"{line}\n{below}".strip(), findings

    def convert_cloze(self, heading: str, more: str) -> tuple[str, tuple[Finding, ...]]:
        """The same of a cloze text, with the deletions in code and mathematics marked; `read_cloze`
        reads the others.
        """
        self._marking.is_on = True
        try:
            return self.convert_question(heading, more)
        finally:
            self._marking.is_on = False

    def _fence(self, code: str, info: str) -> str:
        fence = read_fence(info)
        if fence.language == "math":
            return f"<p>{display_math(self._marking.tex(code.strip()))}</p>"
        code, marks = self._marking.block(code, fence.language)
        self._findings += [
            ("bad-code-option", info, mistake)
            for mistake in (*fence.mistakes, *_missing(fence, code))
        ]
        if not is_known(fence.language):
            self._findings.append(("unknown-language", info, _unknown(fence.language)))
        try:
            with limited(_SECONDS if self._slow < _MOST_SLOW else 0.1):
                return highlighted(code, fence, marks)
        except OverBudgetError:
            self._slow += 1
            self._findings.append(("too-slow", info, _slow(fence.language)))
            return highlighted(code, replace(fence, language=""), marks)


def _lower(finding: Finding, lines: int) -> Finding:
    """A finding some lines further down."""
    return finding if finding.line is None else replace(finding, line=finding.line + lines)


def _below(finding: Finding) -> Finding:
    """A finding with its line counted from below the heading; one in the heading has no line of its
    own.
    """
    is_below = finding.line is not None and finding.line >= _ABOVE
    return replace(finding, line=(finding.line or 0) - _ABOVE if is_below else None)


def _of_fences(text: str, found: Sequence[tuple[str, str, Mistake]]) -> Iterator[Finding]:
    for code, info, mistake in dict.fromkeys(found):
        line, column = fence_place(text, info, mistake.words)
        yield Finding(code, mistake, line, column, max(1, len(mistake.words)))


def _of_extension(error: Exception) -> Finding:
    message = " ".join(f"an extension fails on this card: {type(error).__name__}: {error}".split())
    return Finding(
        "bad-extension",
        Mistake(
            "", message, "take out of `extensions` which one it is, or write the card otherwise"
        ),
    )


def _of_drop(drop: Drop) -> Finding:
    mistake = Mistake("", f"{drop.what} is left out of the card", drop.way_out)
    return Finding("dropped-html", mistake, drop.line, drop.column, drop.width)


def _of_footnote(text: str, words: str) -> Finding:
    mistake = Mistake(
        "",
        f"{words} refers to no footnote of this file",
        f"write `{words}: …`, or \\{words} where it is text",
    )
    place = max(0, text.find(words))
    return Finding(
        "missing-footnote",
        mistake,
        text.count("\n", 0, place),
        place - text.rfind("\n", 0, place) - 1,
        len(words),
    )


def _missing(fence: Fence, code: str) -> list[Mistake]:
    """The lines that are to be marked and are not there."""
    lines = code.count("\n", 0, len(code) - 1) + 1
    message = f"there is no line {max(fence.marked_lines, default=0)}: this code has {lines}"
    far = any(line > lines for line in fence.marked_lines)
    return (
        [Mistake("hl_lines", message, "lines are counted from 1, those of this block")]
        if far
        else []
    )


def _slow(language: str) -> Mistake:
    message = (
        f"the colours of this code take longer than {_SECONDS} s to find, so it is shown plain"
    )
    return Mistake(
        language, message, "write `text` for code without colours, or write it otherwise"
    )


def _unknown(language: str) -> Mistake:
    near = nearest_language(language)
    message = f'the language "{language}" of this code is not known, so it is shown plain'
    return Mistake(
        language,
        message,
        f'did you mean "{near}"? ' * bool(near) + "write `text` for code without colours",
    )


class _Question(Treeprocessor):
    """Turns the heading that holds the question into a paragraph: on a card it is text like any
    other.
    """

    is_wanted = False

    def run(self, root: Element) -> None:
        if self.is_wanted and len(root) and root[0].tag in _HEADINGS:
            root[0].tag = "p"


def fence_place(text: str, info: str, words: str) -> tuple[int | None, int]:
    """The 0-based line and column of some words behind the opening marks of code; no line where
    they are not found.
    """
    pattern = re.compile(
        rf"^[ \t>*+-]*(?:[0-9]+[.)][ \t]+)?(?:`{{3,}}|~{{3,}})[ \t]*{re.escape(info)}[ \t]*$",
        re.MULTILINE,
    )
    found = pattern.search(text)
    if not found:
        return None, 0
    line = found[0].casefold()
    return text.count("\n", 0, found.start()), max(
        0, line.find(words.casefold(), line.find(info.casefold()))
    )
