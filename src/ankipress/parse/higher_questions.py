"""Questions that stand above the headings that make cards, so that their answers are on no card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ankipress.diagnostics import Diagnostic, location_of_text
from ankipress.parse.deeper_questions import asks
from ankipress.parse.document import Document
from ankipress.syntax.outline import Heading


def higher_questions(document: Document) -> Iterator[Diagnostic]:
    """An error for each heading below the first card that asks a question at a level of sections,
    has a text, and has no card below it.

    What stands above the first card is for readers of the file.
    """
    level = document.context.card_level
    headings = document.headings
    is_below_a_card = False
    for number, heading in enumerate(headings):
        is_below_a_card = is_below_a_card or heading.level == level
        if not is_below_a_card or heading.level >= level or not asks(heading):
            continue
        following = headings[number + 1 :]
        if _has_text(document, heading, following) and not _has_card(heading, following, level):
            line = document.lines[heading.start]
            place = location_of_text(document.path, heading.start + 1, line)
            message = "this heading asks a question, and what stands below it is on no card"
            help = f"write it with `{'#' * level}`, as cards are, or without a question mark"
            yield Diagnostic("higher-question", place, message, help)


def _has_text(
    document: Document,
    heading: Heading,
    following: Sequence[Heading],
) -> bool:
    """Whether there is a text between a heading and the next that is no part of an answer."""
    end = len(document.lines)
    for each in following:
        if each.level <= document.context.card_level:
            end = each.start
            break
    return any(map(_is_text, document.lines[heading.end : end]))


def _is_text(line: str) -> bool:
    text = line.strip()
    return text != "" and not text.startswith("<!--")


def _has_card(
    heading: Heading,
    following: Sequence[Heading],
    level: int,
) -> bool:
    """Whether a card stands in the section of a heading."""
    for each in following:
        if each.level <= heading.level:
            return False
        if each.level == level:
            return True
    return False
