"""`summary`: the `<summary>` of a `<details>` asks, and what it hides answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ankipress.parse.shapes.pieces import CardPieces, content_of, section_of, without_heading_marks
from ankipress.parse.shapes.shaped_file import FoundSection, ShapedFile, Trail, unquoted
from ankipress.parse.shapes.words import names_answer
from ankipress.syntax.plain_text import plain_text
from ankipress.syntax.tree import Content, Node

_COMMENT = r"<!--.*?(?:-->|\Z)"
_CODE = r"(?<!`)(?P<marks>`+)(?!`).+?(?<!`)(?P=marks)(?!`)"
_ELEMENT = r"<(?P<slash>/?)(?P<name>details|summary)(?=[\s>/])[^<>]*>"
# In a block of HTML backticks mark no code.
_TAG_IN: Mapping[str, re.Pattern[str]] = {
    "html_block": re.compile(f"{_COMMENT}|{_ELEMENT}", re.IGNORECASE | re.DOTALL),
    "paragraph": re.compile(f"{_COMMENT}|{_CODE}|{_ELEMENT}", re.IGNORECASE | re.DOTALL),
}
_BREAKS = re.compile(r"(?:\s|<br\s*/?>)*", re.IGNORECASE)
# Elements around all of a question.
_OPENED = re.compile(r"\s*(?:<(?:b|strong|h[1-6]|i|em|u|p|span)(?:\s[^<>]*)?>\s*)+", re.IGNORECASE)
_CLOSED = re.compile(r"(?:</\w+>\s*)+")
_DEEPEST = 20  # elements in elements
_OFTEN = 3  # a summary that stands so often in a file only opens what it hides


class _ElementTag(NamedTuple):
    name: str
    closes: bool
    start: int
    end: int


@dataclass(slots=True)
class _Details:
    """An element `<details>`: its tags, its question, and the elements inside."""

    opening: _ElementTag
    summary: list[_ElementTag] = field(default_factory=list)
    inside: list[_Details] = field(default_factory=list)
    closing: _ElementTag | None = None
    question: Content = field(default_factory=lambda: Content(""))

    @property
    def name(self) -> str:
        """Its question, for comparison with others."""
        return self.question.text.strip().lower()

    def parts(self) -> Iterator[_Details]:
        """It, and all elements in it."""
        yield self
        for each in self.inside:
            yield from each.parts()


def read_summary(file: ShapedFile) -> Iterator[FoundSection]:
    """The cards of all `<details>` but those that hold others, and those that hide an `Answer`."""
    elements = list(_elements(file))
    names = Counter(part.name for each in elements for part in each.parts())

    def asks(element: _Details) -> bool:
        name = element.name
        return bool(name) and names[name] < _OFTEN and not names_answer(name)

    for each, trail in _cards(elements, (), asks):
        yield _section(
            file,
            each,
            trail,
        )


def _cards(
    elements: Sequence[_Details],
    trail: Trail,
    asks: Callable[[_Details], bool],
) -> Iterator[tuple[_Details, Trail]]:
    """The elements that are cards, with the summaries of those that they stand in."""
    for each in filter(asks, elements):
        if not any(map(asks, each.inside)):
            yield each, trail
            continue
        name = plain_text(each.question.text)
        yield from _cards(each.inside, (*trail, name.strip()), asks)


def _elements(file: ShapedFile) -> Iterator[_Details]:
    """The outermost elements that are closed."""
    closed = {start for start, _ in file.details}
    opened: list[_Details] = []
    for tag in _tags(file):
        if tag.name == "summary":
            if opened and len(opened[-1].summary) < 2:
                opened[-1].summary.append(tag)
            continue
        if not tag.closes:
            if len(opened) < _DEEPEST:
                opened.append(_Details(tag))
            continue
        if not opened:
            continue
        element = opened.pop()
        element.closing = tag
        element.question = _question(file, element)
        # One that never ends holds no others.
        if opened and file.line_of(opened[0].opening.start) in closed:
            opened[-1].inside.append(element)
            continue
        opened.clear()
        yield element


def _question(file: ShapedFile, element: _Details) -> Content:
    """The words of a summary without the tags around all of them; empty where there is none."""
    if len(element.summary) < 2:
        return Content("")
    opening, closing = element.summary
    inside = content_of(
        file.text,
        opening.end,
        closing.start,
    )
    return without_heading_marks(_unwrapped(inside))


def _unwrapped(piece: Content) -> Content:
    """A text without the tags around all of it."""
    opened = _OPENED.match(piece.text)
    if not opened:
        return piece
    start = opened.end()
    end = piece.text.find("<", start)
    if end < 0 or not _CLOSED.fullmatch(piece.text, end):
        return piece
    return piece.part(start, end)


def _section(
    file: ShapedFile,
    element: _Details,
    trail: Trail,
) -> FoundSection:
    opening = element.opening
    closing = element.closing
    assert closing
    line = file.line_of(opening.start)
    end = file.line_of(closing.end - 1) + 1
    start = _start_of_answer(
        file,
        element.summary[1].end,
        closing.start,
    )
    width = opening.start - file.offset(line)
    answer = content_of(
        file.text,
        start,
        closing.start,
        width,
    )
    card = CardPieces(
        element.question,
        (),
        (answer,),
        line,
        end,
        is_split=True,
    )
    section = section_of(file, card)
    return replace(section, trail=(*section.trail, *trail))


def _start_of_answer(
    file: ShapedFile,
    start: int,
    end: int,
) -> int:
    """Where the answer below a summary begins: without empty lines and breaks, but with what its
    first line is indented by.
    """
    breaks = _BREAKS.match(
        file.text,
        start,
        end,
    )
    assert breaks
    first = file.line_of(breaks.end())
    if first == file.line_of(start):
        return breaks.end()
    return max(start, file.offset(first))


def _tags(file: ShapedFile) -> Iterator[_ElementTag]:
    """The tags in blocks of HTML and in paragraphs that stand in no quote, in their order."""
    for node in unquoted(file.all_nodes):
        pattern = _TAG_IN.get(node.kind)
        if pattern:
            yield from _tags_in(file, node, pattern)


def _tags_in(
    file: ShapedFile,
    node: Node,
    pattern: re.Pattern[str],
) -> Iterator[_ElementTag]:
    for found in pattern.finditer(file.text, node.start, node.end):
        if found["name"]:
            name = found["name"].lower()
            yield _ElementTag(
                name,
                bool(found["slash"]),
                found.start(),
                found.end(),
            )
