"""What was edited in Anki comes back into the source of a card, and nothing else changes."""

from __future__ import annotations

import pytest

from ankipress.importing.fields.appearance import looks_same
from ankipress.live.editing.card_editing import CardEditor
from ankipress.live.text_edits import with_edits
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit, WantedNote
from live.card_edits import EditedDeck, filled, swap

HEAD = "# Deck\n\n## Before?\n\nOne.\n\n"
TAIL = "\n\n## After?\n\nTwo.\n"

CASES = {
    "a word": ("## Q?\n\nThe *quick*\nfox __jumps__.", "Back", "fox", "cat",
               "## Q?\n\nThe *quick*\ncat __jumps__."),
    "a word of a heading": ("## What is it? {#it .tag}\n\nThis.", "Front", "is it", "was it",
               "## What was it? {#it .tag}\n\nThis."),
    "words at the end": ("## Q?\n\nOne two.", "Back", "two.", "two. And three.",
               "## Q?\n\nOne two. And three."),
    "bold": ("## Q?\n\nOne two three.", "Back", "two", "<b>two</b>",
               "## Q?\n\nOne **two** three."),
    "bold in the author's style": ("## Q?\n\nOne __two__ three.", "Back", "three", "<b>three</b>",
               "## Q?\n\nOne __two__ __three__."),
    "italic in the author's style": ("## Q?\n\nOne _two_ three.", "Back", "three", "<i>three</i>",
               "## Q?\n\nOne _two_ _three_."),
    "an item": ("## Q?\n\n* one\n* two\n\nEnd.", "Back", "<li>two</li>", "<li>two</li><li>new</li>",
               "## Q?\n\n* one\n* two\n* new\n\nEnd."),
    "an item in between": ("## Q?\n\n+ one\n+ two", "Back", "<li>two", "<li>new</li><li>two",
               "## Q?\n\n+ one\n+ new\n+ two"),
    "an item that is nested": ("## Q?\n\n- one\n    - two\n    - three\n- four", "Back",
               "<li>three</li>", "<li>three</li><li>new</li>",
               "## Q?\n\n- one\n    - two\n    - three\n    - new\n- four"),
    "an item that is moved below": ("## Q?\n\n- one\n    - two\n    - three", "Back",
               "<li>two</li>\n<li>three</li>", "<li>two<ul><li>three</li></ul></li>",
               "## Q?\n\n- one\n    - two\n        - three"),
    "an item that is gone": ("## Q?\n\n- one\n- two\n- three", "Back", "<li>two</li>\n", "",
               "## Q?\n\n- one\n- three"),
    "a numbered item": (
               "## Q?\n\n1) one\n2) two", "Back", "<li>two</li>", "<li>two</li><li>new</li>",
               "## Q?\n\n1) one\n2) two\n3) new"),
    "a line behind a list": ("## Q?\n\n- one\n- two", "Back", "</ul>", "</ul><div>More.</div>",
               "## Q?\n\n- one\n- two\n\nMore."),
    "bare text behind a paragraph": ("## Q?\n\nOne.", "Back", "</p>", "</p>More.",
               "## Q?\n\nOne.\n\nMore."),
    "a paragraph in between": ("## Q?\n\nOne.\n\nTwo.", "Back", "One.</p>", "One.</p><p>New.</p>",
               "## Q?\n\nOne.\n\nNew.\n\nTwo."),
    "a line end": ("## Q?\n\nOne two.", "Back", "One two", "One<br>two",
               "## Q?\n\nOne\\\ntwo."),
    "code": ('## Q?\n\n```python title="x"\na = 1\nb = 2\n```', "Back", "b", "c",
               '## Q?\n\n```python title="x"\na = 1\nc = 2\n```'),
    "mathematics": ("## Q?\n\nSo $x^2$ it is.", "Back", "x^2", "x^3 + 1",
               "## Q?\n\nSo $x^3 + 1$ it is."),
    "displayed mathematics": ("## Q?\n\n$$\nx^2\n$$", "Back", "x^2", "x^3",
               "## Q?\n\n$$\nx^3\n$$"),
    "a cloze": ("## {{c1::One}} and two", "Text", "two", "{{c2::two}}",
               "## {{c1::One}} and {{c2::two}}"),
    "a cloze below": ("## T\n\n{{c1::One}} and\ntwo.", "Text", "two", "{{c2::two::hint}}",
               "## T\n\n{{c1::One}} and\n{{c2::two::hint}}."),
    "a table": ("## Q?\n\n| a   | b |\n|-----|---|\n| one | two |", "Back", "two", "2 | 3",
               "## Q?\n\n| a   | b |\n|-----|---|\n| one | 2 \\| 3 |"),
    "signs that mean something": ("## Q?\n\nOne two.", "Back", "two", "*two* _x_ [a] $5",
               "## Q?\n\nOne \\*two\\* \\_x\\_ [a] $5."),
    "a question of two paragraphs": ("## Q?\n\nA.", "Front", "</p>", "</p><div>More.</div>",
               "## Q?\n\nMore.\n\n---\n\nA."),
    "a question below its heading": ("## Q?\n\nOne.\n\n---\n\nA.", "Front", "One", "Two",
               "## Q?\n\nTwo.\n\n---\n\nA."),
    "a question that is one line again": (
               "## Q?\n\nOne.\n\n---\n\nA.", "Front", "\n<p>One.</p>", "",
               "## Q?\n\nA."),
    "a hint": ("## Q?\n\nA.\n\n### Hint\n\nH.", "Hint", "H", "X",
               "## Q?\n\nA.\n\n### Hint\n\nX."),
    "a hint that is gone": (
               "## Q?\n\nA.\n\n### Hint\n\nH.\n\n### Extra\n\nE.", "Hint", "<p>H.</p>", "",
               "## Q?\n\nA.\n\n### Extra\n\nE."),
    "a link of another place": (
               "## Q?\n\nSee [this] now.\n\n[this]: https://x.org", "Back", "now", "then",
               "## Q?\n\nSee [this] then.\n\n[this]: https://x.org"),
    "a colour": ("## Q?\n\nOne two.", "Back", "two", '<span style="color: red;">two</span>',
               '## Q?\n\nOne <span style="color: red">two</span>.'),
    "a quote": ("## Q?\n\n> One\n> two.", "Back", "two.", "two.<br>three.",
               "## Q?\n\n> One\n> two.\\\n> three."),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_edit_changes_what_it_must(name: str) -> None:
    card, field, old, new, expected = CASES[name]
    deck = EditedDeck(HEAD + card + TAIL)
    edited = deck.edited(deck.wanted({field: swap(old, new)}, 1))
    assert edited == HEAD + expected + TAIL


def test_a_hint_comes_in() -> None:
    deck = EditedDeck(HEAD + "## Q?\n\nA." + TAIL)
    wanted = deck.wanted({"Hint": filled("think")}, 1)
    assert deck.edited(wanted) == HEAD + "## Q?\n\nA.\n\n### Hint\n\nthink" + TAIL


def test_an_answer_cannot_go() -> None:
    deck = EditedDeck(HEAD + "## Q?\n\nA." + TAIL)
    edit = deck.edit(deck.wanted({"Back": filled("")}, 1))
    assert isinstance(edit, UnwrittenEdit)
    assert edit.reason == "its field Back is empty, and a card needs it"


TAGS = [
    ("## Q?", ("a", "b::c"), (), "## Q? {.a .b::c}"),
    ("## Q? {#id}", ("a",), (), "## Q? {#id .a}"),
    ("## Q? {.a .b}", (), ("a",), "## Q? {.b}"),
    ("## Q? {.a}", (), ("a",), "## Q?"),
    ("## Q? {.a typed} ##", ("c",), ("a",), "## Q? {typed .c} ##"),
]


@pytest.mark.parametrize(("heading", "added", "removed", "expected"), TAGS)
def test_tags_stand_in_braces(
    heading: str, added: tuple[str, ...], removed: tuple[str, ...], expected: str
) -> None:
    deck = EditedDeck(HEAD + heading + "\n\nA." + TAIL)
    guid = deck.compiled().package.notes[1].guid
    edited = deck.edited(WantedNote(guid, {}, added, removed))
    assert edited == HEAD + expected + "\n\nA." + TAIL


MANY = """\
## One?

A [link].

## Two?

B.

## Three?

| a | b |
|---|---|
| c | d |

[link]: https://example.org
"""


def test_many_edits_of_a_file_are_as_each_alone() -> None:
    deck = EditedDeck(MANY)
    changes = [
        swap("A ", "An <b>old</b> "),
        swap("B.", "B [link] C."),
        swap("<td>d<", "<td>e<sub>1</sub><"),
    ]
    wanted = [deck.wanted({"Back": each}, number) for number, each in enumerate(changes)]
    unknown = WantedNote("other", {"Back": "<p>B.</p>"})
    editor = CardEditor(deck.project, deck.compiled())
    edits = editor.edits([*wanted[:1], unknown, *wanted[1:]])
    assert edits == [deck.edit(each) for each in (*wanted[:1], unknown, *wanted[1:])]
    written = [each for each in edits if isinstance(each, CardEdit)]
    text = with_edits(deck.text, [edit for each in written for edit in each.edits])
    for number, each in enumerate(wanted):
        assert looks_same(deck.fields(number, text)["Back"], each.fields["Back"])


def test_a_tag_of_the_file_stays_on_each_of_its_cards() -> None:
    deck = EditedDeck("---\ntags: all\n---\n\n## Q? {.own}\n\nA.\n")
    guid = deck.compiled().package.notes[0].guid
    edit = deck.edit(WantedNote(guid, tags_removed=("all",)))
    assert edit == UnwrittenEdit(guid, "its tag all is one of all cards of its file")
    assert "{.own}" not in deck.edited(WantedNote(guid, tags_removed=("own",)))
