"""Advice that is remembered from one edit to the next is the advice that anybody would give who
reads the deck anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from ankipress.diagnostics import Diagnostic
from ankipress.lint.card_text import Card, Reading, read_cards
from ankipress.lint.checks import advise
from ankipress.lint.memo import Memory, NotWantedError
from ankipress.model import Source
from ankipress.parse.entries import parse
from ankipress.project.settings import Settings
from edits import CARDS, changes_of_text, edited_text

ROOT = Path(__file__).resolve().parents[2]
DECK = (ROOT / "cards.md").read_text(encoding="utf-8")
ADVISED = CARDS + (
    "## Is it so?\n\nYes.\n\n## What does the code above do?\n\n![](a.png)\n\n## What does this do?\n\n"
    + "- one\n" * 12
    + "\n## What does this do??\n\nSee [this](#none). It is a GAN.\n\n## Long?\n\n"
    + "many words " * 80
    + "\n\n## Rows {kind=rows}\n\n| Q | A |\n|---|---|\n| Is it? | yes |\n| Is it? | yes |\n"
)


def remembered(memory: Memory, text: str) -> tuple[object, tuple[Diagnostic, ...]]:
    sources = (Source("cards.md", text),)
    cards = memory.read_cards(parse(sources, Settings()).entries, sources)
    return plainly(cards), memory.advise(Reading(cards, {"cards.md": text}))


def fresh(text: str) -> tuple[object, tuple[Diagnostic, ...]]:
    sources = (Source("cards.md", text),)
    cards = read_cards(parse(sources, Settings()).entries, sources)
    return plainly(cards), advise(Reading(cards, {"cards.md": text}))


def plainly(cards: Sequence[Card]) -> object:
    blocks = [
        [
            (each.field, each.start, each.end, each.token.type, each.token.content)
            for each in card.blocks
        ]
        for card in cards
    ]
    return [(card.entry, card.question, card.front, card.lines) for card in cards], blocks


@pytest.mark.parametrize("text", [ADVISED, DECK], ids=["cards", "deck"])
def test_what_did_not_change_is_not_read_again(text: str) -> None:
    memory, sources = Memory(), (Source("cards.md", text),)
    entries = parse(sources, Settings()).entries
    first, again = (memory.read_cards(entries, sources) for _ in range(2))
    assert all(one.blocks is other.blocks for one, other in zip(first, again, strict=True))


@settings(max_examples=30, deadline=None)
@given(changes=changes_of_text)
def test_any_edit_is_advised_on_as_if_read_anew(changes: list[tuple[int, int, str]]) -> None:
    memory = Memory()
    remembered(memory, ADVISED)
    for text in (edited_text(ADVISED, changes), f"{ADVISED}\n\n# More\n\n{ADVISED}", ADVISED):
        assert remembered(memory, text) == fresh(text)


def test_what_was_read_until_nobody_wanted_it_stays_known() -> None:
    memory, asked = Memory(), list[int]()
    memory.is_wanted = lambda: len(asked) < 10 and not asked.append(1)  # type: ignore[func-returns-value]
    with pytest.raises(NotWantedError):
        remembered(memory, ADVISED)
    assert len(asked) == 10, "it was asked between the cards"
    memory.is_wanted = lambda: True
    assert remembered(memory, ADVISED) == fresh(ADVISED)
