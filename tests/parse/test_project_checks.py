"""Decks that Anki takes for one, in the files of a project together."""

from __future__ import annotations

import pytest

from ankipress.diagnostics import Location
from ankipress.model import Source
from ankipress.project.settings import Settings
from parsing import parse


def problems(decks: list[str], settings: Settings | None = None) -> list[tuple[str, Location]]:
    sources = [
        Source(f"{number}.md", f"---\ndeck: {deck}\n---\n## Q{number}\n\na\n")
        for number, deck in enumerate(decks)
    ]
    found = parse(sources, settings or Settings()).diagnostics
    return [(each.code, each.location) for each in found]


@pytest.mark.parametrize(
    "decks",
    [
        ["Biology"],
        ["Biology", "Biology"],
        ["A::b", "B::a"],
        # Decks above others are made by Anki itself, in one spelling.
        ["School::A", "school::B"],
        ["School", "school::B"],
        ["default::Y", "X"],
        ["Defaults", "My Default"],
    ],
)
def test_decks_that_anki_keeps_as_they_are(decks: list[str]) -> None:
    assert problems(decks) == []


@pytest.mark.parametrize(
    ("decks", "file"),
    [
        (["Biology", "biology"], 1),
        (["Biology", "Biology", "BIOLOGY"], 2),
        (["Straße", "STRASSE"], 1),
        (["Ä::x", "ä::X"], 1),
        (["default"], 0),
        (["Default"], 0),
        (["X", "Default"], 1),
        (["X", "DEFAULT"], 1),
        (["Default", "Default::Y"], 0),
        (["default::y", "Default"], 1),
    ],
)
def test_decks_that_anki_would_rename_are_an_error(decks: list[str], file: int) -> None:
    place = Location(f"{file}.md", 2, 7, len(decks[file]))
    assert problems(decks) == [("bad-deck", place)]


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        ("# Biology\n\n", "# biology\n\n", Location("b.md", 1, 1, 9)),
        ("# B\n\n", "", Location("b.md")),
    ],
)
def test_the_place_is_that_of_the_name(first: str, second: str, place: Location) -> None:
    sources = [
        Source("a.md", f"{first}## Q\n\na\n"),
        Source("b.md", f"{second}## R\n\nb\n"),
    ]
    found = parse(sources, Settings()).diagnostics
    assert [(each.code, each.location) for each in found] == [("bad-deck", place)]


def test_a_heading_that_names_a_deck_is_the_place() -> None:
    text = "# D\n\n## Cells\n\n### Q\n\na\n\n## cells\n\ntext\n\n### R\n\nb\n"
    settings = Settings(card_level=3, sections="subdeck")
    found = parse([Source("a.md", text)], settings).diagnostics
    assert [(each.code, each.location) for each in found] == [
        ("bad-deck", Location("a.md", 9, 1, 8))
    ]
