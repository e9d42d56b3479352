"""To a difference, a tombstone is a note that is retired: it has no cards, and brings none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankipress.diff.changes import Change
from ankipress.diff.collection import Collection, ImportOutcome, import_edition
from ankipress.diff.difference import compare
from ankipress.diff.edition import Edition
from ankipress.diff.text_format import as_text
from ankipress.diff.version_steps import Bump
from releases import Deck

TENSOR = "## What is a tensor?\n\nA regular array of numbers.\n\n"
LOSS = "## What is a loss good for?\n\nIt says how wrong a model is.\n\n"


@pytest.fixture
def editions() -> tuple[Edition, Edition]:
    """An edition of two notes, and one in which the first is a tombstone."""
    deck = Deck()
    old = deck.release(f"# Deck\n\n{TENSOR}{LOSS}")
    new = deck.release(f"# Deck\n\n{LOSS}")
    gone = next(note for note in old.notes if "tensor" in note.fields[0])
    tombstone = replace(
        gone,
        ords=(),
        mod=gone.mod + 100,
        fields=(f"<div>Gone.</div>{gone.fields[0]}", *gone.fields[1:]),
    )
    return old, replace(new, notes=(*new.notes, tombstone))


def test_it_is_retired_and_updated(editions: tuple[Edition, Edition]) -> None:
    difference = compare(*editions)
    assert [each.what for each in difference.changes] == [(Change.RETIRED,)]
    assert (difference.bump, difference.reasons) == (Bump.MAJOR, ("1 retired: Anki keeps it",))
    assert difference.counts() == {ImportOutcome.UPDATED: 1, ImportOutcome.UNCHANGED: 1}
    assert difference.forecast.empty_cards == frozenset()
    assert "1 retired with a tombstone: updated to say so, the cards stay" in as_text(difference)


def test_that_it_stays_is_no_change(editions: tuple[Edition, Edition]) -> None:
    difference = compare(editions[1], editions[1])
    assert (difference.changes, difference.bump) == ((), Bump.NONE)


def test_that_it_goes_is_none_either(editions: tuple[Edition, Edition]) -> None:
    left = replace(editions[1], notes=editions[1].notes[:1])
    difference = compare(editions[1], left)
    assert (difference.changes, difference.bump) == ((), Bump.NONE)
    had = import_edition(
        import_edition(Collection(), editions[0]).collection, editions[1]
    ).collection
    assert sorted(import_edition(had, left).outcomes.values()) == [
        ImportOutcome.KEPT,
        ImportOutcome.UNCHANGED,
    ]


def test_a_card_that_comes_back_is_back(editions: tuple[Edition, Edition]) -> None:
    old, new = editions
    back = replace(new, notes=tuple(replace(note, mod=note.mod + 500) for note in old.notes))
    assert [each.what for each in compare(new, back).with_change(Change.RETURNED)] == [
        (Change.RETURNED,)
    ]


def test_it_brings_neither_deck_nor_card(editions: tuple[Edition, Edition]) -> None:
    _, new = editions
    alone = replace(
        new, notes=tuple(replace(note, deck="Nowhere") for note in new.notes if not note.ords)
    )
    imported = import_edition(Collection(), alone)
    assert (imported.new_decks, [held.cards for held in imported.collection.notes.values()]) == (
        (),
        [{}],
    )


def test_the_tag_of_a_change_is_no_change_of_tags() -> None:
    old = Deck().release(f"# Deck\n\n{TENSOR}{LOSS}")
    tagged = replace(
        old, notes=tuple(replace(note, tags=(*note.tags, "changed::1.1.0")) for note in old.notes)
    )
    assert compare(old, tagged).bump is Bump.NONE
    own = replace(
        old, notes=tuple(replace(note, tags=(*note.tags, "changed::mine")) for note in old.notes)
    )
    assert compare(old, own).bump is Bump.MAJOR  # it has no newer mod
