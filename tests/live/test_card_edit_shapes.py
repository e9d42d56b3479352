"""Cards of all shapes, kinds and note types are edited where they stand."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ankipress.live.text_edits import with_edits
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit, WantedNote
from ankipress.model import LoadedContent
from ankipress.project.settings import Settings
from author import picture
from live.card_edits import EditedDeck, filled, swap
from stages import Files


class Edited(NamedTuple):
    """A file of one shape, what is exchanged in a field of its first card, and in the file."""

    text: str
    field: str
    html: tuple[str, str]
    lines: tuple[str, str]


NUMBERED = """\
1. What is one?

   The *first* number.

   - it is odd
   - it is small

2. What is two?

   The second.
"""
SHAPES = {
    "numbered": Edited(NUMBERED, "Back", ("first", "very first"), ("first", "very first")),
    "numbered, an item": Edited(
        NUMBERED,
        "Back",
        ("<li>it is small</li>", "<li>it is small</li><li>it is mine</li>"),
        ("   - it is small\n", "   - it is small\n   - it is mine\n"),
    ),
    "numbered, a paragraph": Edited(
        NUMBERED,
        "Back",
        ("number.</p>", "number.</p><p>New.</p>"),
        ("number.\n", "number.\n\n   New.\n"),
    ),
    "prefix": Edited(
        "Q: What is one?\nA: The first number.\n\nQ: Two?\nA: 2\n",
        "Front",
        ("one", "1"),
        ("is one", "is 1"),
    ),
    "summary": Edited(
        "<details>\n<summary>What is one?</summary>\n\nThe first number.\n\n</details>\n",
        "Back",
        ("first", "<b>first</b>"),
        ("first", "**first**"),
    ),
    "summary, a paragraph of the question": Edited(
        "<details>\n<summary>What is one?</summary>\n\nThe first number.\n\n</details>\n",
        "Front",
        ("</p>", "</p><ul><li>1</li></ul>"),
        ("What is one?", "<p>What is one?</p><ul><li>1</li></ul>"),
    ),
    "summary, more than its tags may hold": Edited(
        "<details>\n<summary><b>What is one?</b></summary>\n\nIt is 1.\n\n</details>\n",
        "Front",
        ("What", "What<br>number"),
        ("<b>What is one?</b>", "What<br>number is one?"),
    ),
    "bold": Edited(
        "**What is one?**\n\nThe first number.\n\n**Two?**\n\nIt is 2.\n",
        "Back",
        ("first", "1st"),
        ("first", "1st"),
    ),
    "inline": Edited(
        "What is one?::The first\nTwo?::2\n", "Back", ("first", "1st"), ("first", "1st")
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_card_of_each_shape_is_edited_where_it_stands(name: str) -> None:
    case = SHAPES[name]
    shape = name.partition(",")[0]
    deck = EditedDeck(case.text, Settings(name="deck", uid="deck-of-tests", shape=shape))
    edited = deck.edited(deck.wanted({case.field: swap(*case.html)}))
    assert case.text.count(case.lines[0]) == 1
    assert edited == case.text.replace(*case.lines)


ROWS = """\
## What is it? {kind=rows}

