"""The info string of a code block: its language, and the options that say how it is shown.

`python {hl_lines="2 4-5" linenos title="x.py"}` and `python hl_lines="2"` are both read, as in
Pandoc, Python-Markdown and pymdown. GitHub takes the first word and ignores the rest.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ankipress.diagnostics import suggestion
from ankipress.syntax.tree import Span

_TOKEN = re.compile(
    r"""(?P<open>\{)|(?P<close>\})|,|\s+
    |(?P<key>[\w.-]+)[ \t]*=[ \t]*
        (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>\[[^\]]*\]|[^\s{}"']*))
    |\.(?P<class>[^\s{}=,.]+)|(?P<word>[^\s{},]+)""",
    re.VERBOSE,
)
_LINES = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_NUMBERED = frozenset({"linenos", "linenums", "numberLines", "showLineNumbers"})
_FLAGS = _NUMBERED | {"run"}
_OPTIONS = ("hl_lines", "linenos", "title", ".run")
_MOST_LINES = 10_000  # so that a range such as 1-999999 costs no memory
_NOWHERE = Span(0, 0)


class Mistake(NamedTuple):
    """What is wrong with an info string: the span of the words concerned, a message, and help."""

    span: Span
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Fence:
    """How a code block is shown.

    `first_line` is the number of its first line, or None if its lines are not numbered.
    `language_span` is where the language stands in the info string, `last_mark_span` where the last
    of the marked lines does.
    """

    language: str = ""
    marked_lines: frozenset[int] = frozenset()
    first_line: int | None = None
    title: str = ""
    is_run: bool = False
    mistakes: tuple[Mistake, ...] = ()
    language_span: Span = field(default=_NOWHERE, compare=False)
    last_mark_span: Span = field(default=_NOWHERE, compare=False)


@functools.lru_cache(maxsize=1024)
def read_fence(info: str) -> Fence:
    """Read an info string. The language is in lower case."""
    reader = _InfoReader()
    for token in _TOKEN.finditer(info):
        reader.read(token)
    return Fence(
        language=reader.language.lower(),
        marked_lines=frozenset(reader.marked_lines),
        first_line=reader.first_line,
        title=reader.title,
        is_run=reader.is_run,
        mistakes=tuple(reader.mistakes),
        language_span=reader.language_span,
        last_mark_span=reader.last_mark_span,
    )


class _InfoReader:
    """Reads an info string token by token."""

    def __init__(self) -> None:
        self.language = ""
        self.language_span = _NOWHERE
        self.last_mark_span = _NOWHERE
        self.title = ""
        self.is_run = False
        self.marked_lines: set[int] = set()
        self.first_line: int | None = None
        self.mistakes: list[Mistake] = []
        self._in_braces = False

    def read(self, token: re.Match[str]) -> None:
        if token["open"]:
            self._in_braces = True
        elif token["close"]:
            self._in_braces = False
        elif token["key"]:
            self._read_option(token)
        elif token["class"]:
            self._read_class(token)
        elif token["word"]:
            self._read_word(token)

    def _read_class(self, token: re.Match[str]) -> None:
        name = token["class"]
        if name in _FLAGS:
            self._set_flag(name)
        elif not self.language:
            self.language = name
            self.language_span = Span(*token.span("class"))
        else:
            self._report_unknown(token[0], Span(*token.span()))

    def _read_word(self, token: re.Match[str]) -> None:
        word = token["word"]
        span = Span(*token.span())
        if self._in_braces and _LINES.fullmatch(word):
            self._mark_lines(word, span)
        elif not self.language:
            self.language = word
            self.language_span = span
        elif word in _FLAGS:
            self._set_flag(word)
        elif self._in_braces or _is_like_flag(word):
            self._report_unknown(word, span)

    def _set_flag(self, flag: str) -> None:
        if flag == "run":
            self.is_run = True
        else:
            self.first_line = 1

    def _read_option(self, token: re.Match[str]) -> None:
        key = token["key"]
        span = Span(*token.span())
        quoted = [token[name] for name in ("double", "single") if token[name] is not None]
        if quoted:
            value = quoted[0]
        else:
            value = token["bare"].rstrip(",")
            commas = len(token["bare"]) - len(value)
            end = span.end - commas
            span = Span(span.start, end)
        if key == "title":
            self.title = value.strip()
        elif key == "hl_lines":
            self._mark_lines(value, span)
        elif key in {"linenos", "linenums"}:
            self._number_lines(value, span)
        else:
            self._report_unknown(key, Span(*token.span("key")))

    def _number_lines(self, value: str, span: Span) -> None:
        first, *_ = value.lower().split() or ["true"]
        if first in {"true", "table", "inline"}:
            self.first_line = 1
        elif re.fullmatch(r"[0-9]{1,6}", first):
            self.first_line = int(first)
        elif first != "false":
            message = f'"linenos" is the number of the first line, not "{value}"'
            self.mistakes.append(Mistake(span, message, "write linenos, or linenos=10"))

    def _mark_lines(self, value: str, span: Span) -> None:
        for piece in re.split(r"[\s,]+", value.strip(" \t[](){}")):
            lines = _line_range(piece)
            if not lines:
                message = f'"{piece}" means no lines'
                self.mistakes.append(Mistake(span, message, 'write hl_lines="2 4-5"'))
                continue
            if lines[-1] > max(self.marked_lines, default=0):
                self.last_mark_span = span
            self.marked_lines.update(lines)

    def _report_unknown(self, words: str, span: Span) -> None:
        names = tuple(option.lstrip(".") for option in _OPTIONS)
        near = suggestion(words.lstrip("."), names)
        message = f'there is no option "{words}" for a block of code{near}'
        self.mistakes.append(Mistake(span, message, f"the options are {', '.join(_OPTIONS)}"))


def _line_range(text: str) -> range:
    """The lines that `2` or `4-5` means; empty if it means none, or too many."""
    found = _LINES.fullmatch(text)
    if found is None:
        return range(0)
    first = int(found[1])
    last = int(found[2] or found[1])
    if first < 1 or last - first >= _MOST_LINES:
        return range(0)
    return range(first, last + 1)


def _is_like_flag(word: str) -> bool:
    from rapidfuzz import fuzz  # noqa: PLC0415 - rarely needed

    return any(fuzz.ratio(word, flag) >= 80 for flag in _FLAGS)
