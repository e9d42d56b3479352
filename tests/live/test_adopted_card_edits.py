"""Cards of note types that came from Anki are edited in the mode of each field."""

from __future__ import annotations

import pytest

from ankipress.importing.imported_deck import ImportedField, ImportedTemplate, ImportedType
from ankipress.importing.note_type_files import note_type_files
from ankipress.live.wanted_note import UnwrittenEdit
from ankipress.model import TextMode
from live.card_edits import EditedDeck, filled, swap

WORD = ImportedType(
    1_234_567_890_123,
    "Word",
    1_600_000_000,
    False,
    (ImportedField("Front"), ImportedField("Back"), ImportedField("Notes")),
    (ImportedTemplate("Card 1", "{{Front}}", "{{Back}} {{Notes}}"),),
    "",
)
FILES = note_type_files(WORD, "Word", [TextMode.LINES] * 3)
HEAD = "---\nkind: Word\n---\n\n## Before\n\nOne\n\n"
TAIL = "\n\n## After\n\nTwo\n"
CASES = {
    "a word of the heading": ("## One two\n\nA", "Front", swap("two", "2"), "## One 2\n\nA"),
    "a line": ("## Q\n\nA\nB", "Back", swap("A<br>B", "A<br>C<br>B"), "## Q\n\nA\nC\nB"),
    "a field comes in": ("## Q\n\nA", "Notes", filled("N"), "## Q\n\nA\n\n### Notes\n\nN"),
    "a field goes": ("## Q\n\nA\n\n### Notes\n\nN", "Notes", filled(""), "## Q\n\nA"),
    "an answer comes in": ("## Q", "Back", filled("A <b>b</b>"), "## Q\n\nA **b**"),
    "an answer goes": ("## Q\n\nA", "Back", filled(""), "## Q"),
    "a first field goes": ("## Q\n\nA", "Front", filled(""), "## Q\n\nA\n\n### Front"),
    "HTML that no Markdown has": (
        "## Q\n\nA",
        "Back",
        filled("A<p>B</p>"),
        "## Q\n\n```{=html}\nA<p>B</p>\n```",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_field_is_edited_in_its_mode(name: str) -> None:
    card, field, change, expected = CASES[name]
    deck = EditedDeck(HEAD + card + TAIL, note_types=FILES)
    edited = deck.edited(deck.wanted({field: change}, 1))
    assert edited == HEAD + expected + TAIL


def test_html_that_could_harm_is_not_written() -> None:
    deck = EditedDeck(HEAD + "## Q\n\nA" + TAIL, note_types=FILES)
    html = 'A<p>B</p><form action="x">c</form>'
    wanted = deck.wanted({"Back": filled(html)}, 1)
    assert isinstance(deck.edit(wanted), UnwrittenEdit)
