"""Cards that a shape found in a file, and how much each looks like a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ankipress.parse.shapes.auto_headings import is_contents
from ankipress.parse.shapes.shaped_file import FoundSection
from ankipress.parse.shapes.words import has_counter, is_question

_NUMBERED = 0.5  # what a number before a question counts
_OPENING = 300  # characters of an answer that are kept, to be shown
_GAP = "{{c1::"
_OPTION = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?(?:\[[ xX]\][ \t]+|\(?[A-Ha-h][.)][ \t]+)\S", re.MULTILINE
)
_DETAILS = re.compile(r"^[ \t]*<details", re.IGNORECASE | re.MULTILINE)
_NO_WORDS = re.compile(r"<[^<>]*>|[\s\W_]+")
_MARKS = re.compile(r"#+[ \t]*")


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card that a shape found: its question, where it stands, how much it looks like one, from 0
    to 1, and how its answer begins. `size` is the number of letters and digits.
    """

    question: str
    path: str
    line: int
    weight: float
    size: int
    is_answered: bool
    has_options: bool
    has_details: bool
    opening: str = ""


def seen_cards(path: str, sections: Iterable[FoundSection]) -> Iterator[SeenCard]:
    """The cards of the sections of a file."""
    for section in sections:
        yield _seen(path, section)


def _seen(path: str, section: FoundSection) -> SeenCard:
    heading, _, body = section.text.partition("\n")
    question = _MARKS.sub("", heading, count=1).strip()
    options = _OPTION.findall(body)
    has_options = len(options) > 1
    has_details = _DETAILS.search(body) is not None
    is_cloze = _GAP in section.text
    is_answered = is_cloze or size_of(body) > 0
    weight = _weight(question, body)
    if is_cloze or has_options or has_details:
        weight = 1
    opening = body.strip()[:_OPENING]
    return SeenCard(
        question,
        path,
        section.line,
        weight,
        size_of(section.text),
        is_answered,
        has_options,
        has_details,
        opening,
    )


def _weight(question: str, body: str) -> float:
    """How much a card looks like a question by its words."""
    if is_contents(body):
        return 0
    if is_question(question):
        return 1
    if has_counter(question):
        return _NUMBERED
    return 0


def size_of(text: str) -> int:
    """The number of letters and digits of a text, without tags of HTML."""
    words = _NO_WORDS.sub("", text)
    return len(words)


def strength(cards: Sequence[SeenCard]) -> float:
    """The number of answered cards that look like questions."""
    return sum(card.weight for card in cards if card.is_answered)
