"""The law of a pull: each edited note is as it was wanted, and every other one as it was."""

from __future__ import annotations

from dataclasses import replace

from ankipress.build.cards import ALONE
from ankipress.live.pulled.edit_trials import EditTrials, ProjectNow
from ankipress.live.text_edits import TextEdit
from ankipress.live.wanted_note import CardEdit, WantedNote
from live.card_edits import TIME, EditedDeck

TEXT = """\
# Body

## What does the heart do?

It pumps [blood].

## What does the lung do?

It takes in [air].

[air]: https://air.example

## What does the liver do?

It cleans.

[blood]: https://blood.example
"""
DECK = EditedDeck(TEXT)


def now() -> ProjectNow:
    """The deck, once it was built."""
    first = DECK.compiled()
    project = replace(DECK.project, lock=first.stamped.lock)
    built = ProjectNow(project, first, TIME, ALONE)
    return built.changed(project)


NOW = now()


def edit(number: int, old: str, new: str, html: str) -> tuple[WantedNote, CardEdit]:
    """An edit of a line that holds a text once, after which the answer of a note is as wanted."""
    [line] = [place for place, each in enumerate(TEXT.split("\n")) if old in each]
    column = TEXT.split("\n")[line].index(old)
    guid = NOW.compiled.notes[number].guid
    text_edit = TextEdit((line, column), (line, column + len(old)), new)
    return WantedNote(guid, {"Back": html}), CardEdit(guid, "cards.md", (text_edit,))


GOOD = edit(2, "It cleans.", "It cleans *all*.", "<p>It cleans <b>all</b>.</p>")
EMPHASIS = edit(2, "It cleans.", "It cleans *all*.", "<p>It cleans <em>all</em>.</p>")
LINK = edit(
    1,
    "[air]:",
    "[air]: https://air.example\n[blood]:",
    '<p>It takes in <a href="https://air.example">air</a>.</p>',
)
HEADING = edit(1, "It takes in [air].", "It takes in.\n\n## New\n\nIt is.", "<p>It takes in.</p>")
OPEN = edit(0, "It pumps [blood].", "It pumps.\n\n```", "<p>It pumps.</p>")
HEART = edit(
    0,
    "It pumps",
    "It moves",
    '<p>It moves <a href="https://blood.example">blood</a>.</p>',
)


def written(*edits: tuple[WantedNote, CardEdit]) -> list[CardEdit]:
    wanted, tried = zip(*edits, strict=True)
    return list(EditTrials(NOW, wanted).lawful(tried).edits)


def test_without_edits_all_is_as_it_is() -> None:
    found = EditTrials(NOW, ()).lawful(())
    assert found.edits == ()
    assert found.now == NOW


def test_edits_that_are_right_are_made() -> None:
    assert written(EMPHASIS, HEART) == [EMPHASIS[1], HEART[1]]


def test_a_note_that_would_not_look_as_wanted_is_left_out() -> None:
    assert written(GOOD, HEART) == [HEART[1]]


def test_what_changes_another_card_is_left_out_and_the_rest_is_made() -> None:
    assert written(LINK) == [], "the first definition of a label counts, so the heart would change"
    assert written(HEART, LINK, EMPHASIS) == [HEART[1], EMPHASIS[1]]


def test_what_makes_or_hides_a_card_is_left_out_and_the_rest_is_made() -> None:
    assert written(HEADING) == []
    assert written(OPEN) == []
    assert written(OPEN, EMPHASIS, HEADING) == [EMPHASIS[1]]


def test_two_edits_of_one_place_are_not_both_made() -> None:
    guid = NOW.compiled.notes[0].guid
    again = (EMPHASIS[0], EMPHASIS[1])
    other = (HEART[0], replace(HEART[1], edits=EMPHASIS[1].edits))
    assert len(written(again, other)) == 1
    assert guid == HEART[1].guid


def test_the_lock_that_comes_of_it_finds_every_note_again() -> None:
    found = EditTrials(NOW, [EMPHASIS[0], HEART[0]]).lawful([EMPHASIS[1], HEART[1]])
    before = {each.guid: each for each in NOW.compiled.stamped.lock.records}
    after = {each.guid: each for each in found.now.compiled.stamped.lock.records}
    assert before.keys() == after.keys()
    changed = {guid for guid, each in after.items() if each != before[guid]}
    assert changed == {EMPHASIS[1].guid, HEART[1].guid}
