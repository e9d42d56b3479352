"""Notes stand in the order of their entries, and ids are doubted where the texts say so."""

from __future__ import annotations

import pytest

from ankipress.diagnostics import Location
from ankipress.identity.assign import assign
from ankipress.identity.explicit import doubted
from ankipress.identity.fingerprint import Fingerprint
from ankipress.identity.signature import sign
from ankipress.model import Attributes, Entry, Lock, Part
from ankipress.project.settings import Settings

SETTINGS = Settings(name="deck", uid="deck-of-tests")


def entry(line: int, question: str, answer: str, path: str = "cards.md") -> Entry:
    parts = {"Back": Part(answer, line + 2)}
    return Entry(Location(path, line), question, parts, "basic", Attributes(), (), "Deck", "")


ENTRIES = (
    entry(1, "What?", "A zebra."),
    entry(5, "Why?", "Because."),
    entry(9, "What?", "An ant."),
    entry(1, "What?", "A zebra.", "b.md"),
    entry(13, "What?", "A zebra."),
)


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3)])
def test_each_entry_has_its_note_at_its_own_place(order: tuple[int, ...]) -> None:
    """By index: cards of one question or of one text must not take each other's place."""
    entries = [ENTRIES[index] for index in order]
    notes = assign(entries, Lock(), SETTINGS).notes
    assert [note.entry is each for note, each in zip(notes, entries, strict=True)] == [True] * 5
    plain = assign(ENTRIES, Lock(), SETTINGS).notes
    assert [note.guid for note in notes] == [plain[index].guid for index in order]


def test_a_note_follows_the_one_before_it_in_its_file() -> None:
    notes = assign(ENTRIES, Lock(), SETTINGS).notes
    before = [None, notes[0].guid, notes[1].guid, None, notes[2].guid]
    assert [note.after for note in notes] == before
    assert len({note.guid for note in notes}) == len({note.note_id for note in notes}) == 5


def card(question: str, answer: str, *, active: bool = True) -> Fingerprint:
    return Fingerprint(question, sign(answer), "cards.md", "", None, active=active)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([], set(), id="the only card of its question"),
        pytest.param([card("What?", "Another.")], {0}, id="another card asks the same"),
        pytest.param(
            [card("What?", "Another.", active=False)], {0}, id="a retired card asked the same"
        ),
    ],
)
def test_an_id_whose_answer_is_another_is_doubted_where_the_question_is_not_alone(
    others: list[Fingerprint], expected: set[int]
) -> None:
    olds = [card("What?", "A zebra."), *others]
    assert doubted({0: 0}, olds, [card("What?", "An ant.")]) == expected
    assert doubted({0: 0}, olds, [card("What?", "A zebra.")]) == frozenset()
