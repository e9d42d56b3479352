"""Laws on what is read in a vault, for texts of many marks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ankipress.model import Source
from ankipress.parse.document import read_document
from vault import VAULT

LINES = st.sampled_from(
    [
        *"a::b|- a :: b|\t- c|  - d|- q #card|# h #card|q #card|#card|?|??|START|Basic".split("|"),
        *"Cloze|Back: x|END|STARTI [Basic] a Back: b ENDI|TARGET DECK|FILE TAGS: x".split("|"),
        *"#flashcards/x|==g==|{{cloze g}}|```|~~~|id:: x|  key:: v|^1665131487417".split("|"),
        *"<!--ID: 1-->|<!--SR:!1-->|<!--|-->|%%|$$|---|> a::b||  |text|    code|".split("|"),
        *"[[card]]|:LOGBOOK:|:END:|#flashcards a::b|- [ ] x::y|==1;;a;;b==^[c]|\\".split("|"),
        "| a | b |",
    ]
)
TEXTS = st.lists(LINES, max_size=25).map("\n".join)


@given(TEXTS)
def test_cards_stand_in_the_order_of_the_file_and_in_their_places(text: str) -> None:
    document = read_document(Source("note.md", text), VAULT, {})
    lines = text.split("\n")
    starts = [each.line for each in document.sections]
    assert starts == sorted(starts)
    for section in document.sections:
        assert 0 <= section.line < section.end <= len(lines)
        for offset, below, column in section.breaks:
            assert offset <= len(section.text)
            assert column <= len(lines[section.line + below])


@given(TEXTS)
def test_what_stands_in_code_makes_no_card(text: str) -> None:
    inner = text.replace("```", "").replace("~~~", "")
    document = read_document(Source("note.md", f"````\n{inner}\n````\n"), VAULT, {})
    assert document.sections == ()
