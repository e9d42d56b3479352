"""A paragraph in which a question stands → the question, and what else the paragraph holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ankipress.parse.attributes import split_attributes
from ankipress.parse.shapes.words import has_question_mark, names_answer
from ankipress.syntax.tree import Content

# The first of several: `A. one`, `- a) one`.
_OPTION = re.compile(r"\s*(?:[-*+]\s+)?\(?[Aa1](?:[.]\s+|[)、．]\s*)\S")
_HARD_BREAK = re.compile(r"(?:\\|<br\s*/?>)$", re.IGNORECASE)


def split_question(piece: Content) -> tuple[Content, Content]:
    """The lines that ask, and those below them: options, or the answer. The latter may be empty."""
    lines = piece.text.split("\n")
    asking = lines[: _lines_of_question(lines)]
    end = len("\n".join(asking))
    question = piece.part(0, end)
    if len(asking) == len(lines):
        return question, Content("")
    return question, piece.without_start(end + 1)


def _lines_of_question(lines: Sequence[str]) -> int:
    """The number of lines that ask."""
    for number, (above, line) in enumerate(pairwise(lines), 1):
        if _ends_question(above, line):
            return number
    return len(lines)


def _ends_question(above: str, line: str) -> bool:
    """Whether a question ends between two lines."""
    if _OPTION.match(line) or names_answer(line):
        return True
    if _breaks(above) or split_attributes(above)[0] != above:
        return True
    return has_question_mark(above) and not has_question_mark(line)


def _breaks(line: str) -> bool:
    """Whether a line ends with two blanks, or with another mark that breaks it."""
    text = line.rstrip()
    behind = line[len(text) :]
    return "  " in behind or _HARD_BREAK.search(text) is not None
