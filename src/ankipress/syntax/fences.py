"""What stands behind the marks that open a block of code: its language, and how it is to be shown.

`python {hl_lines="2 4-5" linenos title="x.py"}` and `python hl_lines="2"` are both read, as in
Pandoc, Python-Markdown and pymdown; GitHub takes the first word and shows nothing of the rest.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ankipress.diagnostics import suggestion

_TOKEN = re.compile(
    r"""(?P<open>\{)|(?P<close>\})|,|\s+
    |(?P<key>[\w.-]+)[ \t]*=[ \t]*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>\[[^\]]*\]|[^\s{}"']*))
    |\.(?P<mark>[^\s{}=,.]+)|(?P<word>[^\s{},]+)""",
    re.VERBOSE,
)
_LINES = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
_KEYS = {"hl_lines": "hl_lines", "linenos": "linenos", "linenums": "linenos", "title": "title"}
_FLAGS = {
    "linenos": "linenos",
    "linenums": "linenos",
    "numberLines": "linenos",
    "showLineNumbers": "linenos",
    "run": "run",
}
_OPTIONS = ("hl_lines", "linenos", "title", ".run")
_MOST_LINES = 10_000  # a range such as 1-999999 costs no memory


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with the words behind the opening marks: the words that are meant, a message,
    and the way out.
    """

    words: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Fence:
    """How a block of code is to be shown. `first_line` is the number of its first line, None where
    lines have no numbers.
    """

    language: str = ""
    marked_lines: frozenset[int] = frozenset()
    first_line: int | None = None
    title: str = ""
    is_run: bool = False
    mistakes: tuple[Mistake, ...] = ()


@functools.lru_cache(maxsize=1024)
def read_fence(info: str) -> Fence:
    """What the words behind the opening marks of a block of code say; the language is in lower
    case.
    """
    reader = _Reader()
    for token in _TOKEN.finditer(info):
        reader.take(token)
    return Fence(
        reader.language.lower(),
        frozenset(reader.marked),
        reader.first_line,
        reader.title,
        reader.is_run,
        tuple(reader.mistakes),
    )


class _Reader:
    """One word after another."""

    def __init__(self) -> None:
        self.language, self.title, self.is_run = "", "", False
        self.marked: set[int] = set()
        self.first_line: int | None = None
        self.mistakes: list[Mistake] = []
        self._braces = False

    def take(self, token: re.Match[str]) -> None:
        if token["open"] or token["close"]:
            self._braces = bool(token["open"])
        elif token["key"]:
            value = next(
                (token[name] for name in ("double", "single") if token[name] is not None), None
            )
            self._set(token["key"], token["bare"].rstrip(",") if value is None else value, token[0])
        elif token["mark"]:
            self._mark(token["mark"], token[0])
        elif token["word"]:
            self._word(token["word"])

    def _mark(self, mark: str, words: str) -> None:
        if mark in _FLAGS:
            self._flag(mark)
        elif not self.language:
            self.language = mark
        else:
            self._unknown(words)

    def _word(self, word: str) -> None:
        if self._braces and _LINES.fullmatch(word):
            self._lines(word, word)
        elif self.language and word in _FLAGS:
            self._flag(word)
        elif not self.language:
            self.language = word
        elif self._braces or _is_near_flag(word):
            self._unknown(word)

    def _flag(self, flag: str) -> None:
        if _FLAGS[flag] == "run":
            self.is_run = True
        else:
            self.first_line = 1

    def _set(self, key: str, value: str, words: str) -> None:
        option = _KEYS.get(key)
        if option == "title":
            self.title = value.strip()
        elif option == "hl_lines":
            self._lines(value, words)
        elif option == "linenos":
            self._numbers(value, words)
        else:
            self._unknown(key)

    def _numbers(self, value: str, words: str) -> None:
        first = value.split(maxsplit=1)[0].lower() if value.strip() else "true"
        if first in {"true", "table", "inline"}:
            self.first_line = 1
        elif re.fullmatch(r"[0-9]{1,6}", first):
            self.first_line = int(first)
        elif first != "false":
            message = f'"linenos" is the number of the first line, not "{value}"'
            self.mistakes.append(Mistake(words, message, "write linenos, or linenos=10"))

    def _lines(self, value: str, words: str) -> None:
        for piece in re.split(r"[\s,]+", value.strip(" \t[](){}")):
            found = _LINES.fullmatch(piece)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
            if found and 1 <= first <= last < first + _MOST_LINES:
                self.marked.update(range(first, last + 1))
            else:
                self.mistakes.append(
                    Mistake(words, f'"{piece}" means no lines', 'write hl_lines="2 4-5"')
                )

    def _unknown(self, words: str) -> None:
        name = words.lstrip(".")
        near = suggestion(name, tuple(option.lstrip(".") for option in _OPTIONS))
        message = f'there is no option "{words}" for a block of code{near}'
        self.mistakes.append(Mistake(words, message, f"the options are {', '.join(_OPTIONS)}"))


def _is_near_flag(word: str) -> bool:
    from rapidfuzz import fuzz  # noqa: PLC0415 - where it is needed, which is seldom

    return any(fuzz.ratio(word, flag) >= 80 for flag in _FLAGS)
