"""`bold`: a paragraph, or the first line of one, that is bold asks, and what follows answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ankipress.parse.shapes.pieces import CardPieces, content_of, joined, section_of
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile
from ankipress.parse.shapes.words import is_question, names_answer
from ankipress.syntax.tree import Content, Node

_BRACES = r"(?P<braces>[ \t]*\{[^{}]*\})?"
_QUESTION = re.compile(
    r"(?:\*\*|__)\d{1,4}[.)](?:\*\*|__)[ \t]+(?P<counted>\S.*)"
    r"|(?P<counter>\(?\d{1,4}[.)、]\s+)?"
    r"(?P<marks>\*\*|__)(?P<text>(?=\S)(?:(?!(?P=marks)).)+?)(?P=marks)"
    rf"(?:[ \t]*(?:(?P<mark>[?？])|[:：]))?{_BRACES}(?:[ \t]*(?:\\|<br\s*/?>))?\s*"
)

_MOST_ITEMS = 0.6  # the part of the items of a list that ask, or none does


class _BoldLine(NamedTuple):
    """A question, its 0-based line, and the columns by which its answer is indented."""

    text: Content
    line: int
    width: int = 0


def read_bold(file: ShapedFile) -> Iterator[FoundSection]:
    """The cards of the bold lines, also in lists of questions. A card ends at the next, or at a
    heading.
    """
    found = list(_questions(file))
    limits = [each.line for each in found[1:]]
    limits.append(len(file.body))
    for each, limit in zip(found, limits, strict=False):
        first = each.line + 1
        end = _end(
            file,
            first,
            limit,
        )
        answer = content_of(
            file.text,
            file.offset(first),
            file.offset(end),
            each.width,
        )
        yield section_of(file, CardPieces(each.text, (), (answer,), each.line, end))


def _end(
    file: ShapedFile,
    start: int,
    limit: int,
) -> int:
    """The line on which an answer ends."""
    for heading in file.headings_in(start, limit):
        if file.ends_answer(heading):
            return heading.start
    return limit


def _questions(file: ShapedFile) -> Iterator[_BoldLine]:
    """The bold lines at the margin, or those of lists where there are none."""
    found: list[_BoldLine] = []
    for node in file.nodes:
        if node.kind == "paragraph":
            found += _bold_line(file, node)
    if found:
        yield from found
        return
    for node in file.nodes:
        if node.kind in {"bullets", "numbers"}:
            yield from _questions_in_list(file, node)


def _questions_in_list(file: ShapedFile, node: Node) -> Iterator[_BoldLine]:
    """The bold lines of a list in which nearly every item begins with one, and most ask."""
    found: list[_BoldLine] = []
    for item in node.children:
        if item.children and item.children[0].kind == "paragraph":
            found += _bold_line(file, item.children[0])
    asking = sum(is_question(each.text.text) for each in found)
    if len(found) >= _MOST_ITEMS * len(node.children) and 2 * asking >= len(found):
        yield from found


def _bold_line(file: ShapedFile, node: Node) -> Iterator[_BoldLine]:
    """The first line of a paragraph without its marks, if it is bold."""
    assert node.content
    question = _question(node.content)
    if question:
        line = file.line_of(node.start)
        yield _BoldLine(
            question,
            line,
            node.start - file.offset(line),
        )


def _question(paragraph: Content) -> Content | None:
    """The words of a first line that is bold, without its marks, and its attributes."""
    first, _, _ = paragraph.text.partition("\n")
    found = _QUESTION.fullmatch(first)
    if not found or names_answer(found["counted"] or found["text"]):
        return None
    if found["counted"]:
        return paragraph.part(*found.span("counted"))
    groups = [each for each in ("text", "mark", "braces") if found[each]]
    return joined(paragraph.part(*found.span(each)) for each in groups)
