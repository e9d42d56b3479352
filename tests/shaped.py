"""Cards of files in a shape, as short values to compare, for the tests of each shape."""

from __future__ import annotations

from typing import NamedTuple

from ankipress.diagnostics import Diagnostic, Location
from ankipress.model import Entry, Part, Source
from ankipress.parse.placing import Parsed
from ankipress.project.settings import Settings
from parsing import parse

PATH = "notes.md"


class Card(NamedTuple):
    """What a card asks and answers, and the headings above it."""

    question: str
    back: str = ""
    front: str = ""
    hint: str = ""
    section: str = ""


def parsed(text: str, shape: str, **settings: object) -> Parsed:
    """A file, read in a shape."""
    values = {"name": "notes", "shape": shape, **settings}
    return parse([Source(PATH, text)], Settings(**values))  # type: ignore[arg-type]


def entries(text: str, shape: str, **settings: object) -> tuple[Entry, ...]:
    """The entries of a file."""
    return parsed(text, shape, **settings).entries


def cards(text: str, shape: str, **settings: object) -> list[Card]:
    """The cards of a file."""
    return [card_of(each) for each in entries(text, shape, **settings)]


def card_of(entry: Entry) -> Card:
    """A card as values to compare."""
    texts = {name: part.text for name, part in entry.parts.items()}
    return Card(
        entry.heading,
        texts.get("Back", ""),
        texts.get("Front", ""),
        texts.get("Hint", ""),
        entry.section,
    )


def questions(text: str, shape: str, **settings: object) -> list[str]:
    """What the cards of a file ask."""
    return [each.heading for each in entries(text, shape, **settings)]


def problems(text: str, shape: str, **settings: object) -> list[Diagnostic]:
    """What is wrong with a file, without that it has no cards."""
    found = parsed(text, shape, **settings).diagnostics
    return [each for each in found if each.code != "no-cards"]


def words_at(text: str, place: Location) -> str:
    """What stands in a text at a place."""
    line = text.split("\n")[place.line - 1]
    start = place.column - 1
    assert 0 <= start < max(1, len(line)), f"{place} is not on its line"
    return line[start : start + place.width]


def words_of(text: str, part: Part, words: str) -> str:
    """What stands in a text where a part has some words for the first time."""
    start = part.text.index(words)
    return words_at(text, part.place(PATH, start, start + len(words)))


def assert_exact_places(text: str, shape: str) -> None:
    """The one card of a file, `Wäs? {#a}` with `TWO` on its back and the hint `H`, stands there."""
    [entry] = entries(text, shape)
    assert words_at(text, entry.location) == "Wäs? {#a}"
    assert words_of(text, entry.question, "Wäs?") == "Wäs?"
    assert words_of(text, entry.parts["Back"], "TWO") == "TWO"
    assert words_of(text, entry.parts["Hint"], "H") == "H"
