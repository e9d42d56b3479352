"""What learners have, as a lock: that of the last release, or what its package says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankipress.build.pipeline import compile_deck, make_package
from ankipress.diff.edition import Edition
from ankipress.identity.stamping import packed_digest
from ankipress.model import Lock, Record, State
from ankipress.release.learner_base import base_of, first_base
from author import DAY, FIRST_RELEASE
from packages import edition_of_package
from releases import Deck, project

CELL = "## What is a cell?\n\nA unit.\n\n"
WALL = "## What is a wall?\n\nA border.\n\n"
CORE = "## What is a core?\n\nA kernel.\n\n"
GAP = "## The {{c1::core}} of a cell\n\n"
LATER = FIRST_RELEASE + 400 * DAY


@pytest.fixture
def deck() -> Deck:
    """A deck that is not released yet."""
    return Deck()


def packed(deck: Deck, text: str, *, changed_tag: bool = False) -> Edition:
    """A package of a release, read again."""
    compiled = deck.compile(text, changed_tag=changed_tag)
    deck.release(text, changed_tag=changed_tag)
    return edition_of_package(make_package(compiled.package), "deck-1.0.0.apkg")


def by_question(lock: Lock) -> dict[str, Record]:
    return {each.question: each for each in lock.records}


def test_the_lock_of_the_last_release_is_the_base(deck: Deck) -> None:
    old = packed(deck, CELL)
    published = deck.lock
    deck.release(CELL + WALL)
    assert base_of(replace(old, published=published), deck.lock) is published


def test_a_package_says_what_the_lock_said_when_it_was_made(deck: Deck) -> None:
    old = packed(deck, CELL + WALL + GAP, changed_tag=True)
    base = base_of(old, deck.lock)
    assert base.records == deck.lock.records
    assert (base.uid, base.note_types) == (deck.lock.uid, deck.lock.note_types)


def test_what_was_built_since_is_forgotten(deck: Deck) -> None:
    old = packed(deck, CELL + WALL)
    before = by_question(deck.lock)
    deck.release(CELL.replace("A unit", "The smallest unit") + WALL)
    now = by_question(deck.lock)["What is a cell?"]
    base = by_question(base_of(old, deck.lock))
    assert now.digest != before["What is a cell?"].digest
    assert base["What is a cell?"].digest == before["What is a cell?"].digest
    assert base["What is a cell?"].mod == before["What is a cell?"].mod == FIRST_RELEASE


def test_a_note_type_is_known_by_its_id_whatever_a_package_calls_it(deck: Deck) -> None:
    old = packed(deck, CELL)
    types = {"another key": replace(old.note_types["basic"], key="another key")}
    notes = tuple(replace(each, note_type="another key") for each in old.notes)
    renamed = replace(old, note_types=types, notes=notes)
    assert base_of(renamed, deck.lock).records == deck.lock.records
    # One that the lock does not know keeps the key that the package gives it.
    stranger = replace(renamed.note_types["another key"], id=1)
    [record] = base_of(replace(renamed, note_types={"another key": stranger}), deck.lock).records
    [note] = notes
    assert record.digest == packed_digest("another key", note.fields, note.tags)


def test_a_card_never_packed_a_retired_one_and_a_tombstone(deck: Deck) -> None:
    deck.release(CELL + WALL + CORE)
    retired_before = by_question(deck.lock)["What is a core?"]
    deck.release(CELL + WALL)
    old = packed(deck, CELL)
    wall = by_question(deck.lock)["What is a wall?"]
    tombstone = replace(
        old.notes[0],
        guid=wall.guid,
        note_id=wall.note_id,
        mod=FIRST_RELEASE + 77,
        tags=("retired::1.2.0", "changed::1.2.0"),
        ords=(),
    )
    old = replace(old, notes=(*old.notes, tombstone))
    deck.release(CELL + "## What is never packed?\n\nThis.\n\n")  # built, but not released
    base = by_question(base_of(old, deck.lock))
    assert sorted(base) == ["What is a cell?", "What is a core?", "What is a wall?"]
    assert base["What is a cell?"].state is State.ACTIVE
    assert base["What is a core?"].state is State.RETIRED
    assert base["What is a core?"].digest == retired_before.digest
    told = base["What is a wall?"]
    assert (told.state, told.mod) == (State.RETIRED, FIRST_RELEASE + 77)
    # The tag that names a version is no part of what learners have.
    assert told.digest == packed_digest("basic", tombstone.fields, ("retired::1.2.0",))


def test_a_release_over_such_a_package_counts_what_learners_notice(deck: Deck) -> None:
    deck.release(CELL + WALL)
    old = packed(deck, CELL)
    text = CELL + "## What is never packed?\n\nThis.\n\n"
    deck.release(text)
    base = base_of(old, deck.lock)
    made = project(deck.lock, [text], {}, {"version": "2.0.0"})
    stamped = compile_deck(replace(made, base=base), LATER).stamped
    guids = {question: each.guid for question, each in by_question(stamped.lock).items()}
    new = by_question(stamped.lock)["What is never packed?"]
    assert stamped.new == {guids["What is never packed?"]}
    assert (stamped.changed, stamped.retired) == (frozenset(), frozenset())
    assert (new.since, new.changed, new.mod) == ("2.0.0", "2.0.0", LATER)


def test_all_cards_of_a_first_release_are_of_its_version(deck: Deck) -> None:
    deck.release(CELL)
    deck.release(CELL + WALL)
    base = first_base(deck.lock, "1.0.0")
    assert {(each.since, each.changed) for each in base.records} == {("1.0.0", "1.0.0")}
    assert [replace(each, since="", changed="") for each in base.records] == [
        replace(each, since="", changed="") for each in deck.lock.records
    ], "nothing else, and the mods least of all"
