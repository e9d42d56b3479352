"""What the readers of a vault's cards have in common: they take lines that no other one has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ankipress.parse.shapes.pieces import CardPieces, content_of, joined, made, without_blank_lines
from ankipress.parse.shapes.shaped_file import ShapedFile
from ankipress.syntax.tree import Content

CODE_SPAN = re.compile(r"(?<!`)(?P<marks>`+)(?!`).+?(?<!`)(?P=marks)(?!`)")
"""Code in a line."""

_BLOCK = re.compile(r"[ \t]*(?:[-*+>|]|\d{1,4}[.)][ \t]|#{1,6}[ \t]|`{3}|~{3}|\$\$|!\[)|[ \t]*$")
_ID_BELOW = re.compile(r"[ \t]*(?:\^(?=[\w-]*\d)[\w-]{4,}|<!--[ \t]*ID:[ \t]*\d+[ \t]*-->)[ \t]*$")
_TAG = re.compile(r"[^\W_][\w/-]*(?:::[\w/-]+)*")
_TAB = 4


@dataclass(frozen=True, slots=True)
class VaultNote:
    """A card, and the 0-based lines that belong to it and to no other."""

    card: CardPieces
    lines: frozenset[int]


VaultReader = Callable[[ShapedFile, AbstractSet[int]], Iterator[VaultNote]]
"""Finds cards of a file on lines that are not taken yet."""


def lines_between(
    file: ShapedFile,
    start: int,
    end: int,
) -> Content:
    """Some lines of a file as they are."""
    first = file.offset(start)
    last = file.offset(end) - 1
    return content_of(file.text, first, max(first, last))


def outdented(file: ShapedFile, lines: Sequence[int]) -> Content:
    """Some lines of a file, which may lack others between them, indented less by what the first
    one is.
    """
    filled = [file.body[line] for line in lines if file.body[line].strip()]
    if not filled:
        return Content("", ((0, 0),))
    width = _indentation(filled[0])
    parts: list[Content] = []
    for line in lines:
        start = file.offset(line)
        end = start + len(file.body[line])
        parts += (content_of(file.text, start, end, width), made("\n"))
    return joined(parts[:-1])


def _indentation(line: str) -> int:
    text = line.expandtabs(_TAB)
    return len(text) - len(text.lstrip())


def end_with_id(file: ShapedFile, end: int) -> int:
    """The line after a card, given that after its answer: an id may follow, below a blank line."""
    for line in range(end, min(end + 2, len(file.body))):
        if _ID_BELOW.match(file.body[line]):
            return line + 1
        if file.body[line].strip():
            break
    return end


def question_and_front(piece: Content) -> tuple[Content, Content]:
    """The lines that are one sentence, and those below them: a list, code or a new paragraph."""
    inside = without_blank_lines(piece)
    lines = inside.text.split("\n")
    number = 1
    while number < len(lines) and not _BLOCK.match(lines[number]):
        number += 1
    length = len("\n".join(lines[:number]))
    return inside.part(0, length), inside.without_start(length)


def braces(*attributes: str, tags: Iterable[str] = (), id: str = "") -> str:
    """The braces of a card, empty where it has no attributes."""
    names = (each.strip("/").replace("/", "::") for each in tags)
    words = [f".{name}" for name in names if _TAG.fullmatch(name)]
    words += filter(None, attributes)
    if id:
        words.insert(0, f"#{id}")
    if not words:
        return ""
    inner = " ".join(words)
    return f"{{{inner}}}"


def tags_pattern(names: Iterable[str]) -> str:
    """A regular expression for one of some tags without their `#`; for none, it matches nothing."""
    words = "|".join(map(re.escape, names))
    if not words:
        return r"(?!)"
    return f"(?:{words})"
