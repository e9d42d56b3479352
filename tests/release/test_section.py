"""What a version changed, in the words of learners."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankipress.diff.difference import compare
from ankipress.release.changelog_section import first_section, make_section
from author import picture
from releases import Deck

CARDS = "# Cells\n\n## What is a cell?\n\nA unit.\n\n## What is a wall?\n\nA border.\n"


def section(before: str, after: str, **settings: object) -> str:
    deck, media = Deck(), {"media/a.png": picture(1)}
    old, new = (deck.release(text, media=media, **settings) for text in (before, after))
    return make_section(compare(old, new))


def test_nothing_changed() -> None:
    assert section(CARDS, CARDS) == "The cards are as before.\n"


def test_the_first_version() -> None:
    assert (first_section(1), first_section(12)) == (
        "The first version: 1 card.\n",
        "The first version: 12 cards.\n",
    )


@pytest.mark.parametrize(
    ("after", "line"),
    [
        (CARDS.replace("A unit.", "The smallest unit."), "- What is a cell? (answer)"),
        (
            CARDS.replace("A unit.", "A unit.\n\n### Hint\n\nSmall."),
            "- What is a cell? (hint, extra or source)",
        ),
        (
            CARDS.replace("A unit.", "A unit. ![a](media/a.png)"),
            "- What is a cell? (picture or sound)",
        ),
        (
            CARDS.replace("a cell?", "a *living* cell?"),
            "- What is a living cell? (was: What is a cell?)",
        ),
        (
            CARDS.replace("a cell?", "a living cell?").replace("A unit.", "A unit of life."),
            "- What is a living cell? (was: What is a cell?; answer)",
        ),
    ],
)
def test_how_a_card_changed(after: str, line: str) -> None:
    text = section(CARDS, after)
    assert text.startswith("1 updated, reviews kept.\n\n**Updated cards**\n\n- ")
    assert line in text.splitlines()


def test_what_looks_different_is_only_counted() -> None:
    assert section(CARDS, CARDS.replace("A unit.", "A **unit**.")) == (
        "1 updated, reviews kept.\n\n1 card looks different, and says the same.\n"
    )


def test_a_card_that_begins_anew_as_another_kind() -> None:
    text = section(
        CARDS, CARDS.replace("What is a cell?\n\nA unit.", "What is a cell?\n\nA {{c1::unit}}.")
    )
    assert text.startswith("1 new; 1 retired.\n\n**Cards that begin anew**\n\n- What is a cell?")
    assert "(was basic, is cloze; the old card stays: find it by `Key:" in text


STAY = "Cards that you have stay where they are until you move them."


def test_a_deck_with_another_name() -> None:
    text = section(CARDS, CARDS.replace("# Cells", "# Cell biology"))
    assert text == f"The cards are as before.\n\nThe deck Cells is now Cell biology. {STAY}\n"


def test_a_new_deck_and_a_card_that_moved_there() -> None:
    deck, wall = Deck(), "## What is a wall?\n\nA border.\n"
    old = deck.release(CARDS)
    new = deck.release(CARDS.replace(wall, ""), f"# Other\n\n{wall}\n## What else?\n\nX\n")
    text = make_section(compare(old, new))
    assert (
        text == f"1 new.\n\n**New cards**\n\n- What else?\n\nNew decks: Other.\n\n"
        f"1 card moved to another deck. {STAY}\n"
    )


def test_a_tombstone_is_a_card_that_is_retired_and_not_one_that_is_updated() -> None:
    old = Deck().release(CARDS)
    cell, wall = old.notes
    tombstone = replace(wall, ords=(), mod=wall.mod + 1, fields=("Gone.", *wall.fields[1:]))
    text = make_section(compare(old, replace(old, notes=(cell, tombstone))))
    assert text.startswith("1 retired.\n\n**Retired cards**\n\n- What is a wall?\n")
    assert f"`Key:{wall.guid}`" in text


def test_no_text_of_a_card_is_markdown_or_calls_anybody() -> None:
    text = section(
        CARDS, CARDS + "\n## What does `<b>*x*</b>` do, @octocat? [a](http://x.y)\n\n#1\n"
    )
    assert "- What does \\<b\\>\\*x\\*\\</b\\> do, &#64;&#8203;octocat? a" in text


def test_the_braces_of_a_cloze_are_not_shown() -> None:
    text = section(CARDS, CARDS + "\n## Gap\n\nA {{c1::unit::hint}} and {{c2::more}}.\n")
    assert "- Gap A unit and more." in text


def test_many_cards_are_counted() -> None:
    text = section(CARDS, CARDS + "".join(f"\n## Number {number}?\n\nX\n" for number in range(60)))
    assert text.startswith("60 new.\n")
    assert text.count("\n- ") == 51
    assert text.endswith("- … and 10 more\n")


def test_many_retired_cards_are_left_to_the_release_notes() -> None:
    text = section(CARDS + "".join(f"\n## Number {number}?\n\nX\n" for number in range(30)), CARDS)
    assert "Key:" not in text
    assert text.endswith(
        "Anki keeps them until you delete them. The release notes say how to find them.\n"
    )
