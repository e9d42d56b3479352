"""Question and answer, and the rows of tables."""

from __future__ import annotations

import html
from collections.abc import Iterator

from ankipress.render.card_parts import Parts
from ankipress.render.html import canonical
from ankipress.render.placeholders import placeholder
from ankipress.render.typed_answer import typed_text

Fields = Iterator[tuple[str, str]]
"""Names of fields and their HTML."""

NO_QUESTION = "empty-question", "this card has no question", "write it into the heading"
_NO_ANSWER = (
    "empty-answer",
    "this question has no answer, so its card is left out",
    "write the answer below it",
)
_HELP_FOR_PLACEHOLDER = "write the answer; words that are one stand in code: `TODO`"
_NO_FIRST_CELL = (
    "empty-question",
    "the first cell of this row is empty",
    "write the question into it",
)
_NO_SECOND_CELL = (
    "empty-answer",
    "this row has no answer, so its card is left out",
    "write it into the second cell",
)


def fill_basic(parts: Parts) -> Fields:
    """The heading with what is above a `---`, and what is below it."""
    question = parts.question()
    answer = parts.field("Back")
    parts.require(question, *NO_QUESTION)
    parts.require(answer, *_NO_ANSWER)
    _report_placeholder(parts, answer)
    yield "Front", question
    yield "Back", answer
    yield from _requested(parts, answer)


def _report_placeholder(parts: Parts, answer: str) -> None:
    """Report an answer that stands for one still to be written."""
    words = placeholder(answer)
    written = parts.entry.parts.get("Back")
    if words is None or written is None or not written.text.strip():
        return
    message = f'"{words}" is no answer yet, so this card is left out'
    if not words:
        message = "this question has a link in place of an answer, so its card is left out"
    start = len(written.text) - len(written.text.lstrip())
    end = start + len(written.text[start:].split("\n", 1)[0].rstrip())
    place = written.place(parts.entry.path, start, end)
    parts.report("empty-answer", message, _HELP_FOR_PLACEHOLDER, place)


def fill_rows(parts: Parts) -> Fields:
    """A row: its first cell below the heading of the table, and its second cell."""
    question = parts.question()
    answer = parts.field("Back")
    parts.require(question, *_NO_FIRST_CELL)
    parts.require(answer, *_NO_SECOND_CELL)
    yield "Front", parts.context() + question
    yield "Back", answer
    yield from _requested(parts, answer)


def _requested(parts: Parts, answer: str) -> Fields:
    """The fields for the attributes of the heading, and for its sections."""
    attributes = parts.entry.attributes
    if isinstance(attributes.typed, str) and attributes.typed:
        yield "Typed", canonical(html.escape(attributes.typed, quote=False))
    elif attributes.typed:
        yield "Typed", typed_text(answer)
    if attributes.reverse:
        yield "Reverse", "1"
    yield from fill_sections(parts)


def fill_sections(parts: Parts) -> Fields:
    """The sections that any card may have."""
    for name in ("Hint", "Extra", "Source"):
        yield name, parts.field(name)
