"""What is wrong with a text that is rendered, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ankipress.syntax.fences import Mistake
from ankipress.syntax.spans import line_and_column


class Finding(NamedTuple):
    """What is wrong with a text: a code, the mistake, and its line and column, from 0.

    Without a place, `line` is None.
    """

    code: str
    mistake: Mistake
    line: int | None = None
    column: int = 0
    width: int = 1

    def lower(self, lines: int) -> Finding:
        """This finding, some lines further down."""
        if self.line is None:
            return self
        return self._replace(line=self.line + lines)

    def below(self, lines: int) -> Finding:
        """This finding in what follows some lines; one in these lines has no line of its own."""
        if self.line is None or self.line < lines:
            return self._replace(line=None)
        return self._replace(line=self.line - lines)


class CodeMistake(NamedTuple):
    """A mistake in a code block, whose place is found by its info string."""

    code: str
    info: str
    mistake: Mistake


def code_findings(text: str, mistakes: Iterable[CodeMistake]) -> Iterator[Finding]:
    """The mistakes in code blocks with their places, each once."""
    for code, info, mistake in dict.fromkeys(mistakes):
        line, column = _place_in_fence(text, info, mistake.words)
        yield Finding(
            code,
            mistake,
            line,
            column,
            max(1, len(mistake.words)),
        )


def _place_in_fence(
    text: str,
    info: str,
    words: str,
) -> tuple[int | None, int]:
    pattern = (
        r"^[ \t>*+-]*(?:[0-9]+[.)][ \t]+)?(?:`{3,}|~{3,})[ \t]*" + re.escape(info) + r"[ \t]*$"
    )
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        return None, 0
    line = found[0].casefold()
    column = line.find(words.casefold(), line.find(info.casefold()))
    return text.count("\n", 0, found.start()), max(0, column)


def footnote_finding(text: str, words: str) -> Finding:
    """A reference to a footnote that is not defined."""
    message = f"{words} refers to no footnote of this file"
    help = f"write `{words}: …`, or \\{words} where it is text"
    line, column = line_and_column(text, max(0, text.find(words)))
    return Finding(
        "missing-footnote",
        Mistake("", message, help),
        line,
        column,
        len(words),
    )


def extension_finding(error: Exception) -> Finding:
    """An error raised by an extension of Python-Markdown."""
    message = f"an extension fails on this card: {type(error).__name__}: {error}"
    help = "take out of `extensions` which one it is, or write the card otherwise"
    return Finding("bad-extension", Mistake("", " ".join(message.split()), help))
