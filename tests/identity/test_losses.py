"""Kinds of edits that lost cards, or gave one card's reviews to another, once: what becomes of them
by the parser, the matcher and the lock.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from identity_classes import CODE_TWINS, MINIMAL_PAIRS, TRIFLES, class_scenes
from identity_families import twenty_releases
from identity_scenes import Card, Scene, replay

SCENES = {scene.name: scene for scene in class_scenes()}
# What may become of a card that is no longer the one that it stood for, and of one that still is.
ANOTHER = {"new", "new, asked"}
UNCLEAR = {"asked"}

COMPANY: Sequence[tuple[str, str]] = (
    ("What does casa mean?", "house"),
    ("What does gato mean?", "cat"),
    ("What does perro mean?", "dog"),
    ("What does libro mean?", "book"),
)


def cards(*middle: tuple[object, str, str]) -> list[Card]:
    """Some cards between others that stay."""
    around = [Card(question, question, answer) for question, answer in COMPANY]
    return [*around[:2], *(Card(*each) for each in middle), *around[2:]]


@pytest.mark.parametrize("name", SCENES)
def test_no_kind_of_edit_loses_a_card_or_gives_it_another_identity(name: str) -> None:
    verdicts = replay(SCENES[name])
    assert set(verdicts.counts) <= {"kept", *ANOTHER, *UNCLEAR}, "".join(verdicts.faults)


@pytest.mark.parametrize(
    "name", [name for name in SCENES if name not in {"obvious", "clarified, with another answer"}]
)
def test_nothing_that_is_plain_is_asked(name: str) -> None:
    verdicts = replay(SCENES[name])
    assert not verdicts.counts["asked"], "".join(verdicts.faults)


@pytest.mark.parametrize(("before", "after"), TRIFLES)
def test_spelling_makes_no_other_card(before: str, after: str) -> None:
    """Neither way round, and with an answer of one word."""
    for first, second in ((before, after), (after, before)):
        scene = Scene("", (cards((1, first, "ja")), cards((1, second, "ja"))))
        assert replay(scene).counts == {"kept": 5}


@pytest.mark.parametrize(("before", "after"), CODE_TWINS)
def test_a_mark_of_code_makes_another_card(before: str, after: str) -> None:
    scene = Scene("", (cards((1, before, "red roof")), cards((2, after, "old sea"))))
    assert set(replay(scene).counts) <= {"kept", *ANOTHER}


@pytest.mark.parametrize(("before", "after"), CODE_TWINS)
def test_a_mark_of_code_that_is_mended_keeps_the_card(before: str, after: str) -> None:
    answer = "It gives every element of the list but for the first, as a new list."
    scene = Scene("", (cards((1, before, answer)), cards((1, after, answer))))
    assert replay(scene).counts == {"kept": 5}


@pytest.mark.parametrize(("question", "answer", "twin", "other"), MINIMAL_PAIRS)
def test_a_letter_makes_another_card_with_another_answer(
    question: str, answer: str, twin: str, other: str
) -> None:
    scene = Scene("", (cards((1, question, answer)), cards((2, twin, other))))
    assert set(replay(scene).counts) <= {"kept", *ANOTHER}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Meaning of negaer", "to deny"),
        ("What does negaer really mean?", "to deny firmly"),
        ("negaer", "deny"),
        ("Translate negaer", "to deny"),
        ("What does negaer mean in English?", "to say no"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_twin_that_goes_is_never_the_likelier_one(question: str, answer: str, order: int) -> None:
    twins = [
        ("e", "What does negaer mean?", "to deny"),
        ("a", "What does negaar mean?", "to snore"),
    ]
    scene = Scene("", (cards(*twins[::order]), cards(("e", question, answer))))
    verdicts = replay(scene)
    assert set(verdicts.counts) <= {"kept", "asked"}
    assert not any("found" in fault for fault in verdicts.faults)


@pytest.mark.growth
def test_twenty_releases_of_near_twins_lose_nothing() -> None:
    """The aims of docs/decisions/007-matching.md."""
    counts = replay(twenty_releases()).counts
    kept = counts["kept"] + counts["asked"] + counts["lost"]
    assert counts["wrong"] == 0
    assert counts["lost"] <= 0.002 * kept
    assert counts["asked"] + counts["new, asked"] <= 0.003 * kept
    assert counts["taken over"] <= 2
