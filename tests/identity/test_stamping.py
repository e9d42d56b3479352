"""Digests that decide what learners get again, and what the lock says of retired notes."""

from __future__ import annotations

import pytest

from ankipress.identity import ids
from ankipress.identity.stamping import packed_digest
from ankipress.model import Lock, State
from releases import Deck

ONE = "# Deck\n\n## One?\n\n1\n"
TWO = f"{ONE}\n## Two?\n\n2\n"


@pytest.mark.parametrize(
    ("fields", "tags", "expected"),
    [
        pytest.param((), (), "jiaEE2-IvChP", id="nothing"),
        pytest.param(
            ("What?", "An array.", ""),
            ("tag", "two"),
            "LfLT6GNT3VuT",
            id="fields and tags",
        ),
    ],
)
def test_the_digest_of_a_packed_note_is_published(
    fields: tuple[str, ...], tags: tuple[str, ...], expected: str
) -> None:
    """It is in the locks of all projects: another one would update every note of every deck."""
    assert packed_digest("basic", fields, tags) == expected


def test_fields_are_not_tags_and_a_note_type_is_part_of_the_digest() -> None:
    digests = {
        packed_digest("basic", ("a", "b"), ()),
        packed_digest("basic", ("a",), ("b",)),
        packed_digest("basic", (), ("a", "b")),
        packed_digest("cloze", ("a", "b"), ()),
    }
    assert len(digests) == 4


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param((), "41ac04c4d73990f78d1b5abbc364c108", id="nothing"),
        pytest.param(("ab", "c"), "a4cdb8701e813d8ce40590b1cf4c26d7", id="short parts"),
        pytest.param(
            ("What is a tensor?", "a", "bc"), "9b25bf7c01e8748287a1349d1a82a1bb", id="a question"
        ),
    ],
)
def test_the_digest_of_texts_is_published(parts: tuple[str, ...], expected: str) -> None:
    assert ids.content_digest(*parts) == expected


def test_ids_are_published() -> None:
    """Ids that no deck of the golden file has to fall back on, and those of authors' note types."""
    guids = ids.make_guids("some-uid", "What is a tensor?")
    assert [next(guids), next(guids)] == ["mswubmuadkutqffo", "fjhwu6wxyt7eoj2b"]
    assert ids.make_note_id("abcdefgh234567ab", ()) == 1_117_411_733_386
    assert ids.make_note_id("abcdefgh234567ab", {1_117_411_733_386}) == 1_244_723_791_876
    assert ids.make_card_id("abcdefgh234567ab", 1, ()) == 1_247_417_554_444
    assert ids.make_schema_id("some-uid", "vocab", "field", "Word") == 945_677_871_297_081_681


def states(lock: Lock) -> dict[str, tuple[State, str, str]]:
    """The state of each record by its question, the version that it came with, and that of its last
    change.
    """
    return {each.question: (each.state, each.since, each.changed) for each in lock.records}


def test_a_retired_note_says_which_version_retired_it() -> None:
    deck = Deck()
    deck.release(TWO)
    deck.release(ONE)
    assert states(deck.lock)["Two?"] == (State.RETIRED, "1.0.0", "1.1.0")
    deck.release(ONE)
    assert states(deck.lock)["Two?"] == (State.RETIRED, "1.0.0", "1.1.0"), "it was before"
    mods = {record.question: record.mod for record in deck.lock.records}
    deck.release(TWO)
    assert states(deck.lock)["Two?"][0] is State.ACTIVE
    deck.release(ONE)
    assert states(deck.lock)["Two?"] == (State.RETIRED, "1.0.0", "1.4.0"), "retired again"
    assert mods == {record.question: record.mod for record in deck.lock.records}


def test_only_notes_that_were_there_are_retired() -> None:
    """A note that is retired already is not counted again."""
    deck = Deck()
    deck.release(TWO)
    guid = {record.question: record.guid for record in deck.lock.records}["Two?"]
    assert deck.compile(ONE).stamped.retired == {guid}
    deck.release(ONE)
    assert deck.compile(ONE).stamped.retired == frozenset()
