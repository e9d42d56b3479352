"""What the page shows of a deck, from one save to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankipress.build.pipeline import compile_deck
from ankipress.diagnostics import in_order
from ankipress.model import Lock, Source
from ankipress.preview.serve.continuity import NamedNote, continued
from ankipress.preview.serve.first_cards import first_look
from ankipress.preview.serve.messages import NumberedView, change_payload, full_payload
from ankipress.preview.serve.view import Input, View, make_view
from ankipress.project.deck import Project
from ankipress.project.settings import Settings
from stages import Files

ONE, TWO, THREE = "## One?\n\n1\n\n", "## Two?\n\n2\n\n", "## Three?\n\n3\n\n"


def project(text: str) -> Project:
    return Project(Settings(), (Source("cards.md", text),), Lock(), Files())


def view(text: str, before: View | None = None, time: int = 1) -> View:
    compiled = compile_deck(project(text), time)
    return make_view(Input(compiled, in_order(compiled.diagnostics)), before or View())


def shown(found: View) -> list[tuple[str, bool]]:
    return [(each.card.question, each.kept) for each in found.cards]


def test_nothing_changes_where_nothing_was_written() -> None:
    before = view(ONE + TWO)
    after = view(ONE + TWO, before, time=2)
    message = change_payload(NumberedView(1, before, str), NumberedView(2, after, str))
    assert message["rows"] == []
    assert message["contents"] == {}
    assert "order" not in message
    assert all(
        old.content is new.content for old, new in zip(before.cards, after.cards, strict=True)
    ), "rendered again"


def test_an_edit_sends_its_card_alone() -> None:
    before = view(ONE + TWO + THREE)
    after = view(ONE + TWO.replace("2", "two") + "\n" + THREE, before)
    message = change_payload(NumberedView(1, before, str), NumberedView(2, after, str))
    assert [row["question"] for row in message["rows"]] == ["Two?"]
    assert list(message["contents"]) == [after.cards[1].key]
    assert message["lines"] == [1, 5, 10]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("## Twoo?", id="a letter more"),
        pytest.param("## Something else altogether?", id="every word"),
    ],
)
def test_a_reworded_question_is_the_same_card_on_the_page(question: str) -> None:
    """Without a lock it is another note, but its author takes it for the card that was written."""
    before = view(ONE + TWO + THREE)
    after = view(ONE + TWO.replace("## Two?", question) + THREE, before)
    assert [each.key for each in after.cards] == [each.key for each in before.cards]
    assert after.cards[1].card.guid != before.cards[1].card.guid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            ONE + TWO + THREE,
            [("One?", False), ("Two?", False), ("Three?", False)],
            id="nothing is wrong",
        ),
        pytest.param(ONE + THREE, [("One?", False), ("Three?", False)], id="a card was deleted"),
        pytest.param(
            ONE + "## Two?\n\n" + THREE,
            [("One?", False), ("Three?", False)],
            id="an answer is not written yet, so there is no card",
        ),
        pytest.param(
            ONE + "## Two? {foo=1}\n\n2\n\n" + THREE,
            [("One?", False), ("Two?", True), ("Three?", False)],
            id="a word in braces that means nothing",
        ),
        pytest.param(
            ONE + "## Two?\n\n```python\n2\n\n" + THREE,
            [("One?", False), ("Two?", True), ("Three?", True)],
            id="a fence that never ends swallows the rest",
        ),
        pytest.param(
            "---\ndeck: [\n---\n" + ONE + TWO + THREE,
            [("One?", False), ("Two?", False), ("Three?", False)],
            id="front matter that does not parse",
        ),
    ],
)
def test_what_is_wrong_keeps_the_last_good_cards(
    text: str, expected: list[tuple[str, bool]]
) -> None:
    good = view(ONE + TWO + THREE)
    bad = view(text, good)
    assert shown(bad) == expected
    kept = {each.key: each.content for each in good.cards}
    assert all(each.content == kept[each.key] for each in bad.cards if each.kept)
    assert shown(view(ONE + TWO + THREE, bad)) == [
        ("One?", False),
        ("Two?", False),
        ("Three?", False),
    ], "mended"


def test_a_card_that_never_was_good_is_shown_as_it_is_written() -> None:
    wrong = "## Two?\n\n![](none.png) {}\n\n"
    first = view(ONE + wrong.format("a"))
    second = view(ONE + wrong.format("b"), first)
    assert shown(second) == [("One?", False), ("Two?", False)]
    assert "b</p>" in second.cards[1].content.back
    mended = view(ONE + TWO, second)
    broken = view(ONE + wrong.format("c"), mended)
    assert shown(broken) == [("One?", False), ("Two?", True)]


def test_a_problem_stands_beside_its_card() -> None:
    found = view(ONE + "## Two?\n\n![](none.png)\n\n" + THREE)
    assert [[each.code for each in card.problems] for card in found.cards] == [
        [],
        ["missing-media"],
        [],
    ]
    row = full_payload(NumberedView(1, found, str))["rows"][1]
    assert (row["problems"][0]["line"], row["problems"][0]["path"]) == (2, "cards.md"), (
        "counted from its card"
    )


def test_a_problem_above_all_cards_stands_by_itself() -> None:
    found = view("---\ndeck: [\n---\n" + ONE)
    assert [each.code for each in found.elsewhere] == ["bad-front-matter"]


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        pytest.param("abc", "abc", "abc", id="nothing"),
        pytest.param("", "ab", "ab", id="the first look"),
        pytest.param("abc", "ac", "ac", id="one gone"),
        pytest.param("ac", "abc", "abc", id="one new"),
        pytest.param("abc", "axc", "abc", id="one in the place of another"),
        pytest.param("abc", "xyc", "abc", id="two in the place of two"),
        pytest.param("abc", "cba", "cba", id="moved"),
        pytest.param("abc", "axyc", "axyc", id="two for one: nobody can tell"),
    ],
)
def test_continuity(before: str, after: str, names: str) -> None:
    old, new = ([NamedNote(each, each, f"{each}?") for each in side] for side in (before, after))
    assert list(continued(old, new).values()) == list(names)


def test_another_title_before_the_first_build_is_the_same_cards() -> None:
    """It is in every guid; what is asked is the same."""
    before = view("# A\n\n" + ONE + TWO + THREE)
    after = view("# B\n\n" + TWO + ONE + THREE, before)
    names = {each.card.question: each.key for each in before.cards}
    assert {each.card.question: each.key for each in after.cards} == names
    assert after.cards[0].card.guid != before.cards[1].card.guid


def test_names_stay_apart_when_a_guid_comes_back() -> None:
    """`b` is named `a` since it took its place; when `a` comes back beside it, it needs another
    name.
    """
    old = [NamedNote("a", "b", "1?"), NamedNote("c", "c", "3?")]
    names = continued(
        old, [NamedNote("", "b", "1?"), NamedNote("", "a", "2?"), NamedNote("", "c", "3?")]
    )
    assert len(set(names.values())) == 3
    assert names["b"] == "a"


def test_a_small_project_needs_no_first_look() -> None:
    assert first_look(project(ONE + TWO)) is None


def test_the_first_look_is_the_top_of_a_large_project() -> None:
    large = project(
        "# Deck\n\n"
        + "".join(f"## Question {number}?\n\nAnswer {number}.\n\n" for number in range(3000))
    )
    first = first_look(large)
    assert first is not None
    few, all_ = compile_deck(first, 1), compile_deck(large, 1)
    assert 10 < len(few.package.notes) < 1000
    assert few.package.notes == all_.package.notes[: len(few.package.notes)]


def test_a_card_of_the_first_look_keeps_its_place_when_all_is_known() -> None:
    """Its question is not the one in the lock, so that it has another guid until it was seen among
    all others.
    """
    text = "# Deck\n\n" + "".join(
        f"## Question {number}?\n\nAnswer {number}.\n\n" for number in range(1000)
    )
    lock = compile_deck(project(text), 1).stamped.lock
    edited = replace(project(text.replace("Question 1?", "Reworded question 1?")), lock=lock)
    first = first_look(edited)
    assert first is not None
    early = make_view(Input(compile_deck(first, 1), ()), View())
    late = make_view(Input(compile_deck(edited, 1), ()), early)
    assert [each.key for each in early.cards] == [
        each.key for each in late.cards[: len(early.cards)]
    ]
    assert early.cards[1].card.guid != late.cards[1].card.guid
    assert late.cards[1].card.guid in {each.guid for each in lock.records}
