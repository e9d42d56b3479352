"""Cards of vaults, and files that are a card each, are edited where they stand."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ankipress.live.wanted_note import UnwrittenEdit
from ankipress.project.settings import Settings
from live.card_edits import EditedDeck, filled, swap


class Edited(NamedTuple):
    """What is exchanged in a field of a card, and what that exchanges in its file."""

    number: int
    field: str
    html: tuple[str, str]
    lines: tuple[str, str]


VAULT = """\
---
tags: flashcards
---

Who crossed the Rubicon?::Caesar ^rubicon
dog:::chien
<!--SR:!2024-01-01,3,250-->

What did he say
on that day?
?
*Alea iacta est*

It was ==49==^[a year] BC.

## Which river was it? #card

A small one, north of Rimini.

START
Basic (and reversed card)
The conqueror of Gaul
Back: Julius
Tags: rome
END

- When did he die? #card
  id:: 66c2b37c-4e6f-47dc-a816-6830524773f1
\t- On that March day.
- Who did it? #card
\t- Brutus.
\t\t- and others

STARTI [Basic] Which sea? Back: The Adria ENDI
"""
TWO = "</p><ul><li>1</li></ul>"
IN_VAULT = {
    "before colons": Edited(0, "Front", ("Who", "Which one"), ("Who c", "Which one c")),
    "behind colons": Edited(0, "Back", ("Caesar", "<b>He</b>"), ("Caesar", "**He**")),
    "a line end behind colons": Edited(
        0, "Back", ("</p>", "<br>it was</p>"), ("Caesar", "Caesar<br>it was")
    ),
    "a list behind colons": Edited(
        1, "Back", ("</p>", TWO), ("chien", "<p>chien</p><ul><li>1</li></ul>")
    ),
    "above a question mark": Edited(
        2, "Front", ("day", "very day"), ("n that day?", "n that very day?")
    ),
    "below a question mark": Edited(
        2, "Back", ("</p>", "<br>it was</p>"), ("est*", "est*\\\nit was")
    ),
    "a list below a question mark": Edited(
        2, "Back", ("</p>", TWO),
        ("*Alea iacta est*", "<p><em>Alea iacta est</em></p><ul><li>1</li></ul>"),
    ),
    "beside a gap": Edited(3, "Text", ("It was", "It is"), ("It was", "It is")),
    "a heading": Edited(4, "Front", ("river", "stream"), ("river was", "stream was")),
    "below a heading": Edited(
        4, "Back", ("</p>", TWO), ("of Rimini.\n", "of Rimini.\n\n- 1\n")
    ),
    "a started note": Edited(5, "Front", ("conqueror", "victor"), ("conqueror", "victor")),
    "the back of a started note": Edited(5, "Back", ("Julius", "He"), ("Back: Julius", "Back: He")),
    "a block of Logseq": Edited(6, "Front", ("he die", "it end"), ("he die", "it end")),
    "a block below a block": Edited(6, "Back", ("On", "In"), ("On that", "In that")),
    "a block in a block below": Edited(
        7, "Back", ("<li>and others</li>", "<li>and others</li><li>all</li>"),
        ("\t\t- and others\n", "\t\t- and others\n\t\t- all\n"),
    ),
    "a note on one line": Edited(
        8, "Back", ("</p>", "<br>it is</p>"), ("Adria ", "Adria<br>it is ")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_VAULT)
def test_a_card_of_a_vault_is_edited_where_it_stands(name: str) -> None:
    case = IN_VAULT[name]
    settings = Settings(name="deck", uid="deck-of-tests", shape="inline", dialect="obsidian")
    deck = EditedDeck(VAULT, settings)
    edited = deck.edited(deck.wanted({case.field: swap(*case.html)}, case.number))
    assert VAULT.count(case.lines[0]) == 1
    assert edited == VAULT.replace(*case.lines)


HEADED = "# Why is it blue?\n\nAir scatters\nblue light.\n\n## And then?\n\nIt is late.\n"
SIDES = "# Front\n\nWhy is it?\n\n# Back\n\nAir scatters.\n"
KEYS = "---\nquestion: Why is it?\nanswer: Air scatters.\n---\n"
RULE = "Why is it?\n\n---\n\nAir scatters.\n"
TITLE = "---\ntitle: Why is it\n---\n\nAir scatters.\n"
ASKED = "Why is it?\n\nAir scatters.\n"
LATER = ("scatters.", "does <i>it</i>."), ("scatters.", "does *it*.")
FILES = {
    "a heading": (HEADED, "Front", ("blue", "red"), ("it blue", "it red")),
    "an answer": (HEADED, "Back", ("late", "dark"), ("late", "dark")),
    "a question with a heading": (SIDES, "Front", ("is it", "was it"), ("is it", "was it")),
    "a paragraph of a question": (SIDES, "Front", ("</p>", TWO), ("it?\n", "it?\n\n- 1\n")),
    "an answer with a heading": (SIDES, "Back", *LATER),
    "a question in front matter": (KEYS, "Front", ("is it", "was it"), ("is it", "was it")),
    "an answer in front matter": (KEYS, "Back", *LATER),
    "above a rule": (RULE, "Front", ("is it", "was it"), ("is it", "was it")),
    "below a rule": (RULE, "Back", *LATER),
    "a title": (TITLE, "Front", ("is it", "was it"), ("is it", "was it")),
    "below a title": (TITLE, "Back", *LATER),
    "a first paragraph": (ASKED, "Front", ("is it", "was it"), ("is it", "was it")),
    "a second block of it": (ASKED, "Front", ("</p>", TWO), ("it?\n", "it?\n\n- 1\n\n---\n")),
    "below a first paragraph": (ASKED, "Back", *LATER),
    "a file without a question": ("Air scatters.\n", "Back", *LATER),
}


def file_deck(text: str) -> EditedDeck:
    """A file that is a card."""
    settings = Settings(name="deck", uid="deck-of-tests", shape="file")
    return EditedDeck(text, settings, path="why.md")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_a_card_is_edited_where_its_sides_stand(name: str) -> None:
    text, field, html, lines = FILES[name]
    deck = file_deck(text)
    assert text.count(lines[0]) == 1
    assert deck.edited(deck.wanted({field: swap(*html)})) == text.replace(*lines)


def test_the_name_of_a_file_is_not_edited() -> None:
    deck = file_deck("Air scatters.\n")
    edit = deck.edit(deck.wanted({"Front": filled("<p>Why not?</p>")}))
    assert isinstance(edit, UnwrittenEdit)
    assert edit.reason == "its question is the name of its file"


CHOICE = """\
1. Which is right?
    - A. one
    - B. two

    Answer: B

2. Which is wrong?
    - A. three
    - B. four

    Answer: A
"""
CHOICES = {
    "a second paragraph of the question": (
        ("is right?</p>", "is</p><p>right?</p>"),
        ("Which is right?\n", "Which is\n\n    right?\n\n"),
    ),
    "below the options": (("</ul>", "</ul><p>Say.</p>"), ("two\n", "two\n\n    Say.\n\n    ---\n")),
}


@pytest.mark.parametrize("name", CHOICES)
def test_the_question_of_a_choice_gets_more_text(name: str) -> None:
    html, lines = CHOICES[name]
    settings = Settings(name="deck", uid="deck-of-tests", shape="numbered", kind="choice")
    deck = EditedDeck(CHOICE, settings)
    assert deck.edited(deck.wanted({"Front": swap(*html)})) == CHOICE.replace(*lines)
