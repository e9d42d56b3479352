"""The columns that a text takes on a terminal, and texts wrapped at them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

# What stands between backticks is typed as it is, so no line ends within it.
_WORD = re.compile(r"(?:`[^`]*`|\S)+")
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;]*m|\]8;;[^\x1b]*\x1b\\)")
_FEWEST = 20  # columns between the indent and the end of a line


def clusters(text: str) -> Sequence[str]:
    """The characters of a text as a reader sees them: with their marks, an emoji with its parts."""
    if text.isascii():
        return text
    import wcwidth  # noqa: PLC0415 - it takes a while, and most texts do not need it

    return list(wcwidth.iter_graphemes(text))


def columns(text: str) -> int:
    """The columns that a text takes. Of control characters it may have those that colours and links
    are made of.
    """
    text = unstyled(text)
    if text.isascii():
        return len(text)
    import wcwidth  # noqa: PLC0415

    return max(0, wcwidth.wcswidth(text))


def unstyled(text: str) -> str:
    """A text without what makes colours and links of it."""
    if "\x1b" in text:
        return _ESCAPE.sub("", text)
    return text


def wrapped(text: str, width: int | None, first: int = 0, indent: str = "") -> str:
    """A text whose lines end before a width, all but the first with an indent.

    `first` is the number of columns before the text on its first line. A word that is longer stays
    whole. A line that begins with spaces, such as a command that is to be typed, stays as it is.
    Without a width, lines have an indent, and nothing is wrapped.
    """
    if width is None:
        return re.sub(r"\n(?=\S)", f"\n{indent}", text)
    lines = list[str]()
    used = first
    for line in text.split("\n"):
        if line.startswith(" ") or (lines and not line):
            lines.append(line)
            continue
        limit = max(width - len(indent), _FEWEST)
        begin = max(0, used - len(indent))
        shown = list(_filled(line, limit, begin))
        if lines:
            shown[0] = indent + shown[0]
        lines += [shown[0], *(indent + each for each in shown[1:])]
        used = 0
    return "\n".join(lines)


def _filled(text: str, limit: int, begin: int) -> Iterator[str]:
    """The lines of a text, the first of which has fewer columns."""
    line = ""
    used = begin
    for word in _words(text, limit):
        gap = ""
        if line:
            gap = " "
        size = columns(word)
        if used and used + len(gap) + size > limit:
            yield line
            line = word
            used = size
        else:
            line += gap + word
            used += len(gap) + size
    yield line


def _words(text: str, limit: int) -> Iterator[str]:
    """The words of a text. Code is one word, unless it is longer than a line."""
    for found in _WORD.finditer(text):
        if columns(found[0]) > limit:
            yield from found[0].split()
        else:
            yield found[0]
