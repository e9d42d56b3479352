"""Question and answer, and the rows of tables, which are such cards too."""

from __future__ import annotations

from collections.abc import Iterator

from ankipress.render.card_parts import Parts
from ankipress.render.html import canonical
from ankipress.render.typed_answer import typed_text

NO_QUESTION = "empty-question", "this card has no question", "write it into the heading"


def fill_basic(parts: Parts) -> Iterator[tuple[str, str]]:
    """The heading, with what stands above a `---`, and what stands below it."""
    question, answer = parts.question(), parts.field("Back")
    parts.require(question, *NO_QUESTION)
    parts.require(
        answer,
        "empty-answer",
        "this question has no answer",
        "write the answer below it, or mark the card {draft}",
    )
    yield from (("Front", question), ("Back", answer))
    yield from _asked_for(parts, answer)
    yield from beside(parts)


def fill_rows(parts: Parts) -> Iterator[tuple[str, str]]:
    """A row: its first cell below the heading of the table, and its second cell."""
    question, answer = parts.question(), parts.field("Back")
    parts.require(
        question,
        "empty-question",
        "the first cell of this row is empty",
        "write the question into it",
    )
    parts.require(
        answer,
        "empty-answer",
        "this row has no answer",
        "write it into the second cell, or mark the first {draft}",
    )
    yield from (("Front", parts.context() + question), ("Back", answer))
    yield from _asked_for(parts, answer)
    yield from beside(parts)


def _asked_for(parts: Parts, answer: str) -> Iterator[tuple[str, str]]:
    """What the flags of the heading ask for."""
    attributes = parts.entry.attributes
    if typed := attributes.typed:
        yield "Typed", canonical(_escaped(typed)) if isinstance(typed, str) else typed_text(answer)
    if attributes.reverse:
        yield "Reverse", "1"


def beside(parts: Parts) -> Iterator[tuple[str, str]]:
    """What stands beside question and answer."""
    for name in ("Hint", "Extra", "Source"):
        yield name, parts.field(name)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