| Q | A | Example |
|---|---|---|
| a | one | x y |
| b | two | z |
"""
OPTIONS = "## Which? {kind=choice}\n\n* [ ] one\n* [x] two\n\nTwo is right.\n"
KINDS = {
    "a cell": Edited(ROWS, "Back", ("one", "1 | 2"), ("| one |", "| 1 \\| 2 |")),
    "a first cell": Edited(ROWS, "Front", ("<p>a</p>", "<p>A</p>"), ("| a |", "| A |")),
    "a cell of extra": Edited(ROWS, "Extra", ("x y", "x <b>y</b>"), ("| x y |", "| x **y** |")),
    "a line end in a cell": Edited(ROWS, "Back", ("one", "one<br>1"), ("one", "one<br>1")),
    "two blocks in a cell": Edited(
        ROWS, "Back", ("one</p>", "one</p><div>1 | <b>i</b></div>"),
        ("| one |", "| <p>one</p><p>1 \\| <strong>i</strong></p> |")
    ),
    "a list in a cell": Edited(
        ROWS, "Back", ("one</p>", "one</p><ul><li>1</li></ul>"),
        ("| one |", "| <p>one</p><ul><li>1</li></ul> |")
    ),
    "code in a cell": Edited(
        ROWS, "Back", ("</p>", "</p><pre><code>x\ny</code></pre>"),
        ("| one |", "| <p>one</p><pre><code>x&#10;y</code></pre> |")
    ),
    "two blocks in a first cell": Edited(
        ROWS, "Front", ("<p>a</p>", "<p>a</p><div>A</div>"), ("| a |", "| <p>a</p><p>A</p> |")
    ),
    "an option": Edited(OPTIONS, "Front", ("one", "none"), ("[ ] one", "[ ] none")),
    "an option on the back": Edited(OPTIONS, "Back", (" two<", " 2<"), ("[x] two", "[x] 2")),
    "below the options": Edited(OPTIONS, "Back", ("is right", "it is"), ("is right", "it is")),
    "an option comes in": Edited(
        OPTIONS, "Front", (" one</li>", " one</li><li>new</li>"), ("one\n", "one\n* [ ] new\n")
    ),
    "a deletion by highlights": Edited(
        "## It {kind=cloze}\n\nOne ==two== three.\n", "Text", ("One", "1"), ("One", "1")
    ),
    "a footnote": Edited(
        "## Q?\n\nA.[^1]\n\n[^1]: See this.\n", "Back", ("this", "that"), ("this", "that")),
    "a footnote in between": Edited(
        "## Q?\n\nA.[^x]\n\n[^x]: See this.\n\n* one\n* two\n",
        "Back", ("this", "that"), ("this", "that")
    ),
    "in German": Edited(
        "## Wer? {lang=de}\n\nDer Hund.\n", "Back", ("Hund", "Kater"), ("Hund", "Kater")
    ),
    "behind German": Edited(
        "## Wer? {lang=de}\n\nDer Hund.\n", "Back",
        ("</p></div>", " Ja.</p></div><div>Wau</div>"), ("Hund.\n", "Hund. Ja.\n\nWau\n")
    ),
    "behind a voice": Edited(
        "## Wer? {tts-back=de-DE}\n\nDer Hund.\n", "Back",
        ("[/anki:tts]", "[/anki:tts] Ja."), ("Hund.", "Hund. Ja.")
    ),
    "a name like others": Edited(
        "## Q?\n\nOne one one.\n",
        "Back", ("One one one", "One one new one"), ("one one", "one new one")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_card_of_each_kind_is_edited(name: str) -> None:
    case = KINDS[name]
    deck = EditedDeck(case.text)
    edited = deck.edited(deck.wanted({case.field: swap(*case.html)}))
    assert case.text.count(case.lines[0]) == 1
    assert edited == case.text.replace(*case.lines)


UNWRITTEN = {
    "the heading of a table": (ROWS, "Front", ("What is it", "What was it")),
}


@pytest.mark.parametrize("name", UNWRITTEN)
def test_what_a_row_cannot_hold_is_not_written(name: str) -> None:
    text, field, html = UNWRITTEN[name]
    deck = EditedDeck(text)
    assert isinstance(deck.edit(deck.wanted({field: swap(*html)})), UnwrittenEdit)


def test_what_can_be_written_of_a_note_is_written() -> None:
    deck = EditedDeck("## Q?\n\nA.\n")
    wanted = deck.wanted({"Back": swap("A", "B"), "Front": filled("")})
    edit = deck.edit(wanted)
    assert isinstance(edit, CardEdit)
    assert edit.left == ("its field Front is empty, and a card needs it",)
    assert with_edits(deck.text, edit.edits) == "## Q?\n\nB.\n"
    assert edit.fields["Back"] == "<p>B.</p>"


def test_an_edit_keeps_line_ends_and_a_byte_order_mark() -> None:
    deck = EditedDeck("## Q?\n\n- one\n- two\n")
    edit = deck.edit(deck.wanted({"Back": swap("<li>one</li>", "<li>one</li><li>new</li>")}))
    assert isinstance(edit, CardEdit)
    written = with_edits("\ufeff## Q?\r\n\r\n- one\r\n- two\r\n", edit.edits)
    assert written == "\ufeff## Q?\r\n\r\n- one\r\n- new\r\n- two\r\n"


def test_pictures_keep_their_addresses_and_new_ones_come_from_the_media_folder() -> None:
    text = "## Q?\n\nSee ![a](pictures/a%20b.png) here.\n"
    files = Files({"cards/pictures/a b.png": picture(1)})
    deck = EditedDeck(text, files=files, path="cards/one.md")
    deck.media = {"new one.png": LoadedContent(picture(2))}
    change = swap("here", 'there <img src="new one.png"> and')
    edited = deck.edited(deck.wanted({"Back": change}))
    assert edited == (
        "## Q?\n\nSee ![a](pictures/a%20b.png) there ![](../media/new%20one.png) and.\n"
    )


def test_a_picture_of_another_card_is_named_by_its_file() -> None:
    text = "## Q?\n\nSee.\n\n## R?\n\n![a](pictures/a.png)\n"
    deck = EditedDeck(text, files=Files({"pictures/a.png": picture(1)}))
    [name] = [each.name for each in deck.compiled().package.media]
    edited = deck.edited(deck.wanted({"Back": swap("See.", f'See <img src="{name}">')}))
    assert edited == "## Q?\n\nSee ![](pictures/a.png)\n\n## R?\n\n![a](pictures/a.png)\n"


REQUESTS = [
    ("## Q?", {"Reverse": "1"}, "## Q? {reverse}"),
    ("## Q? {reverse}", {"Reverse": ""}, "## Q?"),
    ("## Q? {.a}", {"Typed": "A"}, '## Q? {.a typed="A"}'),
]


@pytest.mark.parametrize(("heading", "fields", "expected"), REQUESTS)
def test_what_a_card_asks_for_stands_in_braces(
    heading: str, fields: dict[str, str], expected: str
) -> None:
    deck = EditedDeck(f"{heading}\n\nA.\n")
    guid = deck.compiled().package.notes[0].guid
    assert deck.edited(WantedNote(guid, fields)) == f"{expected}\n\nA.\n"


def test_an_unknown_note_is_told() -> None:
    edit = EditedDeck("## Q?\n\nA.\n").edit(WantedNote("other", {"Back": "<p>B.</p>"}))
    assert edit == UnwrittenEdit("other", "no card of the project is this note")
