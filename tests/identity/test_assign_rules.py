"""What identities a build gives: of new cards, of several with one question, and of known ones."""

from __future__ import annotations

from itertools import islice

import pytest

from ankipress.build.pipeline import Compiled, compile_deck
from ankipress.identity.ids import make_card_id, make_guids, make_note_id, make_uid
from ankipress.model import Lock
from releases import project

UID = "deck-of-tests"


def compiled(lock: Lock, *texts: str, **settings: object) -> Compiled:
    return compile_deck(project(lock, texts, {}, settings), 1_700_000_000)


def guids_by_answer(made: Compiled) -> dict[str, str]:
    return {note.fields[1]: note.guid for note in made.package.notes}


def test_cards_of_one_question_are_numbered_by_their_answers() -> None:
    """Whatever the order in which they stand."""
    cards = [f"## Same?\n\n{answer}\n\n" for answer in ("c", "a", "b")]
    expected = dict(
        zip(("<p>a</p>", "<p>b</p>", "<p>c</p>"), make_guids(UID, "Same?"), strict=False)
    )
    for order in (cards, cards[::-1], [cards[1], cards[0], cards[2]]):
        made = compiled(Lock(), "# D\n\n" + "".join(order), uid=UID)
        assert guids_by_answer(made) == expected


def test_a_guid_that_is_taken_is_given_to_no_other() -> None:
    """Not even where its card is retired."""
    first = compiled(Lock(), "# D\n\n## Same?\n\nThe answer of the first card.\n", uid=UID)
    text = (
        "# D\n\n## Same?\n\nQuite another text about whales.\n\n## Same?\n\nOr cheese and wine.\n"
    )
    second = compiled(first.stamped.lock, text, uid=UID)
    guids = [note.guid for note in second.package.notes]
    assert len({*guids, *(each.guid for each in first.stamped.lock.records)}) == len(
        second.stamped.lock.records
    )
    assert set(guids) <= set(islice(make_guids(UID, "Same?"), 3))


def test_every_new_note_has_the_id_that_its_guid_gives() -> None:
    made = compiled(Lock(), "# D\n\n" + "".join(f"## Q{n}?\n\n{n}\n\n" for n in range(20)))
    assert all(note.note_id == make_note_id(note.guid, ()) for note in made.package.notes)
    assert len({note.note_id for note in made.package.notes}) == 20


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_an_id_that_is_taken_is_passed_over(taken: int) -> None:
    """By notes and by cards, and each time to the same other one."""
    notes: list[int] = []
    cards: list[int] = []
    for _ in range(taken + 1):
        notes.append(make_note_id("abcdefgh234567ab", notes))
        cards.append(make_card_id("abcdefgh234567ab", 0, cards))
    # Learners have these, so they are as published as the first ones.
    assert notes == [1117411733386, 1244723791876, 1367389669367][: taken + 1]
    assert cards == [1111712421636, 1211214743243, 1496151456024][: taken + 1]
    assert make_note_id("abcdefgh234567ab", notes[:-1]) == notes[-1]
    assert make_card_id("abcdefgh234567ab", 0, cards[:-1]) == cards[-1]


def test_a_note_knows_the_one_before_it_in_its_file() -> None:
    made = compiled(
        Lock(), "# D\n\n## A?\n\n1\n\n## B?\n\n2\n", "# E\n\n## C?\n\n3\n\n## D?\n\n4\n"
    )
    records = {each.question: each for each in made.stamped.lock.records}
    before = {question: each.after for question, each in records.items()}
    assert before == {
        "A?": None,
        "B?": records["A?"].guid,
        "C?": None,
        "D?": records["C?"].guid,
    }


def test_the_uid_of_the_lock_stands_and_another_one_is_told() -> None:
    lock = compiled(Lock(), "# D\n\n## A?\n\n1\n", uid="one").stamped.lock
    same = compiled(lock, "# D\n\n## A?\n\n1\n", uid=None)
    assert (same.stamped.lock.uid, same.diagnostics) == ("one", ())
    other = compiled(lock, "# D\n\n## A?\n\n1\n", uid="two")
    assert other.stamped.lock.uid == "one"
    assert [each.code for each in other.diagnostics] == ["bad-settings"]
    assert '"uid" must stay "one"' in other.diagnostics[0].message


def test_a_card_of_another_kind_is_told_where_its_question_was() -> None:
    lock = compiled(Lock(), "# D\n\n## A?\n\n1\n\n## B?\n\n2\n").stamped.lock
    text = "# D\n\n## A? {kind=cloze}\n\n{{c1::1}}\n\n## B?\n\n2\n"
    [problem] = compiled(lock, text).diagnostics
    [old] = [each for each in lock.records if each.question == "A?"]
    assert (problem.code, problem.location.line) == ("kind-changed", 3)
    assert str(problem.help).endswith(f"Key:{old.guid}")


def test_without_a_uid_one_is_made_of_the_name_and_the_first_deck() -> None:
    made = compiled(Lock(), "# D\n\n## A?\n\n1\n", uid=None)
    assert made.stamped.lock.uid == make_uid("deck", "D")
    assert compiled(Lock(), "", uid=None).stamped.lock.uid == make_uid("deck", "")


def test_an_id_that_moved_to_another_card_of_the_same_question_is_asked_about() -> None:
    """The note that the text tells of comes first: learners know a card by its text."""
    whales, wine = "This answer is about whales and ships.", "Quite another one on cheese and wine."
    before = f"# D\n\n## Same? {{#x}}\n\n{whales}\n\n## Same?\n\n{wine}\n"
    after = f"# D\n\n## Same?\n\n{whales}\n\n## Same? {{#x}}\n\n{wine}\n"
    first = compiled(Lock(), before)
    made = compiled(first.stamped.lock, after)
    guids = guids_by_answer(first)
    [case] = made.unresolved
    assert case.why == "moved id"
    assert [each.guid for each in case.candidates] == [
        guids[f"<p>{wine}</p>"],
        guids[f"<p>{whales}</p>"],
    ]
    assert [each.code for each in made.diagnostics] == ["ambiguous-identity"]
