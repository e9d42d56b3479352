"""Whatever is edited in Anki: its card looks like it, or stays as it is, and all else stays."""

from __future__ import annotations

import re
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from anki_edits import FIELD_EDITS
from ankipress.live.comparing.field_merge import merge_field
from ankipress.live.text_edits import with_edits
from ankipress.live.wanted_note import CardEdit, UnwrittenEdit, WantedNote
from judged_edits import is_as_meant
from live.card_edits import EditedDeck

HEAD = "---\ntags: [one]\n---\n# Deck\n\n## Before? {#before}\n\nOne [link].\n\n"
TAIL = "\n\n## After?\n\n```\n## no card\n```\n\n[link]: https://example.org\n"
BLOCKS = [
    "A *paragraph* of words\nin two __lines__, and more.",
    "One sentence. Another one: see [this](https://example.org/a) and [that][link].",
    "* an item\n* another one\n    * below it\n    * below too",
    "1. first\n1. second\n1. third",
    "- loose\n\n- items",
    '```python {hl_lines="1"}\nvalue = 1\nother = 2\n```',
    "~~~\nno language\n~~~",
    "| a  | b   |\n|:---|-----|\n| cell | other cell |\n| third | fourth |",
    "> A quote of\n> two lines.",
    "> [!NOTE]\n> An alert.",
    "So $x^2 + y$ is known.\n\n$$\n\\sum x\n$$",
    "A line that breaks\\\nwith a backslash, and  \nwith spaces.",
    "Some `code` and <kbd>Ctrl</kbd> &amp; an entity, \\*escaped\\*.",
    "A footnote.[^1]\n\n[^1]: Its text.",
    "#### A heading\n\nBelow it.",
    "<div>\n\nIn a block.\n\n</div>",
]  # fmt: skip
HEADINGS = ["What is it", "A *question* of `code`? {.tag}", "Another {#own typed}"]
_DIGEST = re.compile(r"(?<=note-)[0-9a-f]{8}")


@st.composite
def decks(draw: st.DrawFn) -> EditedDeck:
    """A file with a card of some blocks between two others."""
    blocks = draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=4, unique=True))
    heading = draw(st.sampled_from(HEADINGS))
    question = draw(st.sampled_from(["", "More of it.\n\n---\n\n"]))
    hint = draw(st.sampled_from(["", "\n\n### Hint\n\nA hint of words."]))
    answer = "\n\n".join(blocks)
    return EditedDeck(f"{HEAD}## {heading}\n\n{question}{answer}{hint}{TAIL}")


@settings(max_examples=25, deadline=None)
@given(decks(), st.sampled_from(sorted(FIELD_EDITS)), st.integers(0, 2**32))
def test_an_edit_is_written_so_that_its_card_looks_like_it(
    deck: EditedDeck, kind: str, seed: int
) -> None:
    note = deck.compiled().package.notes[1]
    fields = deck.fields(1)
    for name in ("Back", "Front", "Hint"):
        edited = FIELD_EDITS[kind](fields[name], Random(seed))
        if edited is None or edited == fields[name]:
            continue
        merged = merge_field(fields[name], fields[name], edited, in_paragraphs=True).wanted
        if merged is None:
            continue
        edit = deck.edit(WantedNote(note.guid, {name: merged}))
        if isinstance(edit, UnwrittenEdit):
            assert edit.reason
            continue
        _check(deck, edit, name, edited)


def _check(deck: EditedDeck, edit: CardEdit, name: str, edited: str) -> None:
    assert edit.left == ()
    before = deck.fields(1)
    text = with_edits(deck.text, edit.edits)
    assert text.startswith(HEAD)
    assert text.endswith(TAIL)
    after = deck.fields(1, text)
    assert is_as_meant(before[name], edited, after[name])
    for other in before.keys() - {name, "Typed", "Key"}:
        assert _DIGEST.sub("", before[other]) == _DIGEST.sub("", after[other])
    for number in (0, 2):
        assert deck.fields(number, text) == deck.fields(number)
