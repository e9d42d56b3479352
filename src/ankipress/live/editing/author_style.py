"""The signs that an author uses, and Markdown written with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_BULLET = re.compile(r"^[ \t>]*([-*+])(?=[ \t]+\S)", re.MULTILINE)
_NUMBER = re.compile(r"^[ \t>]*([0-9]{1,9})([.)])(?=[ \t]+\S)", re.MULTILINE)
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})", re.MULTILINE)
_STRONG = re.compile(r"(?<![\w*_\\])(\*\*|__)(?=[^\s*_])")
_EMPHASIS = re.compile(r"(?<![\w*_\\])([*_])(?=[^\s*_])")
_WRITTEN_STRONG = re.compile(r"(?<![\w*\\])\*\*(?=\S)([^*\n]+?)(?<=[^\s\\])\*\*(?![\w*])")
_WRITTEN_EMPHASIS = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s\\])\*(?![\w*])")
_WRITTEN_BULLET = re.compile(r"^([ ]*)-(?= )")
_WRITTEN_NUMBER = re.compile(r"^([ ]*)([0-9]+)\.(?= )")
_remembered = lru_cache(maxsize=4)  # a large file is asked for each of its cards
_BREAK = re.compile(r"(\\| {2,})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AuthorStyle:
    """The signs for items of lists, emphasis, code and lines that end.

    `is_counted` tells that the items of a numbered list have different numbers.
    """

    bullet: str = "-"
    delimiter: str = "."
    is_counted: bool = True
    emphasis: str = "*"
    strong: str = "**"
    fence: str = "`"
    line_end: str = "\\"

    def applied(self, text: str) -> str:
        """Markdown as an import writes it, with these signs."""
        return "\n".join(self._lines(text.split("\n")))

    def _lines(self, lines: list[str]) -> Iterator[str]:
        fence = ""
        for line in lines:
            found = _FENCE.match(line)
            if fence:
                if found and line.strip() == fence:
                    fence = ""
                    yield self._fenced(line)
                else:
                    yield line
            elif found:
                fence = found[1]
                yield self._fenced(line)
            else:
                yield self._line(line)

    def _fenced(self, line: str) -> str:
        if self.fence == "~":
            return line.replace("`", "~")
        return line

    def _line(self, line: str) -> str:
        if self.bullet != "-":
            line = _WRITTEN_BULLET.sub(rf"\1{self.bullet}", line)
        if self.delimiter != "." or not self.is_counted:
            line = _WRITTEN_NUMBER.sub(self._number, line)
        if "`" in line or "$" in line or "\\*" in line:
            return line
        if self.strong != "**":
            line = _WRITTEN_STRONG.sub(r"__\1__", line)
        if self.emphasis != "*":
            line = _WRITTEN_EMPHASIS.sub(r"_\1_", line)
        if self.line_end != "\\" and line.endswith("\\"):
            line = f"{line[:-1]}  "
        return line

    def _number(self, found: re.Match[str]) -> str:
        number = found[2] if self.is_counted else "1"
        return f"{found[1]}{number}{self.delimiter}"


def style_of(*texts: str) -> AuthorStyle:
    """The style of some texts: the first of them that has a sign decides on it."""
    return AuthorStyle(
        bullet=_first(
            texts,
            _bullet,
            "-",
        ),
        delimiter=_first(
            texts,
            _delimiter,
            ".",
        ),
        is_counted=_first(texts, _counting, "yes") == "yes",
        emphasis=_first(
            texts,
            _emphasis,
            "*",
        ),
        strong=_first(
            texts,
            _strong,
            "**",
        ),
        fence=_first(
            texts,
            _fence,
            "`",
        ),
        line_end=_first(
            texts,
            _line_end,
            "\\",
        ),
    )


def _first(
    texts: tuple[str, ...],
    sign: Callable[[str], str],
    usual: str,
) -> str:
    for text in texts:
        if found := sign(text):
            return found
    return usual


def _most_common(found: list[str]) -> str:
    return Counter(found).most_common(1)[0][0] if found else ""


@_remembered
def _bullet(text: str) -> str:
    return _most_common(_BULLET.findall(text))


@_remembered
def _delimiter(text: str) -> str:
    return _most_common([each[1] for each in _NUMBER.findall(text)])


@_remembered
def _counting(text: str) -> str:
    """Whether numbers differ; empty where fewer than two tell."""
    numbers = {each[0] for each in _NUMBER.findall(text)}
    if not numbers or len(_NUMBER.findall(text)) < 2:
        return ""
    return "yes" if len(numbers) > 1 else "no"


@_remembered
def _emphasis(text: str) -> str:
    return _most_common(_EMPHASIS.findall(text))


@_remembered
def _strong(text: str) -> str:
    return _most_common(_STRONG.findall(text))


@_remembered
def _fence(text: str) -> str:
    return _most_common([each[0] for each in _FENCE.findall(text)])


@_remembered
def _line_end(text: str) -> str:
    return _most_common([each[0] for each in _BREAK.findall(text)])
